"""Deadlines a second on one core, beside the plain way of counting minutes: `python -m bench.deadlines`.

The calendar is Oman's: 07:30-14:30 from Sunday to Thursday, the public holidays of two years, Ramadan hours. The
promises are of 1 to 175 working hours, every second one with one to three pauses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import process_time
from zoneinfo import ZoneInfo

from holidays.countries import Oman

from portal.working_days.hours import Interval, Pause, SpecialDay, WorkingHours, due, explain

TARGET = 3_000
MINUTE = timedelta(minutes=1)
RAMADAN = [(date(2026, 2, 18), date(2026, 3, 18)), (date(2027, 2, 8), date(2027, 3, 7))]
HOURS = (1, 2, 4, 14, 21, 35, 70, 105, 175)
Promise = tuple[datetime, int, list[Pause]]


def oman() -> WorkingHours:
    """A fresh calendar that has worked nothing out yet."""
    office, short = Interval.between("07:30", "14:30"), Interval.between("09:00", "14:00")
    weekly = dict.fromkeys((6, 0, 1, 2, 3), (office,))
    closures = dict(Oman(years=(2026, 2027)))
    special = {
        day: SpecialDay((short,), "Ramadan")
        for first, last in RAMADAN
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day.weekday() in weekly and day not in closures
    }
    return WorkingHours(ZoneInfo("Asia/Muscat"), weekly, closures, special)


def promises(count: int, seed: int = 7) -> Iterator[Promise]:
    """Promises made at any minute of a year."""
    random = Random(seed)
    for n in range(count):
        start = datetime(2026, 1, 1, tzinfo=UTC) + random.randrange(365 * 1440) * MINUTE
        pauses = []
        for _ in range(random.randint(1, 3) if n % 2 else 0):
            begun = start + random.randrange(20 * 1440) * MINUTE
            pauses.append(Pause(begun, begun + random.randrange(5 * 1440) * MINUTE))
        yield start, random.choice(HOURS) * 60, pauses


def minute_by_minute(hours: WorkingHours, start: datetime, minutes: int, pauses: list[Pause]) -> datetime:
    """The plain way: step through the minutes and count those that are open and not paused."""
    at = start
    while minutes:
        wall = at.astimezone(hours.zone)
        minute = wall.hour * 60 + wall.minute
        is_open = any(span.opens <= minute < span.closes for span in hours.on(wall.date()))
        if is_open and not any(p.start <= at and (p.end is None or at < p.end) for p in pauses):
            minutes -= 1
        at += MINUTE
    return at


def rate(answer: Callable[..., object], hours: WorkingHours, made: list[Promise]) -> float:
    """Answers a second of processor time."""
    began = process_time()
    for start, minutes, pauses in made:
        answer(hours, start, minutes, pauses)
    return len(made) / (process_time() - began)


def main() -> None:
    """Check that both ways agree, then print the rates; fail under the target."""
    few, many = list(promises(40)), list(promises(20_000))
    hours = oman()
    assert all(due(hours, *promise) == minute_by_minute(hours, *promise) for promise in few)
    long = [(start, 700 * 60, pauses) for start, _, pauses in many[:5_000]]
    ours, plain = rate(due, oman(), many), rate(minute_by_minute, hours, few)
    print(f"deadlines, 1-175 working hours   {ours:>9,.0f}/s   {ours / plain:,.0f} x minute by minute ({plain:.1f}/s)")
    print(f"deadlines, 100 working days      {rate(due, oman(), long):>9,.0f}/s")
    cold = min(rate(lambda _, *promise: due(oman(), *promise), hours, few) for _ in range(3))
    print(f"first after a calendar changed   {cold:>9,.0f}/s")
    print(f"explanations, 1-175 working hours{rate(explain, hours, many[:1_000]):>9,.0f}/s")
    if ours < TARGET:
        raise SystemExit(f"below the target of {TARGET:,} deadlines a second")


if __name__ == "__main__":
    main()
