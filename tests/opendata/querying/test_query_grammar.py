"""What addresses may ask, and how a wrong one is told: which parameter, why, and how to mend it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from opendata.building.schema import ColumnSpec
from opendata.querying import client
from opendata.querying.grammar import PARAMETERS, Aggregate, BadQuery, Filter, Query, Sort, check, parse
from opendata.querying.wire import query_from_json, query_to_json
from opendata.querying.words import CODES
from tests.opendata.querying.queried import Asked

COLUMNS = [
    ColumnSpec("place"), ColumnSpec("year", "integer"), ColumnSpec("amount", "decimal"), ColumnSpec("open", "boolean"),
    ColumnSpec("day", "date"), ColumnSpec("moment", "datetime"), ColumnSpec("limit"), ColumnSpec("year__gt", "integer"),
]  # fmt: skip
HALF_A_SECOND = datetime.datetime(2024, 2, 29, 10, 30, 0, 500_000)
LONG = [("place__in", ",".join(["x" * 900] * 100)), ("place__ne", "x" * 990), ("limit__in", ",".join(["y" * 990] * 20))]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("place", "مسقط", Filter("place", "eq", ("مسقط",))),
        ("place", "", Filter("place", "eq", ("",))),
        ("place__in", 'a, b,"c,d"', Filter("place", "in", ("a", "b", "c,d"))),
        ("place__contains", "مسقط", Filter("place", "contains", ("مسقط",))),
        ("year__gte", "٢٠٢٠", Filter("year", "gte", (2020,))),
        ("year", "-5", Filter("year", "eq", (-5,))),
        ("year__ne", "+5", Filter("year", "ne", (5,))),
        ("amount__lt", "1.500", Filter("amount", "lt", (Decimal("1.500"),))),
        ("amount__lte", "1e3", Filter("amount", "lte", (Decimal("1e3"),))),
        ("open", "True", Filter("open", "eq", (True,))),
        ("open__is_null", "false", Filter("open", "is_null", (False,))),
        ("day", "2024-02-29", Filter("day", "eq", (datetime.date(2024, 2, 29),))),
        ("moment__lt", "2024-02-29", Filter("moment", "lt", (datetime.datetime(2024, 2, 29),))),
        ("moment__lt", "2024-02-29T10:30:00.5", Filter("moment", "lt", (HALF_A_SECOND,))),
        ("column.limit", "a", Filter("limit", "eq", ("a",))),
        ("column.limit__ne", "a", Filter("limit", "ne", ("a",))),
        ("limit__ne", "a", Filter("limit", "ne", ("a",))),
        ("year__gt", "5", Filter("year", "gt", (5,))),
        ("year__gt__eq", "5", Filter("year__gt", "eq", (5,))),
        ("_id__lt", "5", Filter("_id", "lt", (5,))),
    ],
)  # fmt: skip
def test_a_condition_is_read_by_the_type_of_its_column(name: str, value: str, wanted: Filter) -> None:
    assert parse([(name, value)], COLUMNS).filters == (wanted,)


def test_everything_else_of_an_address() -> None:
    query = parse(
        [("group_by", "place,year"), ("aggregate", "count, sum:amount"), ("sort", "-sum:amount,place"), ("limit", "5"),
         ("offset", "7"), ("search", "مسقط"), ("format", "csv"), ("total", "false")],
        COLUMNS,
    )  # fmt: skip
    assert query == Query(
        group_by=("place", "year"), aggregates=(Aggregate("count"), Aggregate("sum", "amount")), limit=5, offset=7,
        sort=(Sort("sum:amount", True), Sort("place")), search="مسقط",
    )  # fmt: skip
    assert parse([], COLUMNS) == Query()
    assert parse([("group_by", "year")], COLUMNS).aggregates == (Aggregate("count"),)
    assert parse([], COLUMNS, default_limit=None).limit is None
    assert parse([("limit", "32000")], COLUMNS, most_rows=None).limit == 32000


@pytest.mark.parametrize(
    ("params", "parameter", "code"),
    [
        ([("yeer", "1")], "yeer", "unknown_parameter"),
        ([("rows; DROP TABLE rows", "1")], "rows; DROP TABLE rows", "unknown_parameter"),
        ([("year__foo", "1")], "year__foo", "unknown_op"),
        ([("year__contains", "1")], "year__contains", "op_does_not_fit"),
        ([("open__lt", "true")], "open__lt", "op_does_not_fit"),
        ([("year", "1.5")], "year", "not_an_integer"),
        ([("year", "")], "year", "not_an_integer"),
        ([("year", "1" * 39)], "year", "not_an_integer"),
        ([("amount", "NaN")], "amount", "not_a_decimal"),
        ([("amount", "1e999")], "amount", "not_a_decimal"),
        ([("amount", "Infinity")], "amount", "not_a_decimal"),
        ([("open", "maybe")], "open", "not_a_boolean"),
        ([("day", "2023-02-29")], "day", "not_a_date"),
        ([("day", "20230228")], "day", "not_a_date"),
        ([("moment", "2024-02-29T10:30:00+04:00")], "moment", "not_a_datetime"),
        ([("place", "a\x00b")], "place", "not_a_text"),
        ([("place", "\ud800")], "place", "not_a_text"),
        ([("search", "\x00")], "search", "not_a_text"),
        ([("place", "x" * 1001)], "place", "too_long"),
        ([("place__contains", "...")], "place__contains", "nothing_to_find"),
        ([("place__in", "a," * 500)], "place__in", "too_many_values"),
        ([("place__in", '"a')], "place__in", "not_a_list"),
        ([("place__in", "")], "place__in", "empty_list"),
        ([("place__in", "x" * 300_000)], "place__in", "too_many_values"),
        ([("place", "x")] * 51, "place", "too_many_filters"),
        ([("place", "x" * 1000)] * 50 + [("search", "a " * 9)], "search", "too_many_words"),
        (LONG, "limit", "too_much"),
        ([("columns", "a")], "columns", "unknown_column"),
        ([("columns", "year,year")], "columns", "named_twice"),
        ([("columns", "year,,place")], "columns", "empty_list"),
        ([("sort", "year,-year")], "sort", "named_twice"),
        ([("sort", "random()")], "sort", "unknown_column"),
        ([("sort", ",".join(["year"] * 21))], "sort", "too_many_names"),
        ([("sort", "a"), ("sort", "b")], "sort", "said_twice"),
        ([("limit", "1001")], "limit", "not_in_range"),
        ([("limit", "-1")], "limit", "not_in_range"),
        ([("limit", "ten")], "limit", "not_in_range"),
        ([("offset", "100001")], "offset", "not_in_range"),
        ([("group_by", "a")], "group_by", "unknown_column"),
        ([("group_by", "year"), ("columns", "year")], "columns", "columns_and_groups"),
        ([("group_by", "year"), ("distinct", "true")], "distinct", "columns_and_groups"),
        ([("aggregate", "median:year")], "aggregate", "unknown_function"),
        ([("aggregate", "sum:place")], "aggregate", "function_does_not_fit"),
        ([("aggregate", "sum")], "aggregate", "function_needs_a_column"),
        ([("aggregate", "sum:nothing")], "aggregate", "unknown_column"),
        ([("aggregate", "count,count")], "aggregate", "named_twice"),
        ([("group_by", "year"), ("sort", "place")], "sort", "not_in_the_result"),
        ([("distinct", "true"), ("columns", "year"), ("sort", "place")], "sort", "not_in_the_result"),
        ([("distinct", "sometimes")], "distinct", "not_a_boolean"),
        ([("cursor", "")], "cursor", "bad_cursor"),
        ([("cursor", "مسقط")], "cursor", "bad_cursor"),
        ([("cursor", "W10")], "cursor", "bad_cursor"),
        ([("cursor", "[" * 190)], "cursor", "bad_cursor"),
        ([("cursor", "x" * 10_000)], "cursor", "bad_cursor"),
    ],
    ids=lambda value: value if isinstance(value, str) and value in CODES else "",
)  # fmt: skip
def test_a_wrong_query_names_the_parameter_and_how_to_mend_it(params: Any, parameter: str, code: str) -> None:
    with pytest.raises(BadQuery) as raised:
        parse(params, COLUMNS)
    assert (raised.value.parameter, raised.value.code) == (parameter, code)
    assert 10 < len(raised.value.message) < 6_000
    assert not raised.value.message.startswith(" ")
    assert "{" not in raised.value.message
    raised.value.message.encode()


def test_a_result_never_has_two_columns_of_one_name() -> None:
    columns = [ColumnSpec("count", "integer")]
    with pytest.raises(BadQuery, match="count:_id"):
        parse([("group_by", "count")], columns)
    assert parse([("group_by", "count"), ("aggregate", "count:_id")], columns).group_by == ("count",)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (Query(filters=(Filter("nothing", "eq", ("a",)),)), "unknown_column"),
        (Query(filters=(Filter("place", "like", ("a",)),)), "unknown_op"),
        (Query(filters=(Filter("place", "eq", (5,)),)), "not_a_text"),
        (Query(filters=(Filter("year", "eq", ("5",)),)), "not_an_integer"),
        (Query(filters=(Filter("year", "eq", (True,)),)), "not_an_integer"),
        (Query(filters=(Filter("day", "eq", (datetime.datetime(2020, 1, 1),)),)), "not_a_date"),
        (Query(filters=(Filter("year", "eq", ()),)), "said_twice"),
        (Query(filters=(Filter("year", "in", ()),)), "not_a_list"),
        (Query(columns=("a; DROP TABLE rows",)), "unknown_column"),
        (Query(sort=(Sort("year"), Sort("year", True))), "named_twice"),
    ],
)
def test_queries_built_by_hand_are_checked_like_those_of_addresses(query: Query, code: str) -> None:
    with pytest.raises(BadQuery) as raised:
        check(query, COLUMNS)
    assert raised.value.code == code


def test_a_query_arrives_at_the_engine_as_it_was_sent() -> None:
    query = Query(
        columns=("place",), limit=None, offset=3, after=9, search="ن", sort=(Sort("year", True),),
        filters=(
            Filter("amount", "in", (Decimal("1.50"), Decimal("-1E-30"))), Filter("open", "is_null", (True,)),
            Filter("moment", "lt", (datetime.datetime(1, 1, 1, 0, 0, 0, 1),)),
            Filter("day", "eq", (datetime.date(9999, 12, 31),)),
            Filter("open", "eq", (False,)), Filter("place", "eq", ("a'\"\n",)), Filter("_id", "gt", (10**37,)),
        ),
    )  # fmt: skip
    assert query_from_json(query_to_json(query), COLUMNS) == query
    grouped = Query(group_by=("year",), aggregates=(Aggregate("count"), Aggregate("sum", "amount")))
    assert query_from_json(query_to_json(grouped), COLUMNS) == grouped
    assert query.canonical != replace(query, limit=5).canonical


HOSTILE = [
    "'; DROP TABLE rows; --", "1 OR 1=1", "read_csv('/etc/passwd')", "getenv('HOME')", "%00", "%2527", "\x00", "\ufffd",
    "🌴" * 50, "\u202e\u0640\u064b", "9" * 400, "-0", "1e400", "NaN", "inf", "0x10", "[" * 200, "{}" * 100, '"', "'",
    "\\", "(" * 500, "a" * 1000, "a,b" * 300, "true", "null", "", " ", "\n\r\t", "١٢٣", "*", "_id", "rowid", "count(*)",
    "year", "-year", "sum:amount", "count", "place", "2024-02-29", "2020", "1.5", "$1", "?", "{{7*7}}", "<script>",
]  # fmt: skip


def hostile(number: int) -> list[tuple[str, str]]:
    """A query that nobody means, the same for the same number."""
    random = Random(number)
    names = ["place", "note", "year", "amount", "huge", "share", "open", "day", "moment", "sort", "_id", *HOSTILE]
    ops = ["", "__eq", "__ne", "__lt", "__gte", "__in", "__contains", "__is_null", "__", "__sql", "__in__in"]
    found = []
    for _part in range(random.choice([1, 1, 2, 3, 60])):
        if random.random() < 0.4:
            name = random.choice(PARAMETERS)
        else:
            name = random.choice(["", "", "column."]) + random.choice(names) + random.choice(ops)
        value = random.choice([",", "", "-", " "]).join(random.choices(HOSTILE, k=random.choice([1, 1, 2, 40])))
        found.append((name, value))
    return found


def parsed(params: list[tuple[str, str]], asked: Asked) -> Query | None:
    """The query; None where it is refused, with a message of a decent length."""
    try:
        return parse(params, asked.columns)
    except BadQuery as error:
        if error.code in CODES and len(error.message) < 10_000:
            return None
        raise


def test_ten_thousand_hostile_queries_are_refused_or_answered(small: Asked) -> None:
    """Refused with a message, or answered within the limits by one and the same engine."""
    client.run(small.path, small.columns, Query())
    process = client._processes[small.path.parents[1]]
    refused = answered = 0
    memory = process.resident_mb()
    for number in range(10_000):
        query = parsed(hostile(number), small)
        if query is None:
            refused += 1
            continue
        assert client.run(small.path, small.columns, query, seconds=20).rows <= 100
        answered += 1
    assert refused + answered == 10_000
    assert answered > 100
    assert client._processes[small.path.parents[1]] is process
    assert process.runs()
    assert process.resident_mb() < memory + 60
