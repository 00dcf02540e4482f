"""The first rows of a version, sorted and filtered by links and a plain form; nothing beyond them is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.http import urlencode

from opendata.catalogue.columns import Shown, columns_of
from opendata.catalogue.models import Version
from portal.forms import clean_text
from portal.search.folding import fold

ROWS = 25
"""Rows on one page of the preview: a hundred of a wide table are heavy for an old phone."""
MOST_COLUMNS = 40
LONGEST_CELL = 200
LONGEST_TEXT = 100
PLACE = "#preview"


@dataclass(frozen=True)
class Head:
    """The head of a column: the address that sorts by it, and how it is sorted now ("ascending", "descending")."""

    column: Shown
    url: str
    sorted: str = ""


class Preview:
    """What the reader sees of the first rows. Unknown columns in the address are left out of account."""

    def __init__(self, version: Version, query: QueryDict) -> None:
        every = columns_of(version)
        self.columns = every[:MOST_COLUMNS]
        self.more_columns = len(every) - len(self.columns)
        self.available = len(version.preview)
        self.is_all = version.rows <= self.available
        self.rows_in_table = version.rows
        names = [column.name for column in self.columns]
        order = query.get("sort", "")
        self.sort = order.removeprefix("-") if order.removeprefix("-") in names else ""
        self.is_descending = bool(self.sort) and order.startswith("-")
        self.column = query.get("column", "") if query.get("column", "") in names else ""
        self.text = clean_text(query.get("has", ""), lines=False).strip()[:LONGEST_TEXT]
        self._number = query.get("rows")
        self._found = self._sorted(self._filtered(version.preview))

    @property
    def is_there(self) -> bool:
        return self.available > 0

    @property
    def is_changed(self) -> bool:
        """Does it show anything but the first rows as they are?"""
        return bool(self.sort or self.text)

    @property
    def fitting(self) -> int:
        """How many of the rows fit the filter."""
        return len(self._found)

    @property
    def page(self) -> Page[Any]:
        """The rows of one page: cells cut to a readable length."""
        page: Page[Any] = Paginator(self._found, ROWS).get_page(self._number)
        page.object_list = [[_cut(cell) for cell in row[:MOST_COLUMNS]] for row in page.object_list]
        return page

    @property
    def rows(self) -> list[list[tuple[str, bool]]]:
        """The cells of that page, each with whether it is in a column of numbers."""
        are_numbers = [column.is_number for column in self.columns]
        return [list(zip(row, are_numbers, strict=True)) for row in self.page.object_list]

    @property
    def heads(self) -> list[Head]:
        """The columns, each with the address that sorts by it: upwards, then downwards."""
        found = []
        for column in self.columns:
            is_here = column.name == self.sort
            down = is_here and not self.is_descending
            state = ("descending" if self.is_descending else "ascending") if is_here else ""
            found.append(Head(column, self.address(sort=f"-{column.name}" if down else column.name), state))
        return found

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The pages there are, each with its rows and address."""
        page = self.page
        return [
            {
                "first": (number - 1) * ROWS + 1,
                "last": min(number * ROWS, self.fitting),
                "url": self.address(rows=str(number)),
                "is_here": number == page.number,
            }
            for number in page.paginator.page_range
        ]

    @property
    def sorted_by(self) -> Shown | None:
        """The column it is sorted by."""
        return next((column for column in self.columns if column.name == self.sort), None)

    def address(self, **changes: str) -> str:
        """The query that shows the same with these changes, from its first row."""
        order = f"-{self.sort}" if self.is_descending else self.sort
        found = {"column": self.column, "has": self.text, "sort": order, **changes}
        return f"?{urlencode({name: value for name, value in found.items() if value})}{PLACE}"

    def _filtered(self, rows: list[list[str | None]]) -> list[list[str | None]]:
        wanted = fold(self.text)
        if not wanted:
            return rows
        place = next((n for n, column in enumerate(self.columns) if column.name == self.column), None)
        return [row for row in rows if any(wanted in fold(str(cell or "")) for cell in _cells(row, place))]

    def _sorted(self, rows: list[list[str | None]]) -> list[list[str | None]]:
        """Empty cells stand last, whichever way it is sorted."""
        if not self.sort:
            return list(rows)
        place, kind = next((n, one.type) for n, one in enumerate(self.columns) if one.name == self.sort)
        filled = [row for row in rows if row[place] not in (None, "")]
        empty = [row for row in rows if row[place] in (None, "")]
        return sorted(filled, key=lambda row: _order(row[place], kind), reverse=self.is_descending) + empty


def _cells(row: list[str | None], place: int | None) -> list[str | None]:
    return row if place is None else [row[place]]


def _order(cell: Any, kind: str) -> Any:
    """Numbers by size, moments by time, texts as they are compared in a search; what is none of its kind comes last."""
    text = str(cell)
    try:
        if kind in ("integer", "decimal"):
            return 0, Decimal(text), ""
        if kind in ("date", "datetime"):
            return 0, Decimal(datetime.fromisoformat(text).replace(tzinfo=None).toordinal()), text
    except (InvalidOperation, ValueError):
        pass
    return 1, Decimal(0), fold(text)


def _cut(cell: str | None) -> str:
    text = "" if cell is None else str(cell)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
