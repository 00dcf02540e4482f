"""Months, by which the standing survey is counted, and the database's clock, which alone decides what is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone


def now_there() -> datetime:
    """The time by the database's clock: the one by which votes are let in must be the one by which they are counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def month_of(moment: datetime | None = None) -> date:
    """The first day of the month of a moment (now) where the portal is."""
    return timezone.localdate(moment).replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def started_at(month: date) -> datetime:
    """When a month began."""
    return timezone.make_aware(datetime(month.year, month.month, 1))


def span(month: date | None) -> tuple[datetime | None, datetime | None]:
    """From when until when; (None, None) for a questionnaire that is counted as a whole."""
    return (None, None) if month is None else (started_at(month), started_at(next_month(month)))
