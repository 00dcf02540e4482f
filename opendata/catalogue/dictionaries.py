"""The data dictionary of a release: carried over from the version before, checked, and what types a column may have."""

from __future__ import annotations

import re
from typing import Any

from opendata.building.schema import ColumnSpec, Schema
from opendata.reading.report import TYPES, Column, Report

TEXTS = ("title_ar", "title_en", "description_ar", "description_en", "unit", "formula")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ALSO = {"integer": ["decimal", "date"], "date": ["datetime"]}
"""Types that values of a type may be read as beside their own and text: whole numbers may be dates of a spreadsheet."""

Entry = dict[str, Any]


def carried_over(columns: list[Column], *earlier: list[Entry]) -> list[Entry]:
    """The dictionary of these columns, with the words of the first of the `earlier` dictionaries that knows the column.

    A column is known by its machine name, or else by its header as written where that is one of the titles. What
    nobody described gets its header as the title in the language it is written in.
    """
    return [_entry(column, earlier) for column in columns]


def _entry(column: Column, earlier: tuple[list[Entry], ...]) -> Entry:
    found = next(filter(None, (_known(column, dictionary) for dictionary in earlier)), {})
    texts = {name: str(found.get(name, "")) for name in TEXTS}
    if not found:
        texts["title_ar" if _ARABIC.search(column.title) else "title_en"] = column.title.strip()[:200]
    return {"name": column.name, "type": column.type, **texts}


def _known(column: Column, dictionary: list[Entry]) -> Entry | None:
    """A column without a Latin header is called by its place, which moves; its title is the surer sign then."""
    by_title = [entry for entry in dictionary if column.title and column.title in _titles(entry)]
    by_name = [entry for entry in dictionary if entry["name"] == column.name]
    if re.fullmatch(r"column_\d+", column.name) and by_title:
        return by_title[0]
    return next(iter(by_name or by_title), None)


def _titles(entry: Entry) -> set[str]:
    return {str(entry.get("title_ar", "")), str(entry.get("title_en", ""))}


def untitled(dictionary: list[Entry]) -> list[str]:
    """Names of the columns without a title in both languages."""
    return [entry["name"] for entry in dictionary if not (entry.get("title_ar") and entry.get("title_en"))]


def undescribed(dictionary: list[Entry]) -> list[str]:
    """Names of the columns without a description in both languages."""
    return [entry["name"] for entry in dictionary if not (entry.get("description_ar") and entry.get("description_en"))]


def possible_types(report: Report, name: str) -> list[str]:
    """Types a publisher may choose for a column: its own, text, what is near, and what almost all values are."""
    index, column = next((i, one) for i, one in enumerate(report.columns) if one.name == name)
    near = [problem.params.get("type") for problem in report.problems
            if problem.code == "value_does_not_fit" and problem.column == index]  # fmt: skip
    wanted = {column.type, "text", *_ALSO.get(column.type, []), *near}
    return [kind for kind in TYPES if kind in wanted]


def schema_of(dictionary: list[Entry], key: list[str]) -> Schema:
    """The dictionary as the builder takes it; raises BadSchema where it contradicts itself."""
    return Schema(tuple(ColumnSpec(**entry) for entry in dictionary), tuple(key))
