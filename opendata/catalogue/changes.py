"""What differs between a version and the one before it, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opendata.catalogue.columns import columns_of
from opendata.catalogue.models import Change

LONGEST = 120
MOST_CELLS = 12
"""Columns of a row that the page shows; the file has all."""


@dataclass(frozen=True)
class Cell:
    """A value of a row, or how it was and is."""

    title: str
    old: str
    new: str
    is_changed: bool = False


@dataclass(frozen=True)
class Differing:
    """A row that was added, removed or changed. `named` are the values of its key."""

    op: str
    named: list[Cell]
    cells: list[Cell]
    left_out: int = 0


def differing(change: Change) -> list[Differing]:
    """The sample of the rows that differ."""
    titles = {column.name: column.title for column in [*columns_of(change.previous), *columns_of(change.version)]}
    return [_row(one, titles) for one in change.sample]


def column_titles(change: Change) -> dict[str, list[str]]:
    """The columns that came, went or have another type, by their titles."""
    titles = {column.name: column.title for column in [*columns_of(change.previous), *columns_of(change.version)]}
    kinds = ("added", "removed", "retyped")
    return {kind: [titles.get(name, name) for name in change.columns.get(kind, [])] for kind in kinds}


def _row(one: Mapping[str, Any], titles: Mapping[str, str]) -> Differing:
    values = one.get("values") or {}
    named = [Cell(titles.get(name, name), _text(value), _text(value)) for name, value in (one.get("key") or {}).items()]
    cells = [_cell(titles.get(name, name), value, one["op"]) for name, value in list(values.items())[:MOST_CELLS]]
    return Differing(one["op"], named, cells, max(0, len(values) - MOST_CELLS))


def _cell(title: str, value: Any, op: str) -> Cell:
    if op == "changed":
        old, new = value
        return Cell(title, _text(old), _text(new), is_changed=True)
    return Cell(title, _text(value), _text(value))


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
