"""Typed tables as the reader leaves them, for the tests of building."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opendata.building.schema import ColumnSpec, Schema

SQL = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(38, 12)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
MakeTable = Callable[..., tuple[Path, Schema]]

AWKWARD = [
    "ولاية مسقط",
    "شَمَالُ الباطنة؛ «نصّ»",
    'says "no", twice',
    "two\nlines",
    "two\r\nlines\rthree",
    "=1+1",
    "+968 9000 0000",
    "@sum(a)",
    "emoji 🌴👨‍👩‍👧",
    "vertical\x0btab and \x01",
    "a\ufffeb\uffff",
    "<b>&amp;</b>]]>",
    " spaces ",
    "tab\there",
    "#comment",
    "NULL",
    "_x000B_",
    "0012",
    "null\\N",
    "'quoted'",
    "\u200fbidi\u202e",
    "",
    None,
]


def write_table(path: Path, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> Path:
    """A Parquet file with columns by name and type (ours, or one of DuckDB's) and these rows."""
    connection = duckdb.connect()
    defined = ", ".join(f'"{name}" {SQL.get(kind, kind)}' for name, kind in columns.items())
    connection.execute(f"CREATE TABLE made ({defined})")
    if rows:
        connection.executemany(f"INSERT INTO made VALUES ({', '.join('?' * len(columns))})", rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY made TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path


def schema_of(columns: dict[str, str], key: tuple[str, ...] = ()) -> Schema:
    """A dictionary with a title in both languages for each column."""
    ours = {name: "decimal" if "DEC" in kind or kind == "DOUBLE" else kind for name, kind in columns.items()}
    return Schema(tuple(ColumnSpec(name, kind, f"عمود {name}", f"Column {name}") for name, kind in ours.items()), key)


@pytest.fixture
def make_table(tmp_path: Path) -> MakeTable:
    """Write a table of its own folder; returns its path and its dictionary."""

    def make(
        columns: dict[str, str], rows: list[tuple[Any, ...]], key: tuple[str, ...] = (), name: str = "table"
    ) -> tuple[Path, Schema]:
        return write_table(tmp_path / name / "table.parquet", columns, rows), schema_of(columns, key)

    return make


@pytest.fixture
def awkward(make_table: MakeTable) -> tuple[Path, Schema]:
    """A table in which every type holds what is easily spoilt."""
    columns = {
        "id": "integer",
        "name": "text",
        "amount": "DECIMAL(38, 12)",
        "share": "DOUBLE",
        "open": "boolean",
        "day": "date",
        "moment": "datetime",
        "2024": "text",
    }
    amounts = [Decimal("12345678901234567890123456.000000000012"), Decimal("-0.000000000001"), Decimal("1.5"), None]
    shares = [0.1, -2.5e-7, 123456.789, None]
    days = [datetime.date(2024, 2, 29), datetime.date(622, 7, 16), datetime.date(9999, 12, 31), None]
    moments = [
        datetime.datetime(2026, 11, 22, 14, 30),
        datetime.datetime(1999, 12, 31, 23, 59, 59, 120000),
        datetime.datetime(2024, 1, 1),
        None,
    ]
    rows = [
        (
            (2**62 - n) if n % 3 else None,
            text,
            amounts[n % 4],
            shares[n % 4],
            [True, False, None][n % 3],
            days[n % 4],
            moments[n % 4],
            f"سطر {n}",
        )
        for n, text in enumerate(AWKWARD)
    ]
    return make_table(columns, rows, key=("id",))
