"""Tables that are asked: files for queries as building writes them, in a folder like the store's, and a plain Python
evaluation of the same queries."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cmp_to_key
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from opendata.building.engine import engine
from opendata.building.files import write_queries
from opendata.building.schema import ColumnSpec, Schema
from opendata.querying import client
from opendata.querying.grammar import Query, answered, ordered
from portal.search.folding import fold

COLUMNS = {
    "place": "VARCHAR",
    "note": "VARCHAR",
    "year": "BIGINT",
    "amount": "DECIMAL(18,3)",
    "huge": "DECIMAL(38,12)",
    "share": "DOUBLE",
    "open": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMP",
    "sort": "VARCHAR",
}
PLACES = ["مسقط", "ظفار", "الداخلية", "الداخليه", "", "Muscat", "MUSCAT", None]
NOTES = ["ملاحظة ١٢", "مُلاحَظَة 12", "1,234 طلبا", 'says "no", twice', "two\nlines", "ﻼ ﷲ ½", "emoji 🌴", "=1+1", None]
AMOUNTS = [Decimal("0.000"), Decimal("-0.001"), Decimal("1.500"), Decimal("99999.999"), Decimal("1.501"), None]
HUGE = [Decimal("12345678901234567890123456.000000000012"), Decimal("-0.000000000001"), Decimal("1.5"), None]
SHARES = [0.1, -2.5e-7, 123456.789, 1e300, 2.0, None]
DAYS = [datetime.date(2024, 2, 29), datetime.date(622, 7, 16), datetime.date(9999, 12, 31), None]
MOMENTS = [datetime.datetime(2026, 11, 22, 14, 30), datetime.datetime(1999, 12, 31, 23, 59, 59, 120000), None]
VALUES: dict[str, Sequence[Any]] = {
    "place": PLACES, "note": NOTES, "year": [2020, 2021, 2022, -5, 2**53 + 1, None], "amount": AMOUNTS, "huge": HUGE,
    "share": SHARES, "open": [True, False, None], "day": DAYS, "moment": MOMENTS, "sort": ["a", "b", None],
}  # fmt: skip
FAMILIES = {"VARCHAR": "text", "BIGINT": "integer", "DOUBLE": "decimal", "BOOLEAN": "boolean", "DATE": "date",
            "TIMESTAMP": "datetime"}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A file for queries, its columns, and its rows as dicts with `_id`."""

    path: Path
    columns: tuple[ColumnSpec, ...]
    rows: list[dict[str, Any]]


def specs(columns: dict[str, str]) -> tuple[ColumnSpec, ...]:
    """Our types of these columns of DuckDB."""
    return tuple(ColumnSpec(name, FAMILIES.get(kind, "decimal")) for name, kind in columns.items())


