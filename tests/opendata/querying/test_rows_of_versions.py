"""A published version's rows are asked where the pipeline left them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from opendata.catalogue.models import Version
from opendata.catalogue.querying import NoRows, answer, rows_of
from opendata.catalogue.storage import store
from opendata.querying import client
from opendata.querying.cutting import cut
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
    assert source.marks is not None
    for query in (Query(), Query(limit=2, offset=1)):
        cut_out = cut(
            source.marks, store().path, source.columns, query, "json", rows=source.rows, total=True, of=source.of
        )
        assert cut_out == answer(source, query, "json", seconds=5, total=True)
        asked = client.run(source.path, source.columns, query, total=True, rows=source.rows, of=source.of)
        assert cut_out == asked


def test_pages_come_from_the_engine_where_a_version_has_no_marks() -> None:
    source = rows_of(published())
    without = replace(source, marks=None)
    assert answer(without, Query(), "json", seconds=5, total=True) == answer(
        source, Query(), "json", seconds=5, total=True
    )


def test_a_version_without_a_file_for_queries_says_so() -> None:
    with pytest.raises(NoRows, match="published without a file for queries"):
        rows_of(Version(query_sha256=""))
    with pytest.raises(NoRows, match="missing from the store"):
        rows_of(Version(query_sha256="0" * 64))
