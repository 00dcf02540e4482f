"""Groups computed when the file was written are those the engine counts itself, and are used where they suffice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from opendata.building.files import GROUPED
from opendata.querying import sql
from opendata.querying.engine import Engine
from opendata.querying.grammar import parse
from opendata.querying.queries import Query
from tests.opendata.querying.queried import Asked, specs, write

FUNCTIONS = "count,count:year,sum:year,avg:year,min:year,max:year,sum:amount,avg:amount,min:amount,max:amount"


@pytest.fixture
def engine(small: Asked) -> Engine:
    return Engine(small.path.parents[1])


@pytest.fixture
def table(engine: Engine, small: Asked) -> Iterator[sql.Table]:
    with engine.table(small.path, small.columns) as found:
        yield found


def asked(table: sql.Table, **params: str) -> Query:
    return parse(list(params.items()), table.columns)


def is_computed(query: Query, table: sql.Table) -> bool:
    return ":groups" in sql.lines(query, table, "json").sql


@pytest.mark.parametrize("by", ["place", "note", "sort"])
@pytest.mark.parametrize(
    "more",
    [{}, {"sort": "-sum:amount"}, {"limit": "2", "offset": "1"}, {"sort": "count,-max:year"}],
    ids=["plain", "by_sum", "page", "by_count"],
)
@pytest.mark.parametrize("fmt", ["json", "csv"])
def test_they_are_the_groups_the_engine_counts(
    engine: Engine, table: sql.Table, by: str, more: dict[str, str], fmt: str
) -> None:
    query = asked(table, group_by=by, aggregate=FUNCTIONS, **more)
    counted = replace(table, groups={})
    assert is_computed(query, table)
    assert not is_computed(query, counted)
    first, second = (engine.page(one, query, fmt, time.monotonic() + 9, total=True) for one in (table, counted))
    assert first == second
    assert first.lines


@pytest.mark.parametrize(
    "params",
    [{"group_by": "place,sort", "aggregate": "count"}, {"group_by": "year", "aggregate": "count"},
     {"group_by": "place", "aggregate": "sum:huge"}, {"group_by": "place", "aggregate": "sum:share"},
     {"group_by": "place", "aggregate": "max:day"}, {"group_by": "place", "aggregate": "count", "year": "2020"},
     {"group_by": "place", "aggregate": "count", "search": "a"}, {"aggregate": "sum:amount"}],
    ids=["two", "numbers", "huge", "doubles", "days", "filtered", "searched", "none"],
)  # fmt: skip
def test_the_engine_counts_what_was_not_computed(table: sql.Table, params: dict[str, str]) -> None:
    assert not is_computed(asked(table, **params), table)


def test_exports_of_groups_take_them_too(table: sql.Table) -> None:
    query = replace(asked(table, group_by="place", aggregate=FUNCTIONS), limit=None)
    assert ":groups" in sql.export(query, table, "csv", "/dev/null").sql


def test_columns_of_any_name_and_many_of_them_can_be_grouped(tmp_path: Path) -> None:
    names = ["count", "rows", "text", "sum", *(f"c{n}" for n in range(GROUPED))]
    kinds = dict.fromkeys(names, "VARCHAR") | {"number": "BIGINT"}
    values = ", ".join(f"'v' || (n % {place + 2}) AS \"{name}\"" for place, name in enumerate(names))
    path = write(tmp_path, kinds, f"SELECT {values}, n AS number FROM range(100) r(n)")
    engine, columns = Engine(path.parents[1]), specs(kinds)
    with engine.table(path, columns) as table:
        assert len(table.groups) == GROUPED
        for name in names:
            aggregate = "sum:number" if name == "count" else "count,sum:number"
            query = asked(table, group_by=name, aggregate=aggregate)
            page = engine.page(table, query, "json", time.monotonic() + 9, total=True)
            assert page == engine.page(replace(table, groups={}), query, "json", time.monotonic() + 9, total=True)
            assert page.total == names.index(name) + 2


def test_an_empty_table_has_no_groups(tmp_path: Path) -> None:
    path = write(tmp_path, {"a": "VARCHAR"}, "SELECT '' AS a WHERE false")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("rows",)]
