"""Open figures: tables an area offers to be published as datasets. Each registers its own in apps.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column: its machine name and what it is in both languages. `type`: text, integer, number, date, month."""

    name: str
    type: str
    title_ar: str
    title_en: str
    description_ar: str = ""
    description_en: str = ""


@dataclass(frozen=True)
class OpenTable:
    """A table fit to publish: small cells are already suppressed (None) in what `rows` gives."""

    slug: str
    """Stable: the dataset keeps it as its address."""
    title_ar: str
    title_en: str
    description_ar: str
    description_en: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[tuple[Any, ...]]]
    """One tuple per row, in the order of the columns."""
    updated_at: datetime | None
    """When its figures last changed; None while it has none."""
    organisation: str = ""
    """Code of the organisation whose figures they are; empty: the operator's."""
    frequency: str = "irregular"
    """irregular, daily, monthly, yearly."""


Provider = Callable[[], Iterable[OpenTable]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add somebody who offers tables."""
    _providers.append(provider)


def open_tables() -> list[OpenTable]:
    """Every table offered now, by slug."""
    return sorted((table for provider in _providers for table in provider()), key=lambda table: table.slug)
