"""What is said about a dataset, and its licence, is approved with the data; what was published keeps its licence."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from opendata.catalogue import facts
from opendata.catalogue.actions import deciding, reviewing
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.datasets import edit_dataset
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Version
from opendata.catalogue.pipeline import working
from opendata.catalogue.verifying import findings
from tests.opendata import making

pytestmark = pytest.mark.django_db


def edit(dataset: Dataset, **fields: str) -> None:
    dataset = Dataset.objects.get(pk=dataset.pk)
    edit_dataset(dataset=dataset, by=making.house_of(dataset).publisher, revision=dataset.revision, **fields)


@pytest.mark.parametrize("fields", [{"licence": "ODbL-1.0"}, {"title_en": "Another"}, {"methods_ar": "طريقة أخرى"}])
def test_what_was_changed_after_it_was_sent_is_not_approved(fields):
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    edit(release.dataset, **fields)
    with pytest.raises(Refused, match="dataset_changed"):
        deciding.approve_release(release=release, by=house.approver, revision=release.revision)
    assert reviewing.take_back(release=release, by=house.publisher)
    reviewing.submit_release(release=release, by=house.publisher, revision=release.revision)
    assert deciding.approve_release(release=release, by=house.approver, revision=release.revision)


def test_what_was_changed_after_the_approval_is_not_signed():
    release = making.approved(making.make_release())
    edit(release.dataset, licence="ODbL-1.0")
    working.work_on(release.pk)
    release.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "dataset_changed")
    assert not Version.objects.exists()
    house = making.house_of(release.dataset)
    assert deciding.return_release(release=release, by=house.approver, because="Licence")
    making.approved(release)
    working.work_on(release.pk)
    assert Version.objects.get().licence == "ODbL-1.0"


def test_the_approver_reads_licence_coverage_and_methods():
    release = making.submitted(making.make_release(making.make_dataset(methods_en="Counted twice", licence="PDDL-1.0")))
    client = Client()
    client.force_login(making.house_of(release.dataset).approver)
    page = client.get(reverse("admin:catalogue_release_change", args=[release.pk])).content.decode()
    assert "Counted twice" in page
    assert "Public Domain Dedication" in page


def test_what_is_published_keeps_its_licence(client):
    version = making.published()
    edit(version.dataset, licence="CC0-1.0")
    for path in (f"/en/data/{version.dataset.slug}/", f"/en/data/{version.dataset.slug}/v/1/"):
        page = client.get(path).content.decode()
        assert "creativecommons.org/licenses/by/4.0/" in page
        assert "publicdomain/zero" not in page
    assert json.loads(version.manifest)["licence"]["name"] == version.licence == "CC-BY-4.0"
    assert "licenses/by/4.0/) | 1 |" in facts.open_data_licences()
    second = making.published(version.dataset, making.CSV + "2025,Muscat,1\n")
    assert second.licence == "CC0-1.0"
    assert not list(findings())
