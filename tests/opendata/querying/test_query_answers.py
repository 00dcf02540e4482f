"""Every query is answered as a plain evaluation of the same rows answers it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.building.schema import ColumnSpec
from opendata.querying import client
from opendata.querying.grammar import Aggregate, BadQuery, Filter, Query, Sort, answered, check, fields_of, parse
from tests.opendata.querying.queried import COLUMNS, VALUES, Asked, expected, same, specs, walked

KINDS = {one.name: one.type for one in specs(COLUMNS)}
MORE: dict[str, list[Any]] = {
    "text": ["a", "ال", "12", "1234", "lines", "no", "muscat", "لا", "الله", "2", "%_", "'; DROP TABLE rows; --"],
    "integer": [0, 2021, 10**30, -(10**30), 2**63],
    "decimal": [Decimal("1.5005"), Decimal("1E+40"), Decimal("-1E-30"), Decimal(2), Decimal("0.1")],
    "boolean": [], "date": [], "datetime": [],
}  # fmt: skip


def value_for(column: str) -> st.SearchStrategy[Any]:
    kind = KINDS[column]
    there = [Decimal(str(one)) if isinstance(one, float) else one for one in VALUES[column] if one is not None]
    return st.sampled_from([*there, *MORE[kind]])


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    column = draw(st.sampled_from(list(COLUMNS)))
    ops = ["eq", "ne", "in", "is_null"]
    ops += [] if KINDS[column] == "boolean" else ["lt", "lte", "gt", "gte"]
    ops += ["contains"] * 3 if KINDS[column] == "text" else []
    op = draw(st.sampled_from(ops))
    if op == "is_null":
        return Filter(column, op, (draw(st.booleans()),))
    if op == "in":
        return Filter(column, op, tuple(draw(st.lists(value_for(column), min_size=1, max_size=4))))
    return Filter(column, op, (draw(value_for(column)),))


def names(least: int = 0, most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(COLUMNS)), unique=True, min_size=least, max_size=most)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    shape = draw(st.sampled_from(["rows", "rows", "groups", "distinct"]))
    query = Query(
        filters=tuple(draw(st.lists(filters(), max_size=2))),
        limit=draw(st.sampled_from([7, 40, 1000])),
        search=draw(st.sampled_from(["", "", "", "ملاحظه", "12 مسقط", "NO"])),
    )
    if shape == "groups":
        numbers = [name for name, kind in KINDS.items() if kind in ("integer", "decimal") and name != "share"]
        made = {Aggregate("count")}
        for function in draw(st.lists(st.sampled_from(["count", "sum", "avg", "min", "max"]), max_size=3)):
            made.add(Aggregate(function, draw(st.sampled_from(numbers if function in ("sum", "avg") else list(KINDS)))))
        query = replace(query, group_by=tuple(draw(names(0, 2))), aggregates=tuple(sorted(made, key=str)))
    else:
        query = replace(query, columns=tuple(draw(names())), distinct=shape == "distinct")
    there = [one.name for one in answered(query, specs(COLUMNS))]
    if shape == "rows":
        there = list(fields_of(specs(COLUMNS)))
    by = [name for name in there if not name.startswith("avg:")]  # whose last digit is DuckDB's own
    sort = draw(st.lists(st.sampled_from(by), unique=True, max_size=3)) if by else []
    return replace(query, sort=tuple(Sort(name, draw(st.booleans())) for name in sort))


def is_refused(query: Query) -> bool:
    """Has it nothing to look for (its values were picked blindly)?"""
    try:
        check(query, specs(COLUMNS))
    except BadQuery as error:
        return error.code == "nothing_to_find"
    return False


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(query=queries())
def test_pages_together_are_what_python_finds_each_row_once_and_in_order(small: Asked, query: Query) -> None:
    if is_refused(query):
        return
    wanted, found = expected(small, query), walked(small, query)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert list(one) == list(other)
        assert all(same(one[name], other[name]) for name in other), (one, other)
    counted = client.run(small.path, small.columns, replace(query, limit=1), total=True, seconds=20)
    assert counted.total == len(wanted)


def objects(small: Asked, *params: tuple[str, str]) -> list[dict[str, Any]]:
    return client.run(small.path, small.columns, parse(params, small.columns), "objects").objects


def test_an_address_finds_the_rows_it_describes(small: Asked) -> None:
    params = [("year__in", "2020,2021"), ("amount__gte", "1.5"), ("sort", "-amount,year"), ("columns", "year,amount")]
    found = objects(small, *params)
    assert found
    assert all(row["year"] in (2020, 2021) and row["amount"] >= Decimal("1.5") for row in found)
    assert found == sorted(found, key=lambda row: (-row["amount"], row["year"]))


def test_a_column_called_like_a_parameter_is_asked_by_its_long_name(small: Asked) -> None:
    assert {row["sort"] for row in objects(small, ("column.sort", "a"), ("sort", "sort"))} == {"a"}
    assert {row["sort"] for row in objects(small, ("column.sort__in", "a,b"))} == {"a", "b"}


def test_the_number_of_the_row_is_a_column_for_whoever_names_it(small: Asked) -> None:
    assert [row["_id"] for row in objects(small, ("columns", "_id,year"), ("_id__gt", "88"))] == [89, 90]
    assert "_id" not in objects(small)[0]
    assert [row["_id"] for row in objects(small, ("columns", "_id"), ("sort", "-_id"), ("limit", "2"))] == [90, 89]


def test_offset_and_limit_cut_the_same_order(small: Asked) -> None:
    for order in ((), (("sort", "place,-amount"),), (("year__gte", "2020"),)):
        whole = objects(small, ("columns", "_id"), *order)
        assert objects(small, ("columns", "_id"), ("offset", "13"), ("limit", "9"), *order) == whole[13:22]
        assert objects(small, ("columns", "_id"), ("offset", "90000"), *order) == []
        assert objects(small, ("limit", "0"), *order) == []


def test_json_holds_the_digits_of_the_csv(small: Asked) -> None:
    query = parse([("columns", "amount,huge,year,share,day,moment,open")], small.columns)
    as_json = client.run(small.path, small.columns, query).body.decode()
    lines = client.run(small.path, small.columns, query, "csv").body.decode().splitlines()
    with_texts = json.loads(as_json, parse_float=str, parse_int=str)
    for line, row in zip(csv.reader(lines[1:]), with_texts, strict=True):
        plain = ["" if value is None else str(value) for value in row.values()]
        assert [value.lower() if value in ("True", "False") else value for value in plain] == line
    assert "12345678901234567890123456.000000000012" in as_json
    assert '"amount":1.500' in as_json


def test_pages_and_exports_of_csv_and_lines_are_the_same_bytes(small: Asked) -> None:
    for params in ((), (("columns", "note"),), (("group_by", "place,note"), ("aggregate", "count,sum:amount"))):
        query = parse(params, small.columns)
        for fmt in ("csv", "ndjson"):
            page = client.run(small.path, small.columns, query, fmt).body
            assert b"".join(client.stream(small.path, small.columns, query, fmt)) == page


def test_csv_is_read_back_to_the_same_texts(small: Asked) -> None:
    query = Query(columns=("place", "note"), limit=None)
    text = b"".join(client.stream(small.path, small.columns, query)).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1:] == [[row["place"] or "", row["note"] or ""] for row in small.rows]


def test_every_line_of_an_export_is_an_object(small: Asked) -> None:
    lines = b"".join(client.stream(small.path, small.columns, Query(limit=None), "ndjson")).decode().split("\n")
    assert lines.pop() == ""
    assert [json.loads(line)["note"] for line in lines] == [row["note"] for row in small.rows]


def test_a_total_of_the_whole_table_needs_no_counting(small: Asked) -> None:
    assert client.run(small.path, small.columns, Query(), total=True, rows=12345).total == 12345
    assert client.run(small.path, small.columns, Query(), total=True).total == 90
    assert client.run(small.path, small.columns, Query()).total is None


def test_a_cursor_fits_its_own_query_only(small: Asked) -> None:
    after = client.run(small.path, small.columns, parse([("sort", "year"), ("limit", "5")], small.columns)).next
    assert after
    same_order = [("sort", "year"), ("limit", "50"), ("columns", "note"), ("cursor", after)]
    assert parse(same_order, small.columns).after
    for params in ([("sort", "-year")], [("sort", "year"), ("open", "true")], [("sort", "year"), ("distinct", "true")]):
        with pytest.raises(BadQuery, match="not given for this query"):
            parse([*params, ("cursor", after)], small.columns)
    with pytest.raises(BadQuery, match="contradict"):
        parse([("sort", "year"), ("offset", "5"), ("cursor", after)], small.columns)


def test_a_cursor_of_a_row_that_is_not_there_is_refused(small: Asked) -> None:
    with pytest.raises(BadQuery, match="not given for this query"):
        client.run(small.path, small.columns, Query(sort=(Sort("year"),), after=91))
    assert client.run(small.path, small.columns, Query(after=91)).rows == 0


def test_rows_stored_in_another_order_are_answered_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "objects" / "ab" / "ab12"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE rows AS SELECT n + 1 AS _id, n % 2 AS odd FROM range(5000) r(n) ORDER BY hash(n)"
        )
    columns = (ColumnSpec("odd", "integer"),)
    for query in (Query(columns=("_id",)), Query(columns=("_id",), filters=(Filter("odd", "eq", (0,)),))):
        whole = [one["_id"] for one in walked(Asked(path, columns, []), replace(query, limit=100))]
        assert whole == list(range(1, 5001, 2 if query.filters else 1))
        exported = b"".join(client.stream(path, columns, replace(query, limit=None))).decode().split()
        assert exported[1:] == [str(number) for number in whole]
