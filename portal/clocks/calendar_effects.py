"""How many open clocks a change of a calendar would move, found without keeping the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from portal.clocks.models import Clock
from portal.clocks.tables import pauses_of
from portal.working_days.hours import WorkingHours, due
from portal.working_days.models import Calendar

MOST = 20_000
"""Clocks looked at for a preview; beyond them it says "at least"."""
CHUNK = 2000


@dataclass(frozen=True)
class Effect:
    """What a change would do to the open clocks of a calendar."""

    moved: int
    looked_at: int
    is_partial: bool


def effect_of(calendars: Iterable[Calendar]) -> Effect:
    """How many open clocks are due at another time with the calendars as this transaction has them now."""
    by_id = Calendar.objects.working_hours_by_calendar({calendar.pk for calendar in calendars})
    rows = Clock.objects.open().filter(calendar__in=by_id, due_at__isnull=False).order_by("pk")
    fields = ("subject_kind", "subject_id", "started_at", "minutes", "due_at", "calendar")
    clocks = rows.only(*fields)[: MOST + 1].iterator(chunk_size=CHUNK)
    moved = looked_at = 0
    while chunk := list(islice(clocks, CHUNK)):
        looked_at += len(chunk)
        moved += _moved(chunk, by_id)
    return Effect(moved, min(looked_at, MOST), looked_at > MOST)


def _moved(clocks: list[Clock], hours: dict[int, WorkingHours]) -> int:
    pauses = pauses_of(clocks)
    return sum(
        due(hours[clock.calendar_id], clock.started_at, clock.minutes, pauses[clock.subject_kind, clock.subject_id])
        != clock.due_at
        for clock in clocks
    )
