"""From a working calendar to the spans of time in which it is open.

A moment counts as open when the clock on the office wall, in the calendar's zone, reads a time within the
hours. That one sentence also settles daylight saving: an hour that is skipped has no moments, an hour that comes
twice counts twice. Everything is whole microseconds since 1970-01-01 UTC, so sums never drift.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()

BLOCK = 128 * DAY
"""Open spans are worked out and kept in blocks this long: short enough to be cheap after a calendar changed,
long enough that a promise of some weeks touches one or two."""


class Interval(NamedTuple):
    """Opening hours in minutes from the midnight that begins their day; past 1440 they run into the next day."""

    opens: int
    closes: int

    @classmethod
    def between(cls, opens: str, closes: str) -> "Interval":
        """Hours written "07:30", "14:30"; "24:00" is midnight, an earlier end is next morning's, equal is closed."""
        first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes))
        return cls(first, last if last >= first else last + 1440)

    @classmethod
    def of(cls, opens: time, closes: time) -> "Interval":
        """Hours as the database keeps them: it has no 24:00, so closing at 00:00 is the midnight ending the day."""
        first, last = (at.hour * 60 + at.minute for at in (opens, closes))
        return cls(first, last if last > first else last + 1440)


class SpecialDay(NamedTuple):
    """The hours of one date, instead of the weekly ones and whatever closure falls on it; no hours: closed."""

    intervals: tuple[Interval, ...]
    label: Hashable = None


@dataclass(frozen=True)
class Pause:
    """Time that does not count: from `start` up to, not including, `end`; None while it lasts."""

    start: datetime
    end: datetime | None
    reason: Hashable = None


@dataclass(frozen=True)
class WorkingHours:
    """A working calendar as plain values: weekly hours (Monday is 0), closures and special days by date."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    closures: Mapping[date, Hashable] = field(default_factory=dict)
    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    _blocks: dict[int, "Block"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on this date."""
        if day in self.special:
            return self.special[day].intervals
        if day in self.closures:
            return ()
        return self.usually_on(day)

    def usually_on(self, day: date) -> tuple[Interval, ...]:
        """The intervals the week alone would give this date."""
        return self.weekly.get(day.weekday(), ())

    def block(self, number: int) -> "Block":
        """The open spans of one stretch of BLOCK microseconds, worked out when first asked for."""
        found = self._blocks.get(number)
        if found is None:
            found = self._blocks[number] = Block.of(self, number * BLOCK, (number + 1) * BLOCK)
        return found


class Span(NamedTuple):
    """From `start` up to, not including, `end`, in microseconds: of UTC, or of the office wall's clock."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """The open spans of one stretch, and how much had been worked when each of them ended."""

    starts: list[int]
    ends: list[int]
    worked: list[int]

    @classmethod
    def of(cls, hours: WorkingHours, start: int, end: int) -> "Block":
        """The block of this stretch of UTC."""
        walls = merged(_open_on_the_wall(hours, wall_days(start, end)))
        open_spans = [
            span for piece, offset in offsets(hours.zone, start, end) for span in on_the_utc_line(walls, piece, offset)
        ]
        spans = merged(open_spans)
        worked = list(accumulate(span.end - span.start for span in spans))
        return cls([span.start for span in spans], [span.end for span in spans], worked)

    @property
    def total(self) -> int:
        """All the working time of the block."""
        return self.worked[-1] if self.worked else 0

    def is_open(self, at: int) -> bool:
        """Whether `at` lies in one of the spans."""
        index = bisect_right(self.starts, at) - 1
        return index >= 0 and at < self.ends[index]

    def worked_before(self, at: int) -> int:
        """Working time of the block that lies before `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.worked[index] - max(0, self.ends[index] - at)

    def reached(self, amount: int) -> int:
        """The earliest moment by which `amount` (above 0, at most `total`) was worked: at closing, if it ends there."""
        index = bisect_left(self.worked, amount)
        return self.ends[index] - (self.worked[index] - amount)


def to_micros(at: datetime) -> int:
    """Microseconds since the epoch; refuses a time without a zone, which would mean another moment elsewhere."""
    if at.tzinfo is None:
        raise ValueError(f"A time with its zone is needed, not {at!r}")
    return (at - EPOCH) // MICROSECOND


def from_micros(at: int) -> datetime:
    """The moment, in UTC: Python compares and subtracts local times of one zone as if clocks never changed."""
    return EPOCH + timedelta(microseconds=at)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in ascending spans that neither touch nor overlap; empty ones dropped."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def wall_days(start: int, end: int) -> range:
    """Ordinals of every date whose hours can touch this stretch of UTC, whatever the zone and however late they run."""
    return range(EPOCH_DAY + start // DAY - 2, EPOCH_DAY + end // DAY + 2)


def on_the_wall(ordinal: int, interval: Interval) -> Span:
    """The interval of that date on the wall clock's own line of time."""
    midnight = (ordinal - EPOCH_DAY) * DAY
    return Span(midnight + interval.opens * MINUTE, midnight + interval.closes * MINUTE)


def on_the_utc_line(walls: list[Span], piece: Span, offset: int) -> Iterator[Span]:
    """What of the wall's spans falls in a piece of UTC during which the wall is `offset` ahead."""
    first = bisect_right(walls, piece.start + offset, key=lambda wall: wall.end)
    for wall in walls[first:]:
        start, end = (
            max(wall.start - offset, piece.start),
            min(wall.end - offset, piece.end),
        )
        if start >= piece.end:
            return
        yield Span(start, end)


def offsets(zone: ZoneInfo, start: int, end: int) -> list[tuple[Span, int]]:
    """The stretch of UTC in pieces of one offset each; a new piece begins where the clocks are changed."""
    pieces = []
    begun, offset = start, _offset(zone, start)
    for at in range(start, end, DAY):
        until = min(at + DAY, end)
        later = _offset(zone, until)
        if later != offset:
            change = _change(zone, at, until)
            pieces.append((Span(begun, change), offset))
            begun, offset = change, later
    pieces.append((Span(begun, end), offset))
    return pieces


def _open_on_the_wall(hours: WorkingHours, days: range) -> Iterator[Span]:
    for ordinal in days:
        for interval in hours.on(date.fromordinal(ordinal)):
            yield on_the_wall(ordinal, interval)


def _offset(zone: ZoneInfo, at: int) -> int:
    ahead = from_micros(at).astimezone(zone).utcoffset()
    assert ahead is not None  # every moment of a ZoneInfo has one
    return ahead // MICROSECOND


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first moment with the offset of `after`, when it is not the one of `before`."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after
