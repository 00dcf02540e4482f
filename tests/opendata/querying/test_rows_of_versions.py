"""A published version's rows are asked where the pipeline left them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from opendata.catalogue.models import Version
from opendata.catalogue.querying import NoRows, as_it_stands, rows_of
from opendata.catalogue.storage import store
from opendata.querying import client
from opendata.querying.grammar import Query, parse
from tests.opendata.making import published

pytestmark = pytest.mark.django_db


def test_rows_of_a_version_are_those_of_its_csv() -> None:
    version = published()
    source = rows_of(version)
    query = parse([("governorate", "Muscat"), ("sort", "-year")], source.columns)
    found = client.run(source.path, source.columns, query, total=True, rows=source.rows)
    assert [(row["year"], row["population"]) for row in json.loads(found.body)] == [(2024, 1510000), (2023, 1473000)]
    assert found.total == 2
    exported = b"".join(client.stream(source.path, source.columns, Query(limit=None)))
    assert exported == store().path(version.files.get(format="csv").sha256).read_bytes()


def test_a_page_of_the_table_as_it_stands_is_cut_out_of_its_json() -> None:
    source = rows_of(published())
    for query in (Query(), Query(limit=2, offset=1)):
        asked = client.run(source.path, source.columns, query, total=True, rows=source.rows, of=source.of)
        assert as_it_stands(source, query, "json", total=True) == asked
    assert as_it_stands(source, Query(search="Muscat"), "json", total=True) is None
    assert as_it_stands(replace(source, marks=None), Query(), "json", total=True) is None


def test_a_version_without_a_file_for_queries_says_so() -> None:
    with pytest.raises(NoRows, match="published without a file for queries"):
        rows_of(Version(query_sha256=""))
    with pytest.raises(NoRows, match="missing from the store"):
        rows_of(Version(query_sha256="0" * 64))
