"""Random calendars, pauses and zones against an oracle that walks minute by minute and asks the clock on the wall."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.working_days.hours import (
    Interval,
    Pause,
    SpecialDay,
    WorkingHours,
    due,
    elapsed,
    explain,
    is_open,
    next_opening,
)

MINUTE = timedelta(minutes=1)
WINDOW = 6 * 24 * 60  # minutes the oracle walks
# Each zone with a day of interest: mostly one on which its clocks change (Havana's do so at midnight). Blocks of open
# spans meet on 4 June 2026.
CHANGES = [
    ("Asia/Muscat", date(2026, 3, 29)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Pacific/Honolulu", date(2026, 6, 4)),
    ("Pacific/Kiritimati", date(2026, 6, 4)),
]


@dataclass
class Scene:
    """One calendar, written as in the vectors, with a start and pauses."""

    zone: ZoneInfo
    weekly: dict[int, list[tuple[str, str]]]
    closed: set[date]
    special: dict[date, list[tuple[str, str]]]
    start: datetime
    pauses: list[tuple[datetime, datetime | None]]

    def hours(self) -> WorkingHours:
        def made(pairs):
            return tuple(Interval.between(*pair) for pair in pairs)

        return WorkingHours(
            self.zone,
            {day: made(pairs) for day, pairs in self.weekly.items()},
            dict.fromkeys(self.closed, "closed"),
            {day: SpecialDay(made(pairs), "special") for day, pairs in self.special.items()},
        )

    def given_pauses(self) -> list[Pause]:
        return [Pause(start, end, n) for n, (start, end) in enumerate(self.pauses)]


class Oracle:
    """Answers by looking at every minute; knows nothing of blocks, offsets or sums."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.open = [self._open(scene.start + n * MINUTE) for n in range(WINDOW)]
        self.counts = [o and not self._paused(scene.start + n * MINUTE) for n, o in enumerate(self.open)]

    def _open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.scene.zone).replace(tzinfo=None)
        return any(
            start <= wall < end
            for day in (wall.date(), wall.date() - timedelta(days=1))
            for start, end in self._spans(day)
        )

    def _spans(self, day: date):
        if day in self.scene.special:
            pairs = self.scene.special[day]
        else:
            pairs = [] if day in self.scene.closed else self.scene.weekly.get(day.weekday(), [])
        for opens, closes in pairs:
            start = datetime.combine(day, time.fromisoformat(opens))
            midnight_after = datetime.combine(day + timedelta(days=1), time())
            end = midnight_after if closes == "24:00" else datetime.combine(day, time.fromisoformat(closes))
            yield start, end + timedelta(days=1) if end < start else end

    def _paused(self, moment: datetime) -> bool:
        return any(start <= moment and (end is None or moment < end) for start, end in self.scene.pauses)

    def due(self, minutes: int) -> datetime | None:
        """None when not reached inside the window."""
        if not minutes:
            return self.scene.start
        for n, counted in enumerate(self.counts):
            minutes -= counted
            if not minutes:
                return self.scene.start + (n + 1) * MINUTE
        return None

    def next_opening(self) -> datetime | None:
        return next((self.scene.start + n * MINUTE for n, works in enumerate(self.open) if works), None)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


round_minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
opening = (round_minutes | st.integers(0, 1439)).map(clock)
closing = (round_minutes | st.integers(0, 1440) | st.just(1440)).map(clock)
pairs = st.lists(st.tuples(opening, closing), max_size=3)
day_or_night = st.sampled_from([[("07:30", "14:30")], [("22:00", "06:00")], [("00:00", "24:00")], [("01:30", "03:30")]])


@st.composite
def scenes(draw) -> Scene:
    name, change = draw(st.sampled_from(CHANGES))
    dates = st.integers(-4, 6).map(lambda n: change + timedelta(days=n))
    midnight = datetime.combine(change, time(), tzinfo=UTC)
    moments = st.integers(-4 * 1440, 4 * 1440).map(lambda n: midnight + n * MINUTE)
    start = midnight + draw(st.integers(-3 * 1440, 1440)) * MINUTE
    pauses = []
    for begun in draw(st.lists(moments, max_size=4)):
        length = draw(st.none() | st.integers(0, 3000)) if len(pauses) == 3 else draw(st.integers(0, 3000))
        pauses.append((begun, None if length is None else begun + length * MINUTE))
    return Scene(
        zone=ZoneInfo(name),
        weekly=draw(st.dictionaries(st.integers(0, 6), day_or_night | pairs, max_size=7)),
        closed=draw(st.sets(dates, max_size=3)),
        special=draw(st.dictionaries(dates, day_or_night | pairs, max_size=3)),
        start=start,
        pauses=pauses,
    )


slow = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(scenes(), st.integers(0, 3 * 1440), st.integers(0, WINDOW))
def test_the_oracle_agrees_on_due_and_elapsed(scene, minutes, until):
    hours, pauses, oracle = scene.hours(), scene.given_pauses(), Oracle(scene)
    found, expected = due(hours, scene.start, minutes, pauses), oracle.due(minutes)
    window_end = scene.start + WINDOW * MINUTE
    assert found == expected or (expected is None and (found is None or found > window_end))
    assert elapsed(hours, scene.start, scene.start + until * MINUTE, pauses) == sum(oracle.counts[:until])


@slow
@given(scenes())
def test_the_oracle_agrees_on_opening(scene):
    hours, oracle = scene.hours(), Oracle(scene)
    found, expected = next_opening(hours, scene.start), oracle.next_opening()
    assert found == expected or (expected is None and (found is None or found >= scene.start + WINDOW * MINUTE))
    for n in range(0, WINDOW, 7):
        assert is_open(hours, (scene.start + n * MINUTE).astimezone(scene.zone)) == oracle.open[n]


@slow
@given(scenes(), st.integers(0, WINDOW))
def test_the_oracle_agrees_with_every_line_of_an_explanation(scene, until):
    hours, pauses, oracle = scene.hours(), scene.given_pauses(), Oracle(scene)
    end = scene.start + until * MINUTE
    lines = explain(hours, scene.start, end, pauses)
    position = 0
    for line in lines:
        assert line.start.astimezone(UTC) == scene.start + position * MINUTE
        assert line.day == line.start.date()
        length = (line.end.astimezone(UTC) - line.start.astimezone(UTC)) // MINUTE
        assert set(oracle.counts[position : position + length]) == {line.counted}
        assert line.minutes == (length if line.counted else 0)
        position += length
    assert position == until
    assert sum(line.minutes for line in lines) == elapsed(hours, scene.start, end, pauses)


@given(scenes(), st.floats(0, 120_000, allow_nan=False), st.integers(0, 59_999_999))
@settings(max_examples=150, deadline=None)
def test_a_due_time_is_the_first_moment_at_which_the_minutes_have_run(scene, minutes, microseconds):
    hours, pauses = scene.hours(), scene.given_pauses()
    start = scene.start + timedelta(microseconds=microseconds)
    found = due(hours, start, minutes, pauses)
    if found is None or found == start:
        return
    whole = round(minutes * 60_000_000) / 60_000_000
    assert abs(elapsed(hours, start, found, pauses) - whole) < 1e-9
    assert elapsed(hours, start, found - timedelta(microseconds=1), pauses) < elapsed(hours, start, found, pauses)
