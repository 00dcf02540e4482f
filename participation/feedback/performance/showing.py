"""Figures in words and tables, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format

from participation.feedback.performance.columns import Group
from participation.feedback.performance.publishing import WITHHELD, Values


@dataclass(frozen=True)
class Line:
    """A row of a table: what it is about, where more is told of it, and its cells in words ("" for nothing)."""

    label: str
    cells: Sequence[str]
    url: str = ""
    chip: str = ""
    is_withheld: bool = False
    """Whether there is nothing but withheld figures."""


@dataclass(frozen=True)
class Table:
    """A table as templates/participation/feedback/performance_table.html shows it."""

    caption: str
    label_heading: str
    headings: Sequence[str]
    lines: Sequence[Line]
    groups: Sequence[tuple[str, int]] = ()
    """Headings above the headings, each with the number of columns it spans."""


@dataclass(frozen=True)
class Source:
    """A published row with what it is called."""

    label: str
    values: Values
    url: str = ""
    chip: str = ""


def in_words(value: Any) -> str:
    """A figure as it is written: whole numbers as they are, others with one decimal, the word for withheld."""
    if value is None:
        return ""
    if value is WITHHELD:
        return str(WITHHELD)
    return number_format(value, 1 if isinstance(value, float) else 0, force_grouping=True)


def per_cent(value: Any) -> str:
    """A share as it is written: whole per cent, rounded down."""
    return f"{int(value)}%" if isinstance(value, float) else in_words(value)


def month_in_words(month: date) -> str:
    """Such as "October 2026"."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def table(caption: str, label_heading: str, sources: Iterable[Source], groups: Sequence[Group]) -> Table:
    """A table of these figures."""
    columns = [column for group in groups for column in group.columns]
    lines = [_line(source, [name for name, _words in columns]) for source in sources]
    above = [(str(group.title), len(group.columns)) for group in groups]
    has_groups = any(title for title, _span in above)
    return Table(caption, label_heading, [str(words) for _n, words in columns], lines, above if has_groups else ())


def _line(source: Source, names: Sequence[str]) -> Line:
    cells = [_cell(name, source.values[name]) for name in names]
    is_withheld = all(source.values[name] is WITHHELD for name in names)
    return Line(source.label, cells, source.url, source.chip, is_withheld)


def _cell(name: str, value: Any) -> str:
    return per_cent(value) if name.endswith("_within") else in_words(value)
