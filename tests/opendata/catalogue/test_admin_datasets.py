"""Datasets in the staff site: entered for an open asset, mended by two at once without loss."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opendata.catalogue import desk
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.datasets import edit_dataset, enter_dataset
from opendata.catalogue.models import Dataset
from opendata.catalogue.retention import forget, uploads_due
from opendata.inventory.choices import State
from portal.audit.models import AuditEvent
from tests.opendata import making

pytestmark = pytest.mark.django_db

LONG = "What it holds, where it comes from and what to mind when it is used."
TEXTS = {
    "title_ar": "السكان", "title_en": "Population",
    "description_ar": "ما تتضمنه المجموعة ومن أين تأتي وما ينبغي الانتباه إليه فيها",
    "description_en": LONG, "keywords_ar": "", "keywords_en": "people, census", "methods_ar": "", "methods_en": "",
    "licence": "CC-BY-4.0", "covers_from": "1/1/2023", "covers_until": "٣١/١٢/٢٠٢٤", "governorates": ["muscat"],
}  # fmt: skip


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_dataset_is_entered_for_an_open_asset():
    house = making.make_house()
    asset = making.make_asset(house)
    client = signed_in(house.publisher)
    url = reverse("admin:catalogue_dataset_add")
    assert asset.title_en in client.get(url).content.decode()
    answer = client.post(url, {**TEXTS, "asset": asset.pk, "slug": "population"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    dataset = Dataset.objects.get(slug="population")
    assert (dataset.asset, dataset.covers_until.isoformat()) == (asset, "2024-12-31")
    assert dataset.governorates == ["muscat"]
    assert AuditEvent.objects.about(dataset).filter(verb="dataset.entered").exists()
    assert asset.title_en not in client.get(url).content.decode()


@pytest.mark.parametrize("fields", [{"state": State.INVENTORIED, "assessed_at": None}])
def test_an_asset_not_assessed_has_no_dataset(fields):
    house = making.make_house()
    asset = making.make_asset(house, **fields)
    with pytest.raises(Refused):
        enter_dataset(asset=asset, slug="x", by=house.publisher, title_ar="ا", title_en="a")
    form = signed_in(house.publisher).get(reverse("admin:catalogue_dataset_add")).content.decode()
    assert asset.title_en not in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"description_en": "Short"}, "at least 50 letters"),
        ({"title_ar": ""}, "required"),
        ({"covers_until": "1/1/2020"}, "before the first one"),
    ],
)
def test_what_is_wrong_is_said(changes, words):
    house = making.make_house()
    asset = making.make_asset(house)
    data = {**TEXTS, **changes, "asset": asset.pk, "slug": "population"}
    answer = signed_in(house.publisher).post(reverse("admin:catalogue_dataset_add"), data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Dataset.objects.exists()


def test_mending_texts_moves_the_date_and_is_noted():
    dataset = making.make_dataset()
    house = making.house_of(dataset)
    before = dataset.modified_at
    edit_dataset(dataset=dataset, by=house.publisher, revision=dataset.revision, title_en="Better")
    assert dataset.modified_at > before
    assert AuditEvent.objects.about(dataset).get(verb="dataset.edited").data["fields"] == ["title_en"]
    assert not edit_dataset(dataset=dataset, by=house.publisher, revision=dataset.revision, title_en="Better")


def test_the_second_of_two_editors_is_told_and_loses_nothing():
    dataset = making.make_dataset()
    house = making.house_of(dataset)
    url = reverse("admin:catalogue_dataset_change", args=[dataset.pk])
    seen = dataset.revision
    first = {**TEXTS, "title_en": "By the first", "seen_revision": seen}
    assert signed_in(house.approver).post(url, first).status_code == 302
    second = {**TEXTS, "title_en": "By the second", "seen_revision": seen}
    answer = signed_in(house.publisher).post(url, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "By the first" in text
    assert "By the second" in text
    dataset.refresh_from_db()
    assert dataset.title_en == "By the first"
    again = {**second, "seen_revision": dataset.revision}
    assert signed_in(house.publisher).post(url, again).status_code == 302
    dataset.refresh_from_db()
    assert dataset.title_en == "By the second"


def test_the_address_never_changes():
    dataset = making.make_dataset(slug="kept")
    url = reverse("admin:catalogue_dataset_change", args=[dataset.pk])
    client = signed_in(making.house_of(dataset).publisher)
    client.post(url, {**TEXTS, "slug": "other", "seen_revision": dataset.revision})
    dataset.refresh_from_db()
    assert (dataset.slug, dataset.title_en) == ("kept", "Population")


def test_the_database_refuses_a_dataset_in_one_language():
    house = making.make_house()
    with pytest.raises(IntegrityError), transaction.atomic():
        making.make_dataset(house, title_ar="")


def test_late_is_what_its_own_frequency_says():
    version = making.published()
    rows = Dataset.objects.all()
    assert not desk.late(rows, version.published_at + timedelta(days=399)).exists()
    assert desk.late(rows, version.published_at + timedelta(days=401)).exists()


def test_an_upload_given_up_is_forgotten_after_a_while():
    from opendata.catalogue.actions.deciding import give_up
    from opendata.catalogue.pipeline.tidying import used

    release = making.read(making.make_release())
    give_up(release=release, by=making.house_of(release.dataset).publisher)
    assert release.file_sha256 in used()
    at = timezone.now()
    assert not uploads_due(at).exists()
    due = uploads_due(at + timedelta(days=91))
    assert forget(due) == 1
    hashed = release.file_sha256
    release.refresh_from_db()
    assert (release.report, release.file_name) == (None, "")
    assert hashed not in used()
    assert not uploads_due(at + timedelta(days=91)).exists()
