"""Service levels as a table for anyone to publish or download: one row for each unit and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from participation.feedback.models import MonthlyFigures
from participation.feedback.performance.columns import COLUMNS
from participation.feedback.performance.models import MonthlyFiguresQuerySet, Part
from participation.feedback.performance.publishing import WITHHELD, published
from portal.bilingual import in_language
from portal.figures.registry import Column, OpenTable
from portal.organisations.models import Unit

ALL_UNITS = "all"
"""Unit code of the rows of all units together; only files of the page have them."""
TITLE = _("Service levels kept")
DESCRIPTION = _("What became of people's messages, by unit and month, beside the promises made about them.")


def tables() -> Iterator[OpenTable]:
    """The table of service levels, for portal.figures.registry."""
    yield OpenTable(
        slug="service-levels",
        title_ar=_in("ar", TITLE),
        title_en=_in("en", TITLE),
        description_ar=_in("ar", DESCRIPTION),
        description_en=_in("en", DESCRIPTION),
        columns=columns(),
        rows=lambda: rows(MonthlyFigures.objects.by_unit()),
        updated_at=MonthlyFigures.objects.aggregate(at=Max("changed_at"))["at"],
        frequency="monthly",
    )


def columns() -> tuple[Column, ...]:
    """The columns with their titles and descriptions in both languages."""
    return tuple(
        Column(
            name=column.name,
            type=column.type,
            title_ar=_in("ar", column.title),
            title_en=_in("en", column.title),
            description_ar=_in("ar", column.description),
            description_en=_in("en", column.description),
        )
        for column in COLUMNS
    )


def rows(figures: MonthlyFiguresQuerySet) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of the columns; what is withheld is None, and the last but one column says so."""
    for row in figures.select_related("unit"):
        yield tuple(_values(row))


def _values(row: MonthlyFigures) -> Iterable[Any]:
    unit = row.unit
    values = published(row) | {
        "month": f"{row.month:%Y-%m}",
        "unit": unit.code if unit else ALL_UNITS,
        **{f"unit_name_{language}": _name(unit, language) for language in ("ar", "en")},
        "withheld": Part.ALL.value if Part.ALL in row.withheld else ", ".join(row.withheld),
        "status": "final" if row.is_final else "provisional",
    }
    return (None if values[column.name] is WITHHELD else values[column.name] for column in COLUMNS)


def _name(unit: Unit | None, language: str) -> str:
    return getattr(unit, f"name_{language}") if unit else _in(language, _("All units"))


def _in(language: str, words: Any) -> str:
    with in_language(language):
        return str(words)
