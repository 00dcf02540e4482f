"""Columns are compared with numbers exactly, also with those they could not hold."""

from __future__ import annotations

import operator
from decimal import Context, Decimal
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.querying.numbers import condition
from opendata.querying.queries import Filter
from opendata.querying.sql import quoted

CELLS = {
    "DECIMAL(5,2)": ["-999.99", "-0.01", "0.00", "1.50", "999.99"],
    "DECIMAL(38,12)": [
        "-99999999999999999999999999.999999999999", "0.000000000001", "99999999999999999999999999.999999999999",
    ],
    "DECIMAL(38,0)": [f"-{'9' * 38}", "0", "9" * 38],
    "TINYINT": ["-128", "0", "127"],
    "BIGINT": [str(-(2**63)), "0", str(2**63 - 1)],
    "HUGEINT": [str(-(2**127)), "0", str(2**127 - 1)],
    "UBIGINT": ["0", "1", str(2**64 - 1)],
}  # fmt: skip
COMPARE = {"eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lte": operator.le, "gt": operator.gt,
           "gte": operator.ge}  # fmt: skip
NEAR = [Decimal(step) for step in ("0", "1", "-1", "0.005", "-0.005", "1E-12", "-1E-12", "1E-13", "-1E-13", "1E+30")]


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(list(CELLS)), cell=st.integers(0, 4), near=st.sampled_from(NEAR),
    op=st.sampled_from([*COMPARE, "in"]),
)  # fmt: skip
def test_a_comparison_is_never_decided_by_rounding(kind: str, cell: int, near: Decimal, op: str) -> None:
    cells = [Decimal(text) for text in CELLS[kind]]
    with_near = exact_sum(cells[cell % len(cells)], near)
    values = (with_near, cells[0]) if op == "in" else (with_near,)
    sql, bound = condition(Filter("c", op, values), kind)
    rows = " UNION ALL ".join(f"SELECT CAST('{text}' AS {kind}) AS c" for text in CELLS[kind])
    found = database().execute(f"SELECT {quoted('c')} FROM ({rows}) WHERE {sql}", list(bound)).fetchall()
    wanted = [one for one in cells if (one in values if op == "in" else COMPARE[op](one, with_near))]
    assert sorted(Decimal(row[0]) for row in found) == sorted(wanted)


def exact_sum(one: Decimal, other: Decimal) -> Decimal:
    """Added without rounding."""
    return Context(prec=200).add(one, other)


@pytest.mark.parametrize(("op", "found"), [("ne", 1), ("eq", 0), ("gt", 0), ("lt", 0)])
def test_what_is_empty_is_only_not_equal(op: str, found: int) -> None:
    for value in (Decimal("1.5"), Decimal("1E+300"), Decimal("1.0001")):
        sql, bound = condition(Filter("c", op, (value,)), "DECIMAL(5,2)")
        empty = "SELECT CAST(NULL AS DECIMAL(5,2)) AS c"
        counted = database().execute(f"SELECT count(*) FROM ({empty}) WHERE {sql}", list(bound)).fetchone()
        assert counted == (found,)
