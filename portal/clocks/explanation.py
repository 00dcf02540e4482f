"""Why a promise is due when it is: the rows of a table for staff and citizens alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.clocks.models import Clock, PauseReason
from portal.clocks.tables import timetables
from portal.working_days.hours import Kind, Line, explain
from portal.working_days.words import in_words


@dataclass(frozen=True)
class Row:
    """One stretch: days, the hours on a single day, what it was, and how much had been counted at its end."""

    first_day: date
    last_day: date
    start: datetime
    end: datetime | None
    words: str
    is_counted: bool
    minutes: int
    total: int

    @property
    def is_one_day(self) -> bool:
        return self.first_day == self.last_day

    @property
    def is_whole_days(self) -> bool:
        """Days skipped from midnight to midnight, for which hours would say nothing."""
        return not self.is_counted and self.end is not None and self.start.time() == self.end.time() == _MIDNIGHT

    @property
    def length(self) -> str:
        """What it counted, as hours and minutes."""
        return span(self.minutes)

    @property
    def so_far(self) -> str:
        return span(self.total)


SHORTEST = timedelta(minutes=1)
"""Stretches shorter than this would show as beginning and ending at the same minute."""
_MIDNIGHT = datetime.min.time()


def span(minutes: int) -> str:
    """Minutes written as hours and minutes: 7:00."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def explain_clock(clock: Clock) -> list[Row]:
    """What was counted and what was skipped between the clock's start and its due time, in the page's language.

    Nights and other time outside the day's hours are left out; whole days skipped for one reason are one row.
    While a pause lasts the last row has no end.
    """
    table = timetables([clock])[clock.pk]
    lines = explain(table.hours, clock.started_at, clock.minutes, table.pauses)
    return list(_rows(_joined(_named(line) for line in lines if line.kind is not Kind.OUTSIDE_HOURS)))


def _named(line: Line) -> Line:
    if line.kind is not Kind.PAUSE:
        return line
    return replace(line, label=PauseReason(str(line.label)).label)


def _joined(lines: Iterable[Line]) -> Iterator[tuple[Line, date]]:
    """Neighbouring days skipped for the same reason as one line, with the last of these days."""
    last: Line | None = None
    until: date | None = None
    for line in lines:
        if last and not line.counted and not last.counted and (last.kind, last.label) == (line.kind, line.label):
            last, until = replace(last, end=line.end), line.day
            continue
        if last and until:
            yield last, until
        last, until = line, line.day
    if last and until:
        yield last, until


def _rows(lines: Iterable[tuple[Line, date]]) -> Iterator[Row]:
    total = 0.0
    for line, last_day in lines:
        total += line.minutes
        if line.end is not None and line.end - line.start < SHORTEST:
            continue
        yield Row(
            first_day=line.day,
            last_day=last_day,
            start=line.start,
            end=line.end,
            words=in_words(line),
            is_counted=line.counted,
            minutes=int(line.minutes),
            total=int(total),
        )
