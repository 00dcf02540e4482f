"""XLSX, XLS and ODS through calamine: one sheet as rows of text, the others listed, oddities told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from opendata.reading import elsewhere
from opendata.reading.choices import Choices
from opendata.reading.gathering import Problems, Unreadable
from opendata.reading.ole import Container
from opendata.reading.report import PersonalFinding, Sheet
from opendata.reading.sheet_marks import Marks, column_letters, marks_of_ods, marks_of_xlsx
from opendata.reading.source import Row, Source
from opendata.reading.xls_marks import marks_of_xls

WIDEST = 1_000
_EXACT = 10**15


def open_spreadsheet(path: Path, kind: str, work: Path, choices: Choices, problems: Problems) -> Source:
    """One sheet of a workbook as a Source. Raises Unreadable when there is none, or the file is damaged or locked."""
    named = work / f"source.{kind}"  # calamine goes by the ending
    named.unlink(missing_ok=True)
    named.symlink_to(path.resolve())
    try:
        return _opened(named, kind, choices, problems)
    except (Unreadable, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        name = type(error).__name__
        raise problems.stop("password" if name == "PasswordError" else "damaged", what=name) from error


def _opened(path: Path, kind: str, choices: Choices, problems: Problems) -> Source:
    import python_calamine

    book = python_calamine.load_workbook(str(path))
    hidden = {one.name for one in book.sheets_metadata if _last(one.visible) != "Visible"}
    names = [one.name for one in book.sheets_metadata if _last(one.typ) == "WorkSheet"]
    seen: dict[str, Marks] = {}
    if len(names) == 1:
        seen[names[0]] = _marks(path, kind, names[0], book.sheet_names)
        _refuse_wide(seen[names[0]], problems)
    sheets, opened = _measured(book, names)
    name = _taken(sheets, hidden, choices, problems)
    _tell_others(sheets, name, hidden, problems)
    marks = seen.get(name) or _marks(path, kind, name, book.sheet_names)
    _refuse_wide(marks, problems)
    sheet = opened if opened and opened.name == name else book.get_sheet_by_name(name)
    _tell_marks(marks, sheet, problems)
    offset = sheet.start[1] if sheet.start else 0
    merged = [
        (top, left - offset, bottom, right - offset) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    personal = [*_tell_margins(path, kind, problems), *_in_others(book, sheets, name)]
    rows = _rows(sheet.iter_rows(), marks, offset, problems)
    return Source(kind=kind, rows=rows, sheets=sheets, sheet=name, merged=merged, elsewhere=personal)


def _measured(book: Any, names: list[str]) -> tuple[list[Sheet], Any]:
    """The sizes of all sheets, and the first with content, kept open as it is the one most often read."""
    sizes, kept = [], None
    for name in names:
        sheet = book.get_sheet_by_name(name)
        sizes.append(Sheet(name, sheet.height, sheet.width))
        if kept is None and sheet.height:
            kept = sheet
    return sizes, kept


def _marks(path: Path, kind: str, name: str, names: list[str]) -> Marks:
    if kind == "xlsx":
        return marks_of_xlsx(path, name)
    if kind == "ods":
        return marks_of_ods(path)
    return marks_of_xls(Container(path.read_bytes()), names.index(name))


def _last(enumeration: Any) -> str:
    return str(enumeration).rpartition(".")[2]


def _refuse_wide(marks: Marks, problems: Problems) -> None:
    """Before calamine lays the sheet out in memory: one stray cell in column XFD makes every row 16,384 cells wide."""
    if marks.width > WIDEST:
        raise problems.stop("too_many_columns", columns=marks.width, limit=WIDEST)


def _taken(sheets: list[Sheet], hidden: set[str], choices: Choices, problems: Problems) -> str:
    """The name of the chosen sheet, else of the first with content, a visible one if there is any."""
    if choices.sheet is not None:
        if choices.sheet not in [one.name for one in sheets]:
            raise problems.stop("sheet_missing", sheet=choices.sheet)
        return choices.sheet
    filled = [one.name for one in sheets if one.rows and one.columns]
    if not filled:
        raise problems.stop("no_table")
    return next((name for name in filled if name not in hidden), filled[0])


def _tell_others(sheets: list[Sheet], name: str, hidden: set[str], problems: Problems) -> None:
    others = [one.name for one in sheets if one.name != name and one.rows]
    if others:
        problems.add("other_sheets", sheet=name, others=others[:50])
    for one in sorted(hidden)[:50]:
        problems.add("hidden_sheet", sheet=one)


def _in_others(book: Any, sheets: list[Sheet], name: str) -> list[PersonalFinding]:
    """What the sheets that are not read say about people, one sheet in memory after the other."""
    found: list[PersonalFinding] = []
    for one in sheets:
        if one.name != name and one.rows:
            rows = book.get_sheet_by_name(one.name).iter_rows()
            found += elsewhere.in_rows(one.name, ([as_text(cell) for cell in row] for row in rows))
    return found


def _tell_margins(path: Path, kind: str, problems: Problems) -> list[PersonalFinding]:
    margins = elsewhere.margins_of(path, kind)
    if margins.comments:
        problems.add("comments", count=margins.comments)
    if margins.makers:
        problems.add("people_named", names=margins.makers)
    return margins.personal


def _tell_marks(marks: Marks, sheet: Any, problems: Problems) -> None:
    if marks.formulas:
        problems.add("formulas", count=marks.formulas)
    for cell in marks.unvalued:
        problems.add(
            "formula_without_value", line=int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0) or None, cell=cell
        )
    for (row, column), value in sorted(marks.errors.items()):
        problems.add("error_value", line=row + 1, value=value, cell=f"{column_letters(column + 1)}{row + 1}")
    if marks.errors_elsewhere:
        problems.add("error_value", times=marks.errors_elsewhere, cell="")
    if marks.hidden_rows:
        problems.add("hidden_rows", count=marks.hidden_rows)
    last = sheet.end[1] + 1 if sheet.end else 0
    hidden = sum(min(right, last) - left + 1 for left, right in marks.hidden_columns if left <= last)
    if hidden:
        problems.add("hidden_columns", count=hidden)


def _rows(rows: Iterator[list[Any]], marks: Marks, offset: int, problems: Problems) -> Iterator[Row]:
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (place, column), value in marks.errors.items():
        by_row.setdefault(place, []).append((column - offset, value))
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            cells = [cell if type(cell) is str else as_text(cell) for cell in row]
            for column, value in by_row.get(number - 1, ()):
                if 0 <= column < len(cells) and not cells[column]:
                    cells[column] = value
            yield number, cells
    except ValueError as error:  # a serial number beyond what dates can hold
        raise problems.stop("damaged", line=number + 1, what=type(error).__name__) from error


def as_text(cell: Any) -> str:
    """A cell's value as text that loses nothing: whole numbers without ".0", ISO dates, durations as h:mm:ss."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        text = repr(cell)
        return format(Decimal(text), "f") if "e" in text and 1e-30 < abs(cell) < 1e30 else text
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, datetime.timedelta):
        seconds = round(cell.total_seconds())
        return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
