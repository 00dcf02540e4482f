"""The catalogue with ten and with 5,000 datasets: server time of a page, and how often it asks the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import demand, median_seconds, show
from bench.herd import settle
from opendata.catalogue.models import Dataset, Release, Version, VersionFile
from opendata.inventory.models import Asset
from tests.opendata import making
from tests.opendata.catalogue.shown import many_datasets

TARGET = 0.050
TAKES = 30
FEW, MANY = 10, 5_000
PAGES = {
    "catalogue": "/ar/data/",
    "of one theme": "/ar/data/?theme=health",
    "most downloaded first": "/ar/data/?sort=downloads",
    "searched by a word that is in every title": "/ar/data/?q=%D8%A5%D8%AD%D8%B5%D8%A7%D8%A1%D8%A7%D8%AA",
}


def look() -> dict[str, tuple[float, int]]:
    """For each page: median seconds on the server and the number of queries."""
    client, found = Client(), {}
    for name, address in PAGES.items():
        assert client.get(address).status_code == 200, address
        took = median_seconds(lambda address=address: client.get(address), TAKES)  # type: ignore[misc]
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        found[name] = (took, len(asked))
    return found


def main() -> None:
    house = making.make_house()
    many_datasets(house, FEW)
    few = look()
    many_datasets(house, MANY - FEW)
    settle(Asset, Dataset, Release, Version, VersionFile)
    many = look()
    show("", f"{MANY:,}", f"with {FEW}")
    for name, (took, queries) in many.items():
        before, asked = few[name]
        show(name, f"{1000 * took:.1f} ms", f"{1000 * before:.1f} ms, {queries} queries and {asked}")
    demand(all(took <= TARGET for took, _queries in many.values()), f"a page within {1000 * TARGET:.0f} ms")
    demand(all(many[name][1] == few[name][1] for name in PAGES), "as many queries with many as with few")