def write(folder: Path, columns: dict[str, str], statement: str, name: str = "ab12") -> Path:
    """A file for queries out of what a statement of DuckDB selects (`made` being an empty table of the columns)."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({statement}) TO '{table}' (FORMAT parquet)")
    target = folder / "objects" / name[:2] / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with engine(folder) as building:
        write_queries(building, table, Schema(specs(columns)), target)
    return target


def small_table(folder: Path, rows: int = 90) -> Asked:
    """A table of all types with many equal and empty values."""
    random = Random(7)
    made = [{name: random.choice(values) for name, values in VALUES.items()} for _row in range(rows)]
    defined = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        connection.execute(f"CREATE TABLE made ({defined})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO made VALUES ({marks})", [list(row.values()) for row in made])
        connection.execute(f"COPY made TO '{folder}/made.parquet' (FORMAT parquet)")
    path = write(folder, COLUMNS, f"SELECT * FROM '{folder}/made.parquet'")
    return Asked(path, specs(COLUMNS), [{"_id": number, **row} for number, row in enumerate(made, 1)])


def large_table(folder: Path, rows: int) -> Asked:
    """Numbers, texts and random decimals; its rows are not kept in Python."""
    columns = {"number": "BIGINT", "amount": "DECIMAL(18,3)", "text": "VARCHAR"}
    statement = (
        f"SELECT n AS number, CAST(hash(n) % 1000000 AS DECIMAL(18,3)) AS amount, 'نص ' || hash(n) || ' سطر' AS text"
        f" FROM range({rows}) all_of_them(n)"
    )
    return Asked(write(folder, columns, statement, "cd34"), specs(columns), [])


def expected(asked: Asked, query: Query) -> list[dict[str, Any]]:
    """Every row of the answer, in order."""
    texts = [one.name for one in asked.columns if one.type == "text"]
    words = fold(query.search).split() if query.search else []
    rows = [
        row
        for row in asked.rows
        if all(holds(row[one.column], one.op, one.values) for one in query.filters)
        and all(any(row[name] is not None and word in fold(row[name]) for name in texts) for word in words)
    ]
    names = [one.name for one in answered(query, asked.columns)]
    if query.is_grouped:
        rows = grouped(rows, query)
    elif query.distinct:
        rows = [dict(pairs) for pairs in {tuple((name, row[name]) for name in names): None for row in rows}]
    order = ordered(query, asked.columns)
    rows.sort(key=cmp_to_key(lambda one, other: compared(one, other, order)))
    return [{name: row[name] for name in names} for row in rows]


def holds(cell: Any, op: str, values: Sequence[Any]) -> bool:
    """Does a cell pass a filter?"""
    value = values[0]
    if op == "is_null":
        return (cell is None) == value
    if cell is None:
        return op == "ne"
    if isinstance(cell, float):
        values = [float(one) for one in values]
        value = values[0]
    if op == "contains":
        return fold(value) in fold(cell)
    return bool({
        "eq": lambda: cell == value, "ne": lambda: cell != value, "lt": lambda: cell < value,
        "lte": lambda: cell <= value, "gt": lambda: cell > value, "gte": lambda: cell >= value,
        "in": lambda: cell in values,
    }[op]())  # fmt: skip


def grouped(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    """One row for each combination; one altogether where there is nothing to group by."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {} if query.group_by else {(): []}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in query.group_by), []).append(row)
    found = []
    for key, members in groups.items():
        made = dict(zip(query.group_by, key, strict=True))
        for one in query.aggregates:
            cells = [row[one.column] for row in members if row[one.column] is not None] if one.column else members
            made[one.name] = aggregated(one.function, cells)
        found.append(made)
    return found


def aggregated(function: str, cells: list[Any]) -> Any:
    """count, sum, avg, min, max of what is not empty."""
    if function == "count":
        return len(cells)
    if not cells:
        return None
    if function in ("sum", "avg"):
        total = sum(cells[1:], cells[0])
        return total if function == "sum" else float(total) / len(cells)
    return min(cells) if function == "min" else max(cells)


def compared(one: dict[str, Any], other: dict[str, Any], order: Sequence[Any]) -> int:
    """-1, 0 or 1; what is empty comes last whichever way."""
    for sort in order:
        left, right = one[sort.column], other[sort.column]
        if left == right:
            continue
        if left is None or right is None:
            return 1 if left is None else -1
        return (-1 if left < right else 1) * (-1 if sort.descending else 1)
    return 0


def walked(asked: Asked, query: Query) -> list[dict[str, Any]]:
    """All pages of a query behind each other."""
    from opendata.querying.cursors import read

    found, page = [], query
    for _number in range(200):
        answer = client.run(asked.path, asked.columns, page, "objects", seconds=20)
        found += answer.objects
        if answer.next is None:
            return found
        page = read(replace(query, offset=0), asked.columns, answer.next)
    raise AssertionError("the pages do not end")


def same(found: Any, wanted: Any) -> bool:
    """Is a value of an answer this one? Numbers of doubles may differ in their last digit."""
    if isinstance(wanted, float):
        return found is not None and abs(float(found) - wanted) <= 1e-9 * max(1.0, abs(wanted))
    if isinstance(wanted, datetime.date):
        return found is not None and bool(type(wanted).fromisoformat(found) == wanted)
    return bool(found == wanted) and (isinstance(found, bool) == isinstance(wanted, bool))
