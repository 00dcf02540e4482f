"""Working-time arithmetic: when a promise is due, how much of it has run, and why. Pure functions, no database.

Conventions (tests/cases/sla_cases.json holds them as vectors): spans are half-open; a promise whose minutes run
out at closing time is due at closing, not at the next opening; hours past midnight belong to the day they start on;
a special day wins over a closure; pauses count once however they overlap. On time means `event <= due`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.working_days.explanation import Kind, Line, lines
from portal.working_days.spans import (
    BLOCK,
    MICROSECOND,
    MINUTE,
    Interval,
    Pause,
    Span,
    SpecialDay,
    WorkingHours,
    from_micros,
    merged,
    to_micros,
)

__all__ = [
    "Interval",
    "Kind",
    "Line",
    "Pause",
    "SpecialDay",
    "WorkingHours",
    "due",
    "elapsed",
    "explain",
    "is_open",
    "next_opening",
]

HORIZON = timedelta(days=366 * 20) // MICROSECOND
"""How far ahead working time is looked for. No promise is that long: a calendar that cannot meet one by then has no
hours worth the name, and asking it must end."""


def due(hours: WorkingHours, start: datetime, minutes: float, pauses: Iterable[Pause] = ()) -> datetime | None:
    """The earliest moment (UTC) by which `minutes` of open, unpaused time have passed since `start`.

    `start` itself for nothing or less; None when it cannot be reached: a pause still lasts, or there are no hours.
    """
    at, left = to_micros(start), round(minutes * MINUTE)
    limit = at + HORIZON
    for pause in _clipped(pauses, at, limit):
        reached = _reached(hours, at, left, limit)
        if reached is None or reached <= pause.start:
            break
        left -= _worked(hours, at, pause.start)
        at = pause.end
    else:
        reached = _reached(hours, at, left, limit)
    return None if reached is None else from_micros(reached)


def elapsed(hours: WorkingHours, start: datetime, until: datetime, pauses: Iterable[Pause] = ()) -> float:
    """Minutes of open, unpaused time in [start, until): an int when whole, 0 when `until` is not after `start`."""
    first, last = to_micros(start), to_micros(until)
    if last <= first:
        return 0
    paused = sum(_worked(hours, *span) for span in _clipped(pauses, first, last))
    whole, rest = divmod(_worked(hours, first, last) - paused, MINUTE)
    return whole + rest / MINUTE if rest else whole


def explain(
    hours: WorkingHours,
    start: datetime,
    until: datetime | float,
    pauses: Iterable[Pause] = (),
) -> list[Line]:
    """Day by day, what counted between `start` and `until` - a moment, or so many working minutes - and what did not.

    The lines follow one another without a gap; the minutes of the counted ones add up to `elapsed`. Minutes that can
    never be reached end in one line without an end: the pause that still lasts, or the kind NEVER.
    """
    pauses = list(pauses)
    if isinstance(until, datetime):
        return lines(hours, start, until, pauses)
    reached = due(hours, start, until, pauses)
    if reached is not None:
        return lines(hours, start, reached, pauses)
    lasting = min((p for p in pauses if p.end is None), key=lambda p: to_micros(p.start), default=None)
    if lasting is None:
        return [Line.without_end(hours, start, Kind.NEVER, None)]
    since = from_micros(max(to_micros(start), to_micros(lasting.start)))
    return [*lines(hours, start, since, pauses), Line.without_end(hours, since, Kind.PAUSE, lasting.reason)]


def is_open(hours: WorkingHours, at: datetime) -> bool:
    """Whether the office works at this moment; at closing time it no longer does."""
    number = (moment := to_micros(at)) // BLOCK
    return hours.block(number).is_open(moment)


def next_opening(hours: WorkingHours, at: datetime) -> datetime | None:
    """The first moment (UTC) from `at` on at which the office works: `at` itself while it is open; None if never."""
    first = to_micros(at)
    # The moment by which one microsecond was worked, less that microsecond, is where the work began.
    reached = _reached(hours, first, 1, first + HORIZON)
    return None if reached is None else from_micros(reached - 1)


def _reached(hours: WorkingHours, at: int, amount: int, limit: int) -> int | None:
    """The earliest moment in [at, limit) by which `amount` of open time has passed since `at`."""
    if amount <= 0:
        return at
    if at >= limit:
        return None
    first = at // BLOCK
    amount += hours.block(first).worked_before(at)
    for number in range(first, limit // BLOCK + 1):
        block = hours.block(number)
        if amount <= block.total:
            reached = block.reached(amount)
            return reached if reached < limit else None
        amount -= block.total
    return None


def _worked(hours: WorkingHours, start: int, end: int) -> int:
    """Open time in [start, end)."""
    first, last = start // BLOCK, end // BLOCK
    whole = sum(hours.block(number).total for number in range(first, last))
    return whole + hours.block(last).worked_before(end) - hours.block(first).worked_before(start)


def _clipped(pauses: Iterable[Pause], start: int, end: int) -> list[Span]:
    """The paused time in [start, end) as ascending spans that do not overlap."""
    spans = [(to_micros(p.start), end if p.end is None else to_micros(p.end)) for p in pauses]
    return merged(Span(max(first, start), min(last, end)) for first, last in spans)
