"""Rows that are no data: totals, and remarks under the table. They are told, never removed."""

# ruff: noqa: S608 the names in the SQL are our own c0, c1 ..., the texts are quoted literals

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.reading.engine import quoted
from opendata.reading.gathering import Problems

if TYPE_CHECKING:
    import duckdb

    from opendata.reading.tables import Typed

_TOTALS = (
    "total", "totals", "grand total", "sum", "subtotal", "sub total", "sub-total", "all", "overall",
    "المجموع", "الإجمالي", "الاجمالي", "إجمالي", "اجمالي", "مجموع", "المجموع الكلي", "الإجمالي العام", "الاجمالي العام",
    "المجموع العام", "الجملة", "الإجمالي الكلي", "المجموع الفرعي", "total / المجموع", "المجموع / total",
)  # fmt: skip
_TOTAL_START = re.compile(r"(?:grand )?total\b|(?:ال)?(?:مجموع|إجمالي|اجمالي)\b|الجملة\b", re.I)
_REMARK = re.compile(r"[*•(]|ملاحظ|المصدر|مصدر|تنويه|source\b|notes?\b|n\.b\.", re.I)
_LAST = 6
_COLUMNS = 5  # totals are named in the first columns


def tell_totals_and_remarks(connection: duckdb.DuckDBPyConnection, typed: list[Typed], problems: Problems) -> None:
    """Tell rows named "Total" anywhere, rows beginning so at the end, and remarks under the table."""
    texts = [(place, one.facts.sql) for place, one in enumerate(typed) if one.decision.type == "text"][:_COLUMNS]
    told: set[int] = set()
    words = ", ".join(map(quoted, _TOTALS))
    for place, column in texts:
        found = connection.execute(
            f"SELECT line, {column} FROM raw WHERE lower({column}) IN ({words}) ORDER BY rowid LIMIT 1000"
        )
        for line, value in found.fetchall():
            if line not in told:
                told.add(line)
                problems.add("total_row", line=line, column=place, value=value)
    _tell_last(connection, typed, told, problems)


def _tell_last(connection: duckdb.DuckDBPyConnection, typed: list[Typed], told: set[int], problems: Problems) -> None:
    columns = ", ".join(f"left({one.facts.sql}, 300)" for one in typed)
    rows = connection.execute(f"SELECT line, {columns} FROM raw ORDER BY rowid DESC LIMIT {_LAST}").fetchall()
    under = len(typed) > 2
    for line, *cells in rows:
        filled = [(place, cell) for place, cell in enumerate(cells) if cell is not None]
        place, first = filled[0]
        if line not in told and _TOTAL_START.match(first):
            problems.add("total_row", line=line, column=place, value=first)
        under = under and len(filled) == 1
        if under and (len(first) > 20 or _REMARK.match(first)):
            problems.add("note_row", line=line, column=place, value=first)
