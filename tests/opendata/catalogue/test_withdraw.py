"""Withdrawing versions: tombstone, log, what the public sees afterwards; and what the database refuses."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from opendata.catalogue.actions.withdrawing import withdraw_version
from opendata.catalogue.models import LogEntry, Version
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from opendata.inventory.choices import State
from tests.opendata import making

pytestmark = pytest.mark.django_db
REASON = {"because_ar": "خطأ في المصدر", "because_en": "The source was wrong"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_newest_one_standing_takes_its_place():
    first = making.published()
    dataset = first.dataset
    second = making.published(dataset, making.CSV + "2025,Muscat,1\n")
    making.withdrawn(second)
    dataset.refresh_from_db()
    assert dataset.latest == first
    assert dataset.asset.state == State.PUBLISHED
    third = making.published(dataset, making.CSV + "2025,Muscat,2\n")
    assert (third.sequence, third.number, third.change.previous) == (3, "1.2.0", first)
    assert json.loads(third.manifest)["previous"] == second.manifest_sha256
    assert not list(findings())


def test_with_the_last_one_the_asset_is_assessed_again():
    version = making.withdrawn(making.published())
    version.dataset.refresh_from_db()
    version.dataset.asset.refresh_from_db()
    assert version.dataset.latest is None
    assert version.dataset.asset.state == State.ASSESSED
    assert [json.loads(one.entry)["kind"] for one in LogEntry.objects.filter(version=version)] == [
        "published",
        "withdrawn",
    ]
    assert all(store().has(file.sha256) for file in version.files.all())
    assert making.published(version.dataset).number == "2.0.0"


def test_it_is_withdrawn_once():
    version = making.published()
    by = making.house_of(version.dataset).approver
    assert withdraw_version(version=version, by=by, **REASON)
    assert not withdraw_version(version=version, by=by, **REASON)
    assert LogEntry.objects.filter(version=version).count() == 2


def test_the_page_asks_twice_and_wants_both_languages():
    version = making.published()
    house = making.house_of(version.dataset)
    url = reverse("admin:catalogue_version_withdraw", args=[version.pk])
    assert signed_in(house.publisher).get(url).status_code == 403
    client = signed_in(house.approver)
    assert client.post(url, {"because_ar": "خطأ"}).status_code == 422
    asked = client.post(url, REASON)
    assert asked.status_code == 200
    assert "Withdraw it for ever?" in asked.content.decode()
    assert not Version.objects.get(pk=version.pk).is_withdrawn
    assert client.post(url, {**REASON, "confirmed": "yes"}).status_code == 302
    version.refresh_from_db()
    assert version.withdrawn_because_en == REASON["because_en"]
    assert "was withdrawn already" in client.get(url, follow=True).content.decode()
    assert "Withdrawn" in client.get(reverse("admin:catalogue_version_change", args=[version.pk])).content.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_version SET rows = 1",
        "DELETE FROM catalogue_version",
        "UPDATE catalogue_versionfile SET name = 'x'",
        "DELETE FROM catalogue_logentry",
        "UPDATE catalogue_logentry SET entry = '{}'",
    ],
)
def test_the_database_keeps_what_was_published(statement):
    making.published()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
