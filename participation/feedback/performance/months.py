"""Months as the wall calendar in Oman has them; a month is named by its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone


def month_of(at: datetime) -> date:
    """The month a moment falls in."""
    return timezone.localdate(at, timezone.get_default_timezone()).replace(day=1)


def plus(month: date, number: int) -> date:
    """So many months later (negative: earlier)."""
    years, index = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(years, index + 1, 1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Its first moment, and the first one after it."""
    zone = timezone.get_default_timezone()
    first, after = (datetime.combine(day, time.min, zone) for day in (month, plus(month, 1)))
    return first, after


def months_between(first: date, last: date) -> Iterator[date]:
    """Every month from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = plus(first, 1)
