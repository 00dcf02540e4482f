"""An XLSX file of the rows a query finds, where they are few: values as they are, and nothing that runs.

Numbers of more than 15 digits, days before March 1900 and finer moments than a second are texts, as in the XLSX files
of versions: a sheet would change them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from opendata.querying.queries import Field

MOST_ROWS = 10_000
"""More rows are not made into a sheet while somebody waits; the version's own XLSX file has all of them."""
MOST_CELLS = 300_000
"""Nor more cells: they take some seconds, which nothing stops."""
_DIGITS = 15
_LONGEST_TEXT = 32_767
_FIRST_DAY = date(1900, 3, 1)
_PLAIN = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def sheet(columns: list[Field], rows: Iterable[dict[str, Any]]) -> bytes:
    """The file: a line of column names, then the rows."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True, **dict.fromkeys(_PLAIN, False)})
    book.set_properties({"created": datetime(2000, 1, 1)})  # the same rows are the same bytes
    page = book.add_worksheet("البيانات Data")
    page.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for place, column in enumerate(columns):
        page.write_string(0, place, column.name, bold)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write(page, line, place, _cell(row[column.name], column.type), formats.get(column.type))
    book.close()
    return file.getvalue()


def _cell(value: Any, kind: str) -> Any:
    """The value a sheet holds without changing it; a text where there is none."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return value if len(Decimal(value).as_tuple().digits) <= _DIGITS else f"{value}"
    if kind in ("date", "datetime"):
        moment = datetime.fromisoformat(value)
        return value if moment.date() < _FIRST_DAY or moment.microsecond else moment
    return str(value)[:_LONGEST_TEXT]


def _write(page: Any, line: int, place: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(line, place, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, place, value, style)
    elif isinstance(value, str):
        page.write_string(line, place, value)
    else:
        page.write_number(line, place, value)
