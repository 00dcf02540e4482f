"""What calamine does not tell of an XLS: errors, what is hidden, formulas - from its records (Microsoft MS-XLS)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from opendata.reading.ole import Container
from opendata.reading.sheet_marks import ERRORS, Marks

_FORMULA, _SHEET, _BOOL_OR_ERROR, _BEGIN, _FINISH = 0x0006, 0x0085, 0x0205, 0x0809, 0x000A
_ROW, _COLUMNS = 0x0208, 0x007D
_NAMES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def marks_of_xls(container: Container, sheet: int) -> Marks:
    """The marks of the sheet with this place in the workbook; none when the workbook is older than Excel 97."""
    marks = Marks()
    stream = next((one for one in container.streams if one.name.lower() == "workbook"), None)
    if stream is None:
        return marks
    content = container.read(stream)
    starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(content, 0) if kind == _SHEET]
    if sheet >= len(starts):
        return marks
    for kind, body in _records(content, starts[sheet]):
        if kind == _FORMULA and len(body) >= 14:
            marks.formulas += 1
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                _note(marks, body, body[8])
        elif kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7]:
            _note(marks, body, body[6])
        else:
            _hide(marks, kind, body)
    return marks


def _hide(marks: Marks, kind: int, body: bytes) -> None:
    """A row of no height, or columns that are hidden."""
    if kind == _ROW and len(body) >= 16:
        marks.hidden_rows += bool(body[12] & 0x20)
    elif kind == _COLUMNS and len(body) >= 10 and body[8] & 0x01:
        first, last = struct.unpack_from("<HH", body)
        marks.hidden_columns.append((first + 1, last + 1))


def _note(marks: Marks, body: bytes, code: int) -> None:
    place = struct.unpack_from("<HH", body)
    if len(marks.errors) < ERRORS:
        marks.errors[place] = _NAMES.get(code, "#ERROR")
    else:
        marks.errors_elsewhere += 1


def _records(content: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records from a place to the end of its substream; charts inside a sheet are substreams of their own."""
    depth = 0
    while place + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, place)
        body = content[place + 4 : place + 4 + length]
        place += 4 + length
        depth += (kind == _BEGIN) - (kind == _FINISH)
        if depth <= 0:
            return
        if depth == 1 and (kind != _SHEET or length >= 4):
            yield kind, body
