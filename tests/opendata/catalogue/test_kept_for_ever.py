"""Addresses, titles, signatures and the trail of a publication: what has to hold long after it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from opendata.catalogue import feeds, retention, storage
from opendata.catalogue.addresses import RESERVED, validate_address
from opendata.catalogue.models import Dataset, LogEntry, Release
from opendata.catalogue.pipeline import building
from opendata.catalogue.verifying import findings
from opendata.inventory.models import Asset
from opendata.trust.keys import KeyRing
from portal import agenda
from portal.mail.models import OutgoingMail
from tests.opendata import making
from tests.opendata.catalogue.test_admin_datasets import TEXTS, signed_in

pytestmark = pytest.mark.django_db


# Addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [*RESERVED, "Upper", "under_score", "a", "-a", "ب", "x" * 81])
def test_an_address_nobody_could_open_is_refused(slug):
    with pytest.raises(ValidationError):
        validate_address(slug)
    house = making.make_house()
    data = {**TEXTS, "asset": making.make_asset(house).pk, "slug": slug}
    answer = signed_in(house.publisher).post(reverse("admin:catalogue_dataset_add"), data)
    assert "slug" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("slug", ["verify", "Upper", "under_score"])
def test_the_database_refuses_it_too(slug):
    with pytest.raises(IntegrityError, match="dataset_address_fits"), transaction.atomic():
        making.make_dataset(slug=slug)


def test_what_somebody_quicker_made_impossible_is_said_and_nothing_typed_is_lost(monkeypatch):
    from opendata.catalogue import admin
    from opendata.catalogue.actions.datasets import enter_dataset

    house = making.make_house()
    asset = making.make_asset(house)

    def second(**fields):
        making.make_dataset(house, asset, "quicker")
        return enter_dataset(**fields)

    monkeypatch.setattr(admin, "enter_dataset", second)
    data = {**TEXTS, "title_en": "Typed with care", "asset": asset.pk, "slug": "population"}
    answer = signed_in(house.publisher).post(reverse("admin:catalogue_dataset_add"), data)
    assert answer.status_code == 200
    assert "has a dataset already" in answer.content.decode()
    assert "Typed with care" in answer.content.decode()


# What the database keeps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_release SET cleared_because = 'Rewritten'",
        "UPDATE catalogue_release SET stage = 'abandoned'",
        "UPDATE catalogue_dataset SET slug = 'elsewhere'",
        "UPDATE catalogue_dataset SET uuid = gen_random_uuid()",
    ],
)
def test_who_published_and_where_stays(statement):
    making.published()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            cursor.execute(statement)


def test_the_uploader_cannot_clear_personal_data_in_the_database_either():
    release = making.read(making.make_release())
    with pytest.raises(IntegrityError, match="release_cleared_by_another"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(cleared_by=release.uploaded_by)


# Titles ------------------------------------------------------------------------------------------------------


def test_a_title_that_was_hidden_since_is_on_no_tombstone(client):
    version = making.withdrawn(making.published(making.make_dataset(slug="plain", title_en="Secret place")))
    asset = Asset.objects.filter(pk=version.dataset.asset_id)
    asset.update(
        access="closed", hidden_ground="security", reason="law", legal_basis_ar="مرسوم", legal_basis_en="Decree",
        decided_by_role_ar="مدير", decided_by_role_en="Director", decided_on="2026-01-01", review_on="2030-01-01",
    )  # fmt: skip
    for path in ("/en/data/plain/", "/en/data/plain/v/1/"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Secret place" not in answer.content.decode()
    with translation.override("en"):
        assert not [entry for entry in feeds.entries(10) if "Secret place" in entry.title]


def test_open_data_is_on_the_map_of_participation():
    assert "data" in [tool.key for tool in agenda.tools()]


# Keys --------------------------------------------------------------------------------------------------------


def test_whoever_only_verifies_needs_no_private_key_and_makes_none(client):
    folder = storage.root().parent / "keys" / "signing"
    before = set(folder.glob("*")) if folder.exists() else set()
    assert client.get("/.well-known/jwks.json").status_code == 200
    assert (set(folder.glob("*")) if folder.exists() else set()) == before
    version = making.published()
    private = folder / f"{version.key_id}.pem"
    kept = private.read_bytes()
    private.unlink()
    try:
        named = [key["kid"] for key in json.loads(client.get("/.well-known/jwks.json").content)["keys"]]
        assert version.key_id in named
        assert "Verified" in client.get(f"/en/data/{version.dataset.slug}/").content.decode()
        assert not list(findings())
    finally:
        private.write_bytes(kept)
        private.chmod(0o600)


def test_a_version_is_signed_with_a_key_valid_at_its_moment_though_keys_change_meanwhile(monkeypatch):
    rings: list[KeyRing] = []

    def ring() -> KeyRing:
        rings.append(storage.ring())
        if len(rings) == 1:  # another process, after we have read the ring
            storage.ring().rotate(now=timezone.now() - timedelta(seconds=5))
        return rings[-1]

    monkeypatch.setattr(building, "ring", ring)
    version = making.published()
    assert version.key_id == storage.ring().active
    assert not list(findings())


# Uploads nobody goes on with ---------------------------------------------------------------------------------


def test_whoever_uploaded_is_told_once_before_it_is_given_up():
    release = making.read(making.make_release())
    at = release.updated_at
    assert retention.warn(at + timedelta(retention.UNTOUCHED_DAYS - 8)) == 0
    almost = at + timedelta(retention.UNTOUCHED_DAYS - 6)
    assert (retention.warn(almost), retention.warn(almost)) == (1, 0)
    assert OutgoingMail.objects.filter(template="catalogue/ending").count() == 1


# The log -----------------------------------------------------------------------------------------------------


def test_the_log_names_a_key_once_also_where_two_publish_at_once():
    making.published()
    making.published()
    assert LogEntry.objects.filter(entry__contains='"kind":"key_added"').count() == len(storage.public_keys())


def test_a_difference_of_a_version_that_was_withdrawn_is_not_offered(client):
    dataset = Dataset.objects.get(pk=making.published().dataset_id)
    second = making.published(dataset, making.CSV + "2025,Muscat,1\n")
    link = f"/en/data/{dataset.slug}/v/2/changes/"
    assert link in client.get(f"/en/data/{dataset.slug}/").content.decode()
    making.withdrawn(dataset.versions.get(sequence=1))
    for path in (f"/en/data/{dataset.slug}/", second.get_absolute_url()):
        assert link not in Client().get(path).content.decode()
