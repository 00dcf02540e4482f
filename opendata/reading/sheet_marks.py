"""What calamine does not tell of a sheet: formulas, errors, hidden rows and columns - read from the XML itself.

Calamine gives an error cell (#REF!) and a formula never calculated as an empty cell, so without this they would vanish.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

_SMALL = 8 * 1024 * 1024
_CHUNK = 2 * 1024 * 1024
ERRORS = 100_000

_SHEET = re.compile(rb"<((?:\w+:)?)worksheet[\s>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_UNVALUED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</"
    rb"(?:\w+:)?c>"
)
_ERROR = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>.{0,4000}?<(?:\w+:)?v>([^<]*)</", re.S)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_FAR = re.compile(rb" r=[\"']([A-Z]{3})[0-9]+[\"'][^>/]*>")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_FIRST = re.compile(rb"\bmin=[\"']([0-9]+)")
_LAST = re.compile(rb"\bmax=[\"']([0-9]+)")
_ODS_COLUMN = re.compile(rb"<table:table[\s>]|<table:table-column\b[^>]*>")
_REPEATED = re.compile(rb"table:number-columns-repeated=\"([0-9]{1,5})\"")
_ODS_ERROR = re.compile(
    rb"calcext:value-type=\"error\"|<text:p>(?:#REF!|#VALUE!|#NAME\?|#DIV/0!|#N/A|Err:[0-9]+)</text:p>"
)


@dataclass
class Marks:
    """Counts, places ("B7"), errors by 0-based (row, column). `width` is the widest place with content if over ZZ."""

    formulas: int = 0
    unvalued: list[str] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    errors_elsewhere: int = 0
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    width: int = 0


def marks_of_xlsx(path: Path, sheet: str) -> Marks:
    """The marks of one sheet of an XLSX; no marks when its XML cannot be found."""
    marks = Marks()
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part not in archive.namelist():
            return marks
        for piece in _pieces(archive, part, _cell_of(archive, part)):
            _look(piece, marks)
    return marks


def marks_of_ods(path: Path) -> Marks:
    """Formulas, errors, hidden rows and columns of a whole ODS: its sheets share one file."""
    marks, column = Marks(), 1
    with zipfile.ZipFile(path) as archive:
        for piece in _pieces(archive, "content.xml", b"<table:table-cell"):
            marks.formulas += piece.count(b"table:formula=")
            marks.errors_elsewhere += len(_ODS_ERROR.findall(piece))
            column = _hide_ods_columns(piece, column, marks)
            marks.hidden_rows += len(
                re.findall(rb"<table:table-row\b[^>]*table:visibility=\"(?:collapse|filter)\"", piece)
            )
    return marks


def _hide_ods_columns(piece: bytes, column: int, marks: Marks) -> int:
    """Note the hidden columns; `column` is the number of the next one, in the sheet that the piece begins in."""
    for found in _ODS_COLUMN.finditer(piece) if b"<table:table" in piece else ():
        tag = found[0]
        if not tag.startswith(b"<table:table-column"):
            column = 1
            continue
        repeated = _REPEATED.search(tag)
        after = column + (int(repeated[1]) if repeated else 1)
        if b'table:visibility="collapse"' in tag or b'table:visibility="filter"' in tag:
            marks.hidden_columns.append((column, after - 1))
        column = after
    return column


def _look(piece: bytes, marks: Marks) -> None:
    """Plain searches first: the patterns are slow, and most sheets have nothing of the kind."""
    if (b"<f" in piece or b":f" in piece) and (formulas := len(_FORMULA.findall(piece))):
        marks.formulas += formulas
        marks.unvalued += [_named(found[1]) for found in _UNVALUED.finditer(piece)][: 1_000 - len(marks.unvalued)]
    errors = b't="e"' in piece or b"t='e'" in piece
    for found in _ERROR.finditer(piece) if errors else ():
        if (place := _PLACE.search(found[1])) and len(marks.errors) < ERRORS:
            marks.errors[int(place[2]) - 1, column_number(place[1].decode()) - 1] = found[2].decode("utf-8", "replace")
        else:
            marks.errors_elsewhere += 1
    for far in _FAR.findall(piece):
        marks.width = max(marks.width, column_number(far.decode()))
    if b"hidden=" not in piece:
        return
    marks.hidden_rows += len(_HIDDEN_ROW.findall(piece))
    for tag in _HIDDEN_COLUMN.findall(piece):
        if (first := _FIRST.search(tag)) and (last := _LAST.search(tag)):
            marks.hidden_columns.append((int(first[1]), int(last[1])))


def _named(attributes: bytes) -> str:
    place = _PLACE.search(attributes)
    return (place[1] + place[2]).decode() if place else ""


def column_number(letters: str) -> int:
    """A column's letters as its 1-based number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A column's 1-based number as its letters."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell_of(archive: zipfile.ZipFile, part: str) -> bytes:
    """How a cell begins in this sheet: some programs write every name with a prefix, `<x:c `."""
    with archive.open(part) as file:
        found = _SHEET.search(file.read(_CHUNK))
    return b"<" + (found[1] if found else b"") + b"c "


def _pieces(archive: zipfile.ZipFile, part: str, cell: bytes) -> Iterator[bytes]:
    """The XML in pieces that begin at a cell, so that no cell is cut in two."""
    kept = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            kept += chunk
            cut = kept.rfind(cell)
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
            elif len(kept) > _SMALL:
                yield kept
                kept = b""
    yield kept


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The path inside the archive of the XML of a sheet."""
    try:
        book = ElementTree.fromstring(_small(archive, "xl/workbook.xml"))  # noqa: S314 expat limits entity expansion
        links = ElementTree.fromstring(_small(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, KeyError):
        return ""
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            target = targets.get(key, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _small(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as file:
        return file.read(_SMALL)
