"""The publisher may leave the original file out of the version: it is nowhere then, and the page says why."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from opendata.catalogue.actions import reviewing
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.models import Release, Version
from opendata.catalogue.pipeline import working
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from portal.audit.models import AuditEvent
from tests.opendata import making

pytestmark = pytest.mark.django_db

SEMICOLONS = making.CSV.replace(",", ";")
REASONS = {"because_ar": "فيه أوراق أخرى", "because_en": "It has other sheets"}
PLACES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "owner": "Salim", "properties": {"name": f"Place {n}", "beds": n},
         "geometry": {"type": "Point", "coordinates": [58.0 + n / 10, 23.5]}}
        for n in range(5)
    ],
}  # fmt: skip


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def leave_out(release: Release) -> None:
    by = making.house_of(release.dataset).publisher
    reviewing.decide_original(release=release, by=by, revision=release.revision, leave_out=True, **REASONS)


def published_without(data=SEMICOLONS, name="people.csv") -> Version:
    release = making.reviewed(making.make_release(data=data, name=name))
    leave_out(release)
    making.approved(release)
    working.work_on(release.pk)
    return Version.objects.get(release=release)


@pytest.mark.parametrize(("data", "name"), [(SEMICOLONS, "people.csv"), (json.dumps(PLACES), "places.geojson")])
def test_it_is_in_no_list_and_not_served(client, data, name):
    version = published_without(data, name)
    formats = {file.format for file in version.files.all()}
    assert formats == {"csv", "xlsx", "json", "xml", "parquet", "datapackage"}
    package = version.files.get(format="datapackage")
    described = store().path(package.sha256).read_text()
    for text in (version.manifest, described, client.get(f"/files/{version.dataset.slug}/1/manifest.json").content):
        assert name not in str(text)
        assert version.release.file_sha256 not in str(text)
    for asked in (name, "data.geojson"):
        assert client.get(f"/files/{version.dataset.slug}/1/{asked}").status_code == 404
    assert not list(findings())


def test_the_pages_say_why(client):
    version = published_without()
    slug = version.dataset.slug
    for place in (f"/en/data/{slug}/", f"/en/data/{slug}/v/1/"):
        page = client.get(place).content.decode()
        assert "The original file is not published: <bdi>It has other sheets</bdi>" in page
        assert "people.csv" not in page
    assert "فيه أوراق أخرى" in client.get(f"/ar/data/{slug}/").content.decode()
    other = making.published()
    assert "is not published" not in client.get(f"/en/data/{other.dataset.slug}/").content.decode()


def test_the_publisher_decides_on_a_page_and_the_approver_sees_it():
    release = making.reviewed(making.make_release())
    house = making.house_of(release.dataset)
    publisher, approver = signed_in(house.publisher), signed_in(house.approver)
    act = reverse("admin:catalogue_release_act", args=[release.pk, "original"])
    page = reverse("admin:catalogue_release_change", args=[release.pk])
    assert "Published with the version" in publisher.get(page).content.decode()
    typed = {"revision": release.revision, "leave_out": "on", "because_ar": "", "because_en": "It has other sheets"}
    answer = publisher.post(act, typed)
    assert answer.status_code == 422
    assert "It has other sheets" in answer.content.decode()
    assert publisher.post(act, {**typed, "because_ar": "فيه أوراق أخرى"}).status_code == 302
    assert AuditEvent.objects.about(release).filter(verb="release.original_decided").exists()
    release.refresh_from_db()
    making.submitted(release)
    shown = approver.get(page).content.decode()
    assert "It has other sheets" in shown
    assert "فيه أوراق أخرى" in shown


def test_it_can_be_published_after_all():
    release = making.reviewed(making.make_release(name="people.csv"))
    leave_out(release)
    by = making.house_of(release.dataset).publisher
    reviewing.decide_original(release=release, by=by, revision=release.revision, leave_out=False, **REASONS)
    release.refresh_from_db()
    assert not release.no_original_because_en
    making.approved(release)
    working.work_on(release.pk)
    assert Version.objects.get(release=release).files.filter(name="people.csv", format="original").exists()


def test_a_reason_is_given_in_both_languages():
    release = making.reviewed(making.make_release())
    by = making.house_of(release.dataset).publisher
    with pytest.raises(Refused, match="no_reason_for_original"):
        reviewing.decide_original(release=release, by=by, revision=release.revision, leave_out=True, because_en="x")
    with pytest.raises(IntegrityError, match="release_original_in_both"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(without_original=True)
