"""Harvested as CKAN's harvester does it, run after run, while datasets appear, change and are withdrawn.

It pages by a hundred in the order of `id`, drops ids it has seen, asks for what was modified since an hour before its
last run began, and compares `metadata_modified` as text. It never deletes: of what is gone it learns by listing all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from opendata.catalogue.actions import datasets
from opendata.catalogue.models import Dataset, Version
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.ckan.test_ckan_catalogue import many

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(hours=2)
"""Runs are told apart by more than the hour a harvester goes back; the rows are dated, not the clock."""


@dataclass
class Harvester:
    """What a catalogue that harvests keeps of this one."""

    url: str
    filters: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    last_run: datetime | None = None
    pages: int = 0

    def run(self, now: datetime) -> tuple[set[str], set[str]]:
        """Fetch what is new; says names of what was added and changed."""
        since = self.last_run
        terms = list(self.filters)
        if since is not None:
            terms.append(f"metadata_modified:[{(since - timedelta(hours=1)).replace(tzinfo=None).isoformat()}Z TO *]")
        added, changed = set(), set()
        for package in self._search(terms):
            known = self.kept.get(package["id"])
            if known is None:
                added.add(package["name"])
            elif package["metadata_modified"] <= known["metadata_modified"]:
                continue
            else:
                changed.add(package["name"])
            self.kept[package["id"]] = package
        self.last_run = now
        return added, changed

    def forget_what_is_gone(self) -> set[str]:
        """Keep what a full listing still has."""
        listed = {package["id"] for package in self._search(self.filters)}
        gone = {package["name"] for key, package in self.kept.items() if key not in listed}
        self.kept = {key: package for key, package in self.kept.items() if key in listed}
        return gone

    def _search(self, terms: list[str]) -> list[Any]:
        found: dict[str, Any] = {}
        params = {"rows": "100", "start": "0", "sort": "id asc"} | ({"fq": " ".join(terms)} if terms else {})
        while True:
            page = self._ask("package_search", params)["results"]
            new = {package["id"]: package for package in page if package["id"] not in found}
            if not new:
                return list(found.values())
            found |= new
            self.pages += 1
            params["start"] = str(int(params["start"]) + int(params["rows"]))

    def _ask(self, action: str, params: dict[str, str]) -> Any:
        with urlopen(f"{self.url}/api/3/action/{action}?{urlencode(params)}", timeout=60) as response:
            return json.load(response)["result"]


def catalogue() -> dict[str, str]:
    """What is public now: title by address."""
    return dict(Dataset.objects.published().values_list("slug", "title_en"))


def held(harvester: Harvester) -> dict[str, str]:
    return {package["name"]: package["title"] for package in harvester.kept.values()}


def date(slug: str, at: datetime) -> None:
    Dataset.objects.filter(slug=slug).update(modified_at=at)


def test_a_harvester_ends_with_the_catalogue(live_server: LiveServer):
    now = datetime.now(UTC) - timedelta(days=2)
    first = shown.dataset(slug="d-0")
    shown.version(first)
    many(first, 230)
    old = now - timedelta(days=30)
    Dataset.objects.update(modified_at=old)
    type(first.asset).objects.update(updated_at=old)
    with override_settings(SITE_URL=live_server.url):
        harvester = Harvester(live_server.url)
        assert harvester.run(now) == (set(catalogue()), set())
        assert (len(harvester.kept), harvester.pages) == (231, 3)

        now += LATER
        assert harvester.run(now) == (set(), set())

        piped = making.published(making.make_dataset(slug="new-one", title_en="New one"))
        datasets.edit_dataset(dataset=Dataset.objects.get(slug="d-7"), by=None, revision=1, title_en="Mended")
        late = shown.version(Dataset.objects.get(slug="d-8"))
        date("d-8", now + timedelta(seconds=1))
        now += LATER
        assert harvester.run(now) == ({"new-one"}, {"d-7", "d-8"})
        assert held(harvester) == catalogue()

        making.withdrawn(late)
        making.withdrawn(Version.objects.select_related("dataset__asset").get(pk=piped.pk))
        now += LATER
        assert harvester.run(now) == (set(), {"d-8"})
        assert harvester.forget_what_is_gone() == {"new-one"}
        assert held(harvester) == catalogue()

        making.published(Dataset.objects.get(slug="new-one"))
        assert harvester.run(now + LATER) == ({"new-one"}, set())
        assert held(harvester) == catalogue()
        kept = {package["id"]: package["metadata_modified"] for package in harvester.kept.values()}
        anew = Harvester(live_server.url)
        anew.run(now)
        assert {package["id"]: package["metadata_modified"] for package in anew.kept.values()} == kept


def test_a_harvester_of_some_publishers_never_gets_others(live_server: LiveServer):
    for code in ("health-body", "education-body", "roads-body"):
        shown.version(shown.dataset(making.make_house(code), slug=code))
    wanted = Harvester(live_server.url, ["organization:health-body OR organization:roads-body"])
    unwanted = Harvester(live_server.url, ["-organization:health-body", "-organization:roads-body"])
    now = datetime.now(UTC)
    for _run in range(2):  # the second asks for what was modified since as well
        wanted.run(now)
        unwanted.run(now)
        assert set(held(wanted)) == {"health-body", "roads-body"}
        assert set(held(unwanted)) == {"education-body"}
