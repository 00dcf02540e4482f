"""XLSX: a sheet of data with titles in both languages, and a sheet with the data dictionary.

A sheet holds decimals of 15 digits (the zeros at their end included), dates from March 1900 on, and whole seconds. A
column that has more is written as text, whole, so that no value changes; texts are texts, whatever they begin with, and
an empty text is an empty cell. The file does not say when it was made.
"""

# ruff: noqa: S608 - the only names in these queries are quoted ones that `Schema` has checked

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata.building.engine import as_text, physical_types, quoted, source
from opendata.building.schema import ColumnSpec, Schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""Beside the header."""
MOST_COLUMNS = 16_384
MOST_CELLS = 5_000_000
MOST_CHARACTERS = 32_767
"""In a cell."""
DIGITS = 15
DATA, DICTIONARY = "البيانات Data", "القاموس Dictionary"
_HEADINGS = {
    "name": "الاسم Name",
    "type": "النوع Type",
    "title_ar": "العنوان (عربي)",
    "title_en": "Title (English)",
    "description_ar": "الوصف (عربي)",
    "description_en": "Description (English)",
    "unit": "وحدة القياس Unit",
    "formula": "المعادلة Formula",
}
_BATCH = 2_000
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
)


def xlsx_obstacle(connection: DuckDBPyConnection, table: Path, schema: Schema, rows: int) -> dict[str, Any] | None:
    """Why the table does not fit a sheet (`reason`, `found`, `most`); None where it does."""
    columns = len(schema.columns)
    limits = [("rows", rows, MOST_ROWS), ("columns", columns, MOST_COLUMNS), ("cells", rows * columns, MOST_CELLS)]
    for reason, found, most in limits:
        if found > most:
            return {"reason": reason, "found": found, "most": most}
    longest = _longest(connection, table, schema)
    if longest > MOST_CHARACTERS:
        return {"reason": "characters", "found": longest, "most": MOST_CHARACTERS}
    return None


def write_xlsx(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> list[str]:
    """Write both sheets; returns the columns that had to become text."""
    from rustpy_xlsxwriter import Format, write_worksheets

    physical = physical_types(connection, table)
    texts = _must_be_text(connection, table, schema, physical)
    titles = headings(schema)
    draft = target.with_suffix(".draft.xlsx")
    formats = {
        title: form
        for column, title in zip(schema.columns, titles, strict=True)
        if column.name not in texts and (form := _number_format(column, physical[column.name]))
    }
    header = Format().set_bold().set_text_wrap()
    sheets = [(DATA, _records(connection, table, schema, texts, titles)), (DICTIONARY, _dictionary(schema))]
    write_worksheets(
        sheets,
        str(draft),
        freeze_panes={"general": {"row": 1, "col": 0}},
        header_format={DATA: header, DICTIONARY: header},
        column_formats={DATA: {title: Format().set_num_format(form) for title, form in formats.items()}},
        column_width={DATA: 18.0, DICTIONARY: 28.0},
    )
    try:
        _settle(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return texts


def headings(schema: Schema) -> list[str]:
    """The header of the data sheet: both titles, or the name; made different from each other by the name."""
    found = [
        " / ".join(dict.fromkeys(filter(None, (one.title_ar, one.title_en)))) or one.name for one in schema.columns
    ]
    times = Counter(found)
    titles: list[str] = []
    for title, name in zip(found, schema.names, strict=True):
        told_apart = title if times[title] == 1 else f"{title} ({name})"
        while told_apart in titles:
            told_apart += f" ({name})"
        titles.append(told_apart)
    return titles


def _longest(connection: DuckDBPyConnection, table: Path, schema: Schema) -> int:
    """The longest text in units of UTF-16, which a sheet counts: what lies beyond the first plane is two of them."""
    texts = [quoted(column.name) for column in schema.columns if column.type == "text"]
    longest = 0
    for measure in (
        "strlen({0})",
        "length({0}) + length(regexp_replace({0}, '[^\\x{{10000}}-\\x{{10FFFF}}]', '', 'g'))",
    ):
        query = ", ".join(f"coalesce(max({measure.format(text)}), 0)" for text in texts)
        found = connection.execute(f"SELECT greatest({query or 0}, 0) FROM {source(table)}").fetchone()
        longest = int(found[0]) if found and found[0] else 0
        if longest <= MOST_CHARACTERS:  # bytes are never fewer than units, and quicker to count
            break
    return longest


def _must_be_text(connection: DuckDBPyConnection, table: Path, schema: Schema, physical: dict[str, str]) -> list[str]:
    """The columns with a value that a sheet would round or refuse."""
    checks = [(column.name, check) for column in schema.columns if (check := _check(column, physical[column.name]))]
    if not checks:
        return []
    query = ", ".join(f"coalesce(bool_or({check}), false)" for _name, check in checks)
    found = connection.execute(f"SELECT {query} FROM {source(table)}").fetchone() or ()
    return [name for (name, _check), wrong in zip(checks, found, strict=True) if wrong]


def _check(column: ColumnSpec, physical: str) -> str:
    """SQL that is true of a value which a sheet would round or refuse; "" where there can be none."""
    name = quoted(column.name)
    if column.type == "integer":
        return f"{name} >= 1{'0' * DIGITS} OR {name} <= -1{'0' * DIGITS}"
    if column.type == "decimal" and physical.startswith("DECIMAL"):
        width, scale = _width_and_scale(physical)
        limit = f"{Decimal(1).scaleb(DIGITS - scale):f}"
        return f"{name} >= {limit} OR {name} <= -{limit}" if width > DIGITS else ""
    if column.type in ("date", "datetime"):
        finer = f" OR date_part('microsecond', {name}) % 1000000 <> 0" if column.type == "datetime" else ""
        return f"{name} < DATE '1900-03-01' OR {name} >= DATE '10000-01-01'{finer}"
    return ""


def _width_and_scale(physical: str) -> tuple[int, int]:
    """Of `DECIMAL(12,3)`."""
    width, _comma, scale = physical.removeprefix("DECIMAL(").rstrip(")").partition(",")
    return int(width), int(scale)


def _number_format(column: ColumnSpec, physical: str) -> str:
    if column.type == "decimal" and physical.startswith("DECIMAL"):
        _width, scale = _width_and_scale(physical)
        return "0." + "0" * min(scale, 30) if scale else "0"
    return {"integer": "0", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss"}.get(column.type, "")


def _records(
    connection: DuckDBPyConnection, table: Path, schema: Schema, texts: list[str], titles: list[str]
) -> Iterator[dict[str, Any]]:
    """The rows, fetched by and by."""
    values = []
    for column in schema.columns:
        if column.name in texts:
            values.append(as_text(column.name, column.type))
        elif column.type in ("integer", "decimal"):
            values.append(f"CAST({quoted(column.name)} AS DOUBLE)")
        else:
            values.append(quoted(column.name))
    rows = connection.execute(f"SELECT {', '.join(values)} FROM {source(table)}")
    while batch := rows.fetchmany(_BATCH):
        for row in batch:
            yield dict(zip(titles, row, strict=True))


def _dictionary(schema: Schema) -> list[dict[str, str]]:
    return [{heading: getattr(column, name) for name, heading in _HEADINGS.items()} for column in schema.columns]


def _settle(draft: Path, target: Path) -> None:
    """The same book without the moment of its making, which would change the bytes each time."""
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            if entry.filename == "docProps/core.xml":
                new.writestr(info, _CORE)
                continue
            with old.open(entry) as source_file, new.open(info, "w", force_zip64=True) as target_file:
                shutil.copyfileobj(source_file, target_file, 1024 * 1024)
