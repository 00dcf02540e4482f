"""Why is it due then? The answer, line by line."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from portal.working_days.spans import (
    DAY,
    EPOCH_DAY,
    MINUTE,
    Interval,
    Pause,
    Span,
    WorkingHours,
    from_micros,
    offsets,
    on_the_wall,
    to_micros,
)


class Kind(StrEnum):
    """What a stretch of time was: counted, or skipped for this reason."""

    COUNTED = "counted"
    OUTSIDE_HOURS = "outside_hours"
    WEEKEND = "weekend"
    CLOSURE = "closure"
    SPECIAL_HOURS = "special_hours"
    PAUSE = "pause"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of one local day, its ends in the calendar's zone.

    `minutes` are the counted ones, 0 when skipped. `label` is the closure's or special day's (a counted line of a
    special day has it too), or the pause's reason. `end` is None only on a last line that has no end yet.
    """

    day: date
    start: datetime
    end: datetime | None
    kind: Kind
    label: Hashable = None
    minutes: float = 0

    @property
    def counted(self) -> bool:
        """Whether this time counts towards the promise."""
        return self.kind is Kind.COUNTED

    @classmethod
    def without_end(cls, hours: WorkingHours, start: datetime, kind: Kind, label: Hashable) -> "Line":
        """The last line of a promise that cannot be reached."""
        local = start.astimezone(hours.zone)
        return cls(local.date(), local, None, kind, label)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A line in the making: microseconds of UTC, or of the wall's clock."""

    start: int
    end: int
    kind: Kind
    label: Hashable = None


def lines(hours: WorkingHours, start: datetime, until: datetime, pauses: Iterable[Pause]) -> list[Line]:
    """What happened in [start, until), day by day, without gaps."""
    first, last = to_micros(start), to_micros(until)
    if last <= first:
        return []
    paused = _by_start(pauses, last)
    found: list[Line] = []
    for piece, offset in offsets(hours.zone, first, last):
        wall = Span(piece.start + offset, piece.end + offset)
        for ordinal in range(EPOCH_DAY + wall.start // DAY, EPOCH_DAY + -(-wall.end // DAY)):
            stretches = _cut(_day(hours, ordinal), wall)
            moved = (replace(s, start=s.start - offset, end=s.end - offset) for s in stretches)
            for stretch in _together(part for s in moved for part in _without_pauses(s, paused)):
                found.append(_line(hours, date.fromordinal(ordinal), stretch))
    return found


def _line(hours: WorkingHours, day: date, stretch: _Stretch) -> Line:
    start, end = (from_micros(at).astimezone(hours.zone) for at in (stretch.start, stretch.end))
    minutes: float = 0
    if stretch.kind is Kind.COUNTED:
        whole, rest = divmod(stretch.end - stretch.start, MINUTE)
        minutes = whole + rest / MINUTE if rest else whole
    return Line(day, start, end, stretch.kind, stretch.label, minutes)


def _day(hours: WorkingHours, ordinal: int) -> list[_Stretch]:
    """The whole day on the wall's clock, from midnight to midnight, each stretch with what it is."""
    midnight = (ordinal - EPOCH_DAY) * DAY
    owners = [(date.fromordinal(number), number) for number in (ordinal, ordinal - 1)]
    opened = [(on_the_wall(n, i), day) for day, n in owners for i in hours.on(day)]
    usual = [(on_the_wall(n, i), day) for day, n in owners for i in hours.usually_on(day)]
    edges = {midnight, midnight + DAY} | {edge for span, _ in (*opened, *usual) for edge in span}
    cuts = sorted(edge for edge in edges if midnight <= edge <= midnight + DAY)
    stretches = []
    for start, end in pairwise(cuts):
        owner = _owner(opened, start)
        if owner:
            special = hours.special.get(owner)
            kind, label = Kind.COUNTED, special.label if special else None
        else:
            kind, label = _why_closed(hours, owners[0][0], _owner(usual, start))
        stretches.append(_Stretch(start, end, kind, label))
    return stretches


def _owner(spans: list[tuple[Span, date]], at: int) -> date | None:
    """The day whose hours include this moment."""
    return next((day for span, day in spans if span.start <= at < span.end), None)


def _why_closed(hours: WorkingHours, day: date, usual: date | None) -> tuple[Kind, Hashable]:
    """Why nobody works at a moment of `day`; `usual` is the day whose weekly hours would have included it."""
    if usual and usual in hours.special:
        return Kind.SPECIAL_HOURS, hours.special[usual].label
    if usual:
        return Kind.CLOSURE, hours.closures[usual]
    if day in hours.closures and day not in hours.special:
        return Kind.CLOSURE, hours.closures[day]
    if day in hours.special or any(_real(hours.usually_on(day))):
        return Kind.OUTSIDE_HOURS, None
    return Kind.WEEKEND, None


def _real(intervals: Iterable[Interval]) -> Iterator[Interval]:
    return (interval for interval in intervals if interval.closes > interval.opens)


def _cut(stretches: list[_Stretch], window: Span) -> Iterator[_Stretch]:
    for stretch in stretches:
        start, end = max(stretch.start, window.start), min(stretch.end, window.end)
        if start < end:
            yield replace(stretch, start=start, end=end)


def _by_start(pauses: Iterable[Pause], last: int) -> list[_Stretch]:
    """Where pauses overlap the one that began first is named."""
    spans = [
        _Stretch(
            to_micros(p.start),
            last if p.end is None else to_micros(p.end),
            Kind.PAUSE,
            p.reason,
        )
        for p in pauses
    ]
    return sorted(spans, key=lambda stretch: stretch.start)


def _without_pauses(stretch: _Stretch, pauses: list[_Stretch]) -> Iterator[_Stretch]:
    """The stretch, with the paused parts of it if it would have counted. A pause takes nothing from closed hours."""
    at = stretch.start
    for pause in pauses if stretch.kind is Kind.COUNTED else ():
        start, end = max(pause.start, at), min(pause.end, stretch.end)
        if start >= end:
            continue
        if at < start:
            yield replace(stretch, start=at, end=start)
        yield replace(pause, start=start, end=end)
        at = end
    if at < stretch.end:
        yield replace(stretch, start=at)


def _together(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """Neighbours that are the same joined into one."""
    last: _Stretch | None = None
    for stretch in stretches:
        if last and (last.kind, last.label) == (stretch.kind, stretch.label):
            last = replace(last, end=stretch.end)
        else:
            if last:
                yield last
            last = stretch
    if last:
        yield last
