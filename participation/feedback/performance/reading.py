"""What the pages of service levels read: a few rows of the table, never the messages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from participation.feedback.models import MonthlyFigures
from participation.feedback.performance.models import Part
from participation.feedback.performance.months import plus
from participation.feedback.performance.publishing import Values, published, share
from portal.organisations.models import Unit

RECENT = 12
"""So many months are shown where no year is asked for."""


@dataclass(frozen=True)
class Period:
    """The months to show: of a year, or the latest ones. `months` are all that are over, oldest first."""

    months: Sequence[date]
    year: int | None

    @property
    def years(self) -> list[int]:
        """The years one may ask for, newest first."""
        return sorted({month.year for month in self.months}, reverse=True)

    @property
    def shown(self) -> list[date]:
        """The months shown, oldest first."""
        if self.year is not None:
            return [month for month in self.months if month.year == self.year]
        return [month for month in self.months if month > plus(self.months[-1], -RECENT)]

    def month(self, text: str) -> date | None:
        """The month shown that is written so ("2026-09"), else the latest; None where there is none."""
        wanted = [month for month in self.shown if f"{month:%Y-%m}" == text]
        return wanted[0] if wanted else next(iter(self.shown[-1:]), None)


def period(year: str) -> Period:
    """The period a page is asked for; a year without figures is as none."""
    months = list(MonthlyFigures.objects.overall().order_by("month").values_list("month", flat=True))
    asked = [month.year for month in months if str(month.year) == year]
    return Period(months, asked[0] if asked else None)


def units() -> list[Unit]:
    """Units in use, and those of the past that have figures."""
    has_figures = Exists(MonthlyFigures.objects.filter(unit=OuterRef("pk")))
    return list(Unit.objects.filter(Q(is_active=True) | has_figures).select_related("organisation"))


@dataclass(frozen=True)
class Shown:
    """The rows of one unit, or of all together, in a period: oldest first."""

    rows: Sequence[MonthlyFigures]

    @cached_property
    def values(self) -> list[Values]:
        """What may be said of each row."""
        return [published(row) for row in self.rows]

    @property
    def changed_at(self) -> datetime | None:
        """When any of the figures last changed."""
        return max((row.changed_at for row in self.rows), default=None)

    @property
    def months_withheld(self) -> int:
        """How many months are withheld whole."""
        return sum(not row.shows(Part.ALL) for row in self.rows)

    @property
    def latest(self) -> MonthlyFigures | None:
        """The last month that may be shown."""
        return next((row for row in reversed(self.rows) if row.shows(Part.ALL)), None)

    def total(self, part: Part, *names: str) -> int:
        """The sum of these columns over the months in which the part may be shown: never over one that may not."""
        return sum(getattr(row, name) for row in self.rows if row.shows(part) for name in names)

    def share_within(self, part: Part) -> float | None:
        """Per cent of first replies or settlements within promise."""
        count, judged = {
            Part.REPLIES: ("first_replies", "replies"),
            Part.RESOLUTIONS: ("resolutions", "resolutions"),
        }[part]
        return share(self.total(part, f"{judged}_on_time", f"{judged}_excused"), self.total(part, count))

    def satisfaction(self) -> tuple[float | None, int]:
        """Mean and number of the ratings."""
        number = self.total(Part.RATINGS, "ratings")
        return (round(self.total(Part.RATINGS, "rating_sum") / number, 2) if number else None), number


def overall(months: Sequence[date]) -> Shown:
    """All units together in these months."""
    return Shown(list(MonthlyFigures.objects.overall().filter(month__in=months).order_by("month")))


def of_unit(unit: Unit, months: Sequence[date]) -> Shown:
    """One unit in these months."""
    return Shown(list(MonthlyFigures.objects.filter(unit=unit, month__in=months).order_by("month")))


def units_in(month: date) -> Shown:
    """Every unit in one month, in the order of their codes."""
    rows = MonthlyFigures.objects.by_unit().filter(month=month).select_related("unit")
    return Shown(list(rows.order_by("unit__code")))
