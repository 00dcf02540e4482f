"""Harvesters that come again and again end with what the catalogue has."""

from __future__ import annotations

import pytest

from opendata.catalogue.actions.datasets import edit_dataset
from opendata.catalogue.models import Dataset
from opendata.dcat import paging
from opendata.inventory.actions import mark_published
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.dcat.harvesters import JsonHarvester, RdfHarvester
from tests.opendata.dcat.withheld import NOT_OPEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)


def as_published() -> dict[str, set[str]]:
    """Identifier -> checksums of its files."""
    rows = Dataset.objects.published()
    return {str(one.uuid): {file.sha256 for file in one.latest.files.exclude(format="datapackage")} for one in rows}


def as_harvested(harvester: RdfHarvester) -> dict[str, set[str]]:
    return {one["identifier"]: one["sha256"] for one in harvester.kept.values()}


@pytest.mark.parametrize("kind", ["ttl", "rdf", "jsonld"])
def test_what_appears_changes_and_goes_is_followed(client, kind):
    house = making.make_house()
    made = [shown.version(shown.dataset(house)) for _ in range(5)]
    harvester = RdfHarvester(f"/catalog.{kind}")
    assert harvester.run(client) == (5, 0, 0)
    assert as_harvested(harvester) == as_published()
    assert harvester.run(client) == (0, 0, 0)
    shown.version(shown.dataset(house))
    edited = made[1].dataset
    edit_dataset(dataset=edited, by=None, revision=edited.revision, title_en="Mended", title_ar="مُصلح")
    making.withdrawn(made[0])
    making.withdrawn(made[4])
    assert harvester.run(client) == (1, 1, 2)
    assert as_harvested(harvester) == as_published()
    titles = [one["title"] for one in harvester.kept.values()]
    assert {"Mended", "مُصلح"} in titles


def test_a_withdrawal_between_two_pages_hides_no_other_dataset(client):
    house = making.make_house()
    made = [shown.version(shown.dataset(house)) for _ in range(6)]
    harvester = RdfHarvester("/catalog.ttl")
    harvester.run(client)
    harvester.run(client, between=lambda page: making.withdrawn(made[page - 1]))
    assert {str(one.dataset.uuid) for one in made[2:]} <= as_harvested(harvester).keys()
    harvester.run(client)
    assert as_harvested(harvester) == as_published()


def test_a_dataset_published_between_two_pages_makes_none_come_twice_or_not_at_all(client):
    house = making.make_house()
    waiting = shown.dataset(house)
    made = [shown.version(shown.dataset(house)) for _ in range(4)]
    harvester = RdfHarvester("/catalog.ttl")
    harvester.run(client, between=lambda page: shown.version(waiting) if page == 1 else None)
    assert {str(one.dataset.uuid) for one in made} <= as_harvested(harvester).keys()
    assert harvester.run(client)[2] == 0
    assert as_harvested(harvester) == as_published()


def test_the_last_page_may_have_emptied_meanwhile(client):
    house = making.make_house()
    made = [shown.version(shown.dataset(house)) for _ in range(3)]
    harvester = RdfHarvester("/catalog.ttl")
    harvester.run(client, between=lambda _page: making.withdrawn(made[2]))
    assert as_harvested(harvester) == as_published()


def test_the_inventory_is_followed_from_plan_to_publication(client):
    house = making.make_house()
    asset = making.make_asset(house)
    making.make_asset(house, **NOT_OPEN)
    harvester = JsonHarvester()
    assert harvester.run(client) == (2, 0, 0)
    assert harvester.run(client) == (0, 0, 0)
    version = shown.version(making.make_dataset(house, asset))
    mark_published(asset=asset, by=None, at=version.published_at)
    assert harvester.run(client) == (0, 1, 0), "a published asset is the one that was planned"
    assert harvester.run(client) == (0, 0, 0)
    making.withdrawn(version)
    assert harvester.run(client) == (0, 1, 0)
