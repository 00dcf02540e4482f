"""Pages cut out of data.json are those the engine gives, row by row, and it is asked where they cannot be."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opendata.building.engine import engine
from opendata.building.row_marks import APART, write_marks
from opendata.building.schema import ColumnSpec, Schema
from opendata.building.texts import write_json
from opendata.querying import client, cutting
from opendata.querying.client import Answer
from opendata.querying.grammar import parse
from opendata.querying.queries import Query, Sort
from opendata.trust.hashing import hash_file
from tests.opendata.querying.queried import COLUMNS, Asked, small_table, specs, write

ROWS = 3 * APART + 7
"""Not a whole number of marks."""


class Table:
    """A file for queries, the JSON file beside it and its marks."""

    def __init__(self, asked: Asked, folder: Path) -> None:
        self.asked = asked
        self.data, self.marks = folder / "data.json", folder / "marks"
        parquet = folder / "rows.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{asked.path}' AS made (READ_ONLY)")
            rows = "SELECT * EXCLUDE _id FROM made.rows ORDER BY _id"
            connection.execute(f"COPY ({rows}) TO '{parquet}' (FORMAT parquet)")
        with engine(folder) as building:
            write_json(building, parquet, Schema(asked.columns), self.data)
        write_marks(self.data, hash_file(self.data), len(asked.rows), self.marks)

    def cut(self, query: Query, fmt: Any = "json", *, total: bool = False) -> Answer | None:
        return cutting.cut(
            self.marks,
            lambda _sha256: self.data,
            self.asked.columns,
            query,
            fmt,
            rows=len(self.asked.rows),
            total=total,
        )

    def run(self, query: Query, fmt: Any = "json", *, total: bool = False) -> Answer:
        asked = self.asked
        return client.run(asked.path, asked.columns, query, fmt, rows=len(asked.rows), total=total)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("cut")
    return Table(small_table(folder, ROWS), folder)


def values(answer: Answer, fmt: str) -> list[Any]:
    text = answer.body.decode()
    pieces = json.loads(text, parse_float=Decimal) if fmt == "json" else [
        json.loads(line, parse_float=Decimal) for line in text.splitlines()
    ]  # fmt: skip
    return [list(row.items()) for row in pieces]


@pytest.mark.parametrize("fmt", ["json", "ndjson"])
@pytest.mark.parametrize(
    ("limit", "offset"),
    [(100, 0), (1, 0), (APART, 0), (APART, APART), (1, APART - 1), (2, APART - 1), (1000, 0), (100, ROWS - 100),
     (100, ROWS - 1), (5, ROWS), (5, ROWS + 5)],
)  # fmt: skip
def test_a_cut_page_is_the_engines(table: Table, fmt: str, limit: int, offset: int) -> None:
    query = Query(limit=limit, offset=offset)
    cut, asked = table.cut(query, fmt, total=True), table.run(query, fmt, total=True)
    assert cut is not None
    assert values(cut, fmt) == values(asked, fmt)
    assert (cut.rows, cut.next, cut.total, cut.objects) == (asked.rows, asked.next, asked.total, asked.objects)


def test_walking_through_cut_pages_meets_every_row_once(table: Table) -> None:
    columns, met, cursor = table.asked.columns, list[Any](), None
    while True:
        pairs = [("limit", "23"), *([("cursor", cursor)] if cursor else [])]
        found = table.cut(parse(pairs, columns))
        assert found is not None
        met += values(found, "json")
        if (cursor := found.next) is None:
            break
    everything = table.run(Query(limit=1000))
    assert met == values(everything, "json")
    assert len(met) == ROWS


@pytest.mark.parametrize(
    "query",
    [Query(sort=(Sort("year"),)), Query(search="a"), Query(columns=("year",)), Query(limit=None),
     Query(distinct=True), parse([("year", "2020")], specs(COLUMNS)), parse([("group_by", "year")], specs(COLUMNS))],
    ids=["sorted", "searched", "columns", "whole", "distinct", "filtered", "grouped"],
)  # fmt: skip
def test_the_engine_is_asked_for_what_is_no_page_of_the_table_as_it_stands(table: Table, query: Query) -> None:
    assert table.cut(query) is None


def test_the_engine_is_asked_for_other_formats_and_where_a_file_is_missing_or_cut_off(
    table: Table, tmp_path: Path
) -> None:
    assert table.cut(Query(), "csv") is None
    assert table.cut(Query(), "objects") is None
    away = tmp_path / "away"
    args: Any = (table.asked.columns, Query(), "json")
    assert cutting.cut(away, lambda _sha256: table.data, *args, rows=ROWS) is None
    assert cutting.cut(table.marks, lambda _sha256: away, *args, rows=ROWS) is None
    for whole in (table.marks, table.data):
        away.write_bytes(whole.read_bytes()[:20])
        marks, data = (away, table.data) if whole == table.marks else (table.marks, away)
        assert cutting.cut(marks, lambda _sha256, data=data: data, *args, rows=ROWS) is None


def test_the_engine_is_asked_for_pages_of_very_long_rows(tmp_path: Path) -> None:
    long = "x" * (cutting.MOST_BYTES // 10)
    data, marks = tmp_path / "data.json", tmp_path / "marks"
    data.write_text("[\n" + ",\n".join(f'\t{{"a":"{long}"}}' for _row in range(20)) + "\n]\n")
    write_marks(data, hash_file(data), 20, marks)
    columns = [ColumnSpec("a", "text")]
    assert cutting.cut(marks, lambda _sha256: data, columns, Query(limit=3), "json", rows=20) is None


def test_an_empty_table_has_an_empty_page(tmp_path: Path) -> None:
    path = write(tmp_path, {"a": "BIGINT"}, "SELECT 1 AS a WHERE false")
    found = Table(Asked(path, specs({"a": "BIGINT"}), []), tmp_path / "objects").cut(Query(), total=True)
    assert found is not None
    assert (found.body, found.rows, found.next, found.total) == (b"[]", 0, None, 0)


def test_a_file_that_is_not_one_row_a_line_gets_no_marks(tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text('[{"a": 1},\n{"a": 2}]\n')
    with pytest.raises(ValueError, match="one row a line"):
        write_marks(data, hash_file(data), 2, tmp_path / "marks")
