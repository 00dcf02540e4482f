"""The bytes of a CSV or XLSX file as rows of texts with their line numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from opendata.inventory.importing import workbook
from opendata.inventory.importing.columns import COLUMNS, Column, named
from portal.forms import clean_text

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_CELLS = 200
"""Cells of a row that are looked at; an inventory has 25 columns."""
_CELL = 20_000
_DELIMITERS = ",;\t|"
_FIRST_LINES = 20
"""A title may stand above the header."""


class Unreadable(Exception):
    """Nothing of the file can be taken over. `message` (lazy) says why and what to do."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Row:
    """A line of the file: its number, counted from 1 with the header, and the text of each known column.

    One that is too long has content where the header names no column: a cell may have slipped.
    """

    line: int
    cells: dict[str, str]
    is_too_long: bool = False


@dataclass(frozen=True)
class Table:
    """The rows with content. `ignored` names columns nobody knows; `examples` counts lines that begin with #."""

    rows: list[Row]
    ignored: list[str]
    examples: int


Line = tuple[int, list[str]]


def read(content: bytes) -> Table:
    """The table in the file; raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it into parts."))
    lines = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    return _table(lines)


def _table(lines: Iterator[Line]) -> Table:
    headers = _header(lines)
    columns = _columns(headers)
    rows: list[Row] = []
    examples = 0
    for line, cells in lines:
        if not any(cells):
            continue
        if cells[0].startswith("#"):
            examples += 1
            continue
        if len(rows) >= MOST_ROWS:
            raise Unreadable(_("The file has more than 5,000 rows. Split it into parts."))
        texts = {column.name: cells[place] for place, column in columns.items() if place < len(cells)}
        beyond = any(text for place, text in enumerate(cells) if place >= len(headers) or not headers[place])
        rows.append(Row(line, texts, beyond))
    if not rows:
        raise Unreadable(_("The file has a header, but no rows below it."))
    known = set(columns)
    return Table(rows, [text for place, text in enumerate(headers) if text and place not in known], examples)


def _header(lines: Iterator[Line]) -> list[str]:
    """The first line that names columns. Raises Unreadable."""
    for line, cells in lines:
        if sum(named(cell) is not None for cell in cells if cell) >= 2:
            return cells
        if line > _FIRST_LINES:
            break
    raise Unreadable(_("No line names the columns of an inventory. Take the header from the template."))


def _columns(headers: list[str]) -> dict[int, Column]:
    """Place -> column. Raises Unreadable where a column comes twice or a required one is missing."""
    found = {place: column for place, text in enumerate(headers) if text and (column := named(text))}
    names = [column.name for column in found.values()]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Unreadable(_Message(_("These columns come twice: %(columns)s."), twice))
    if missing := {column.name for column in COLUMNS if column.is_required} - set(names):
        raise Unreadable(_Message(_("These columns are missing: %(columns)s. Take the header from the template."),
                                  missing))  # fmt: skip
    return found


class _Message:
    """A sentence that names columns, worded when it is read."""

    def __init__(self, sentence: Any, names: set[str]) -> None:
        self.sentence, self.names = sentence, names

    def __str__(self) -> str:
        titles = [str(column.title) for column in COLUMNS if column.name in self.names]
        return str(self.sentence) % {"columns": str(_(", ")).join(titles)}


# Text ------------------------------------------------------------------------------------------------------


def _text(content: bytes) -> Iterator[Line]:
    text = decoded(content)
    if "\x00" in text or content.startswith((b"%PDF", b"MZ", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("The file is neither CSV nor XLSX. Save the table as one of them."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = 0
    try:
        for cells in reader:
            if any(len(cell) > _CELL for cell in cells):
                raise Unreadable(_BadLine(before + 1))
            yield before + 1, [_cell(cell) for cell in cells[:MOST_CELLS]] or [""]
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(_BadLine(before + 1)) from error


def _delimiter(text: str) -> str:
    """What the first line with any of them has most of: a title may stand above the header."""
    for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES]:
        if any(mark in line for mark in _DELIMITERS):
            return max(_DELIMITERS, key=line.count)
    return ","


class _BadLine:
    """Where the quotes of a CSV file go wrong."""

    def __init__(self, line: int) -> None:
        self.line = line

    def __str__(self) -> str:
        told = _("Line %(line)d cannot be read: a quotation mark is not closed, or text follows a closed one.")
        return str(told) % {"line": self.line}


def decoded(content: bytes) -> str:
    """The text: UTF-16 by its mark, else UTF-8, else Windows-1256, in which Arabic spreadsheets save CSV."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1256"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The letters of the file cannot be read. Save it as CSV in UTF-8, or as XLSX."))


def _cell(value: Any) -> str:
    return clean_text(value).strip()


# Workbooks -------------------------------------------------------------------------------------------------

_NO_ROWS = {
    workbook.DAMAGED: _("The workbook is damaged or protected by a password. Save it again."),
    workbook.UNREADABLE: _("The workbook cannot be read. Save it again as XLSX, without a password."),
    workbook.UNPACKED: _("Unpacked, the workbook is far too large for an inventory."),
    workbook.TOO_BIG: _("The workbook is too large to be read; perhaps a cell lies far away from the table. Copy the "
                        "table into a new workbook, or save it as CSV."),
}  # fmt: skip


def _workbook(content: bytes) -> Iterator[Line]:
    """The rows of the first sheet."""
    try:
        rows = workbook.rows_of(content, MOST_ROWS + _FIRST_LINES + 100, MOST_CELLS)
    except workbook.NoRows as error:
        raise Unreadable(_NO_ROWS[error.code]) from error
    for number, cells in enumerate(rows, start=1):
        yield number, [_cell(cell) for cell in cells] or [""]
