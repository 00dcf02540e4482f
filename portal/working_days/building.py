"""From a calendar's rows to its working hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.working_days.hours import Interval, SpecialDay, WorkingHours

if TYPE_CHECKING:
    from portal.working_days.models import Closure, SpecialHours, WeeklyHours


def build(
    zone: str,
    weekly: Iterable[WeeklyHours],
    closures: Iterable[Closure],
    special: Iterable[SpecialHours],
) -> WorkingHours:
    """The hours these rows describe. Only confirmed closures close; the first of two on one day gives the name."""
    week: dict[int, tuple[Interval, ...]] = {}
    for row in weekly:
        week[row.weekday] = (
            *week.get(row.weekday, ()),
            Interval.of(row.opens, row.closes),
        )
    closed: dict[date, tuple[str, str]] = {}
    for closure in sorted((c for c in closures if c.closes_the_office), key=_first_then_id):
        for day in days(closure.first_day, closure.last_day):
            closed.setdefault(day, closure.label)
    return WorkingHours(ZoneInfo(zone), week, closed, dict(_special_days(special, week, closed)))


def days(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _special_days(
    special: Iterable[SpecialHours],
    week: dict[int, tuple[Interval, ...]],
    closed: dict[date, tuple[str, str]],
) -> Iterator[tuple[date, SpecialDay]]:
    """Hours that beat closures hold on every date they name, others only where work was due anyway."""
    rows = sorted(special, key=_first_then_id)
    by_day = sorted(((day, n) for n, row in enumerate(rows) for day in days(row.first_day, row.last_day)))
    for day, group in groupby(by_day, key=lambda pair: pair[0]):
        todays = [rows[n] for _, n in group]
        winners = [row for row in todays if row.beats_closures]
        if not winners and day not in closed and week.get(day.weekday()):
            winners = todays
        if winners:
            yield (
                day,
                SpecialDay(
                    tuple(Interval.of(r.opens, r.closes) for r in winners),
                    winners[0].label,
                ),
            )


def _first_then_id(row: Closure | SpecialHours) -> tuple[date, int]:
    # A row not saved yet (a preview) comes last.
    return row.first_day, row.pk or 2**63
