"""Reads bytes as an uploaded file and looks at what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from opendata.reading import Choices, Report, read


def read_bytes(content: bytes | str, folder: Path, **choices: Any) -> Report:
    """The report on an uploaded file with this content."""
    source = folder / "upload"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(source, folder / "read", Choices(**choices), name="upload.csv")


def rows(folder: Path) -> list[tuple[Any, ...]]:
    """All rows of the table that was written, in its order."""
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM '{folder / 'read' / 'table.parquet'}'").fetchall()


def codes(report: Report, severity: str | None = None) -> set[str]:
    """The codes of the problems, of one severity if it is given."""
    return {one.code for one in report.problems if severity in (None, one.severity)}


def lines(report: Report, code: str) -> list[int | None]:
    """The lines of the problems of a code."""
    return [one.line for one in report.problems if one.code == code]
