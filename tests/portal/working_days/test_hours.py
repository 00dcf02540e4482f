"""The published vectors, and what they do not say: reasons, openings, refusals."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.working_days.hours import (
    Interval,
    Kind,
    Pause,
    SpecialDay,
    WorkingHours,
    due,
    elapsed,
    explain,
    is_open,
    next_opening,
)
from portal.working_days.spans import BLOCK

CASES = json.loads((Path(__file__).parents[2] / "cases" / "sla_cases.json").read_text())["cases"]
MUSCAT = ZoneInfo("Asia/Muscat")
OFFICE = {day: (Interval.between("07:30", "14:30"),) for day in (6, 0, 1, 2, 3)}
EID, RAMADAN = ("عيد الفطر", "Eid al-Fitr"), ("رمضان", "Ramadan")


def at(text: str, zone: ZoneInfo = MUSCAT) -> datetime:
    """A local time there."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def intervals(pairs: list[list[str]]) -> tuple[Interval, ...]:
    return tuple(Interval.between(*pair) for pair in pairs)


def hours_of(case: dict[str, Any]) -> WorkingHours:
    return WorkingHours(
        zone=ZoneInfo(case["timezone"]),
        weekly={int(day): intervals(pairs) for day, pairs in case["weekly_hours"].items()},
        closures={date.fromisoformat(day): "closed" for day in case["holidays"]},
        special={date.fromisoformat(d): SpecialDay(intervals(p), "special") for d, p in case["special_days"].items()},
    )


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def pauses_of(case: dict[str, Any]) -> list[Pause]:
    return [Pause(datetime.fromisoformat(start), moment(end)) for start, end in case["pauses"]]


def test_all_published_vectors_are_here():
    assert len(CASES) == 95


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
class TestVectors:
    def test_it_is_due_when_the_vector_says(self, case):
        found = due(hours_of(case), moment(case["start"]), case["sla_minutes"], pauses_of(case))
        assert found == moment(case["expected_due"]), case["note"]

    def test_it_has_run_as_long_as_the_vector_says(self, case):
        for until, minutes in case["elapsed_probes"]:
            assert elapsed(hours_of(case), moment(case["start"]), moment(until), pauses_of(case)) == minutes, until

    def test_its_explanation_adds_up_without_gaps(self, case):
        hours, start, pauses = hours_of(case), moment(case["start"]), pauses_of(case)
        lines = explain(hours, start, case["sla_minutes"], pauses)
        reached = moment(case["expected_due"])
        if reached:
            assert sum(line.minutes for line in lines) == case["sla_minutes"]
            assert [line.start for line in lines[1:]] + [reached] == [line.end for line in lines] or start == reached
        else:
            assert lines[-1].end is None
            assert all(line.end for line in lines[:-1])


def summary(lines):
    """Lines in a shape a reader can check against a calendar."""
    return [
        (
            f"{line.start:%a %H:%M}",
            line.end and f"{line.end:%a %H:%M}",
            line.kind.value,
            line.label,
            line.minutes,
        )
        for line in lines
    ]


def test_it_says_which_weekend_closure_and_special_hours_were_skipped():
    hours = WorkingHours(
        MUSCAT,
        OFFICE,
        closures={date(2026, 3, 19) + timedelta(days=n): EID for n in range(4)},
        special={date(2026, 3, day): SpecialDay(intervals([["09:00", "14:00"]]), RAMADAN) for day in (17, 18)},
    )
    assert summary(explain(hours, at("2026-03-18T08:00"), 330)) == [
        ("Wed 08:00", "Wed 09:00", "special_hours", RAMADAN, 0),
        ("Wed 09:00", "Wed 14:00", "counted", RAMADAN, 300),
        ("Wed 14:00", "Wed 14:30", "special_hours", RAMADAN, 0),
        ("Wed 14:30", "Thu 00:00", "outside_hours", None, 0),
        ("Thu 00:00", "Fri 00:00", "closure", EID, 0),
        ("Fri 00:00", "Sat 00:00", "closure", EID, 0),
        ("Sat 00:00", "Sun 00:00", "closure", EID, 0),
        ("Sun 00:00", "Mon 00:00", "closure", EID, 0),
        ("Mon 00:00", "Mon 07:30", "outside_hours", None, 0),
        ("Mon 07:30", "Mon 08:00", "counted", None, 30),
    ]


def test_it_says_weekend_on_a_friday_and_names_the_pause_that_began_first():
    pauses = [
        Pause(at("2026-11-05T11:00"), at("2026-11-08T08:00"), "incident"),
        Pause(at("2026-11-05T10:00"), at("2026-11-05T12:00"), "waiting"),
    ]
    assert summary(explain(WorkingHours(MUSCAT, OFFICE), at("2026-11-05T09:00"), 90, pauses)) == [
        ("Thu 09:00", "Thu 10:00", "counted", None, 60),
        ("Thu 10:00", "Thu 12:00", "pause", "waiting", 0),
        ("Thu 12:00", "Thu 14:30", "pause", "incident", 0),
        ("Thu 14:30", "Fri 00:00", "outside_hours", None, 0),
        ("Fri 00:00", "Sat 00:00", "weekend", None, 0),
        ("Sat 00:00", "Sun 00:00", "weekend", None, 0),
        ("Sun 00:00", "Sun 07:30", "outside_hours", None, 0),
        ("Sun 07:30", "Sun 08:00", "pause", "incident", 0),
        ("Sun 08:00", "Sun 08:30", "counted", None, 30),
    ]


def test_the_closure_is_named_for_the_night_shift_it_removed():
    nights = WorkingHours(
        MUSCAT, {day: (Interval.between("22:00", "06:00"),) for day in range(7)}, {date(2026, 11, 2): EID}
    )
    lines = explain(nights, at("2026-11-02T05:00"), at("2026-11-03T07:00"))
    assert summary(lines) == [
        ("Mon 05:00", "Mon 06:00", "counted", None, 60),
        ("Mon 06:00", "Tue 00:00", "closure", EID, 0),
        ("Tue 00:00", "Tue 06:00", "closure", EID, 0),
        ("Tue 06:00", "Tue 07:00", "outside_hours", None, 0),
    ]


def test_a_pause_that_lasts_ends_the_explanation():
    pause = Pause(at("2026-11-01T09:00"), None, "waiting")
    lines = explain(WorkingHours(MUSCAT, OFFICE), at("2026-11-01T08:00"), 120, [pause])
    assert summary(lines) == [
        ("Sun 08:00", "Sun 09:00", "counted", None, 60),
        ("Sun 09:00", None, "pause", "waiting", 0),
    ]


def test_a_calendar_without_hours_is_answered_quickly():
    empty = WorkingHours(MUSCAT, {0: intervals([["08:00", "08:00"]])})
    began = perf_counter()
    assert due(empty, at("2026-11-01T08:00"), 1) is None
    assert next_opening(empty, at("2026-11-01T08:00")) is None
    assert not is_open(empty, at("2026-11-02T08:00"))
    assert [line.kind for line in explain(empty, at("2026-11-01T08:00"), 1)] == [Kind.NEVER]
    assert perf_counter() - began < 0.5


def test_it_opens_at_opening_and_no_longer_works_at_closing():
    hours = WorkingHours(MUSCAT, OFFICE)
    assert is_open(hours, at("2026-11-05T07:30"))
    assert is_open(hours, at("2026-11-05T14:29:59"))
    assert not is_open(hours, at("2026-11-05T14:30"))
    assert next_opening(hours, at("2026-11-05T14:30")) == at("2026-11-08T07:30")
    assert next_opening(hours, at("2026-11-05T10:00")) == at("2026-11-05T10:00")


def test_hours_inside_the_hour_that_comes_twice_count_twice_and_in_the_skipped_one_never():
    berlin = ZoneInfo("Europe/Berlin")
    hours = WorkingHours(berlin, {6: intervals([["02:15", "02:45"]])})
    autumn, spring = at("2026-10-25T00:00", berlin), at("2026-03-29T00:00", berlin)
    assert elapsed(hours, autumn, autumn + timedelta(days=1)) == 60
    assert elapsed(hours, spring, spring + timedelta(days=1)) == 0
    assert due(hours, autumn, 45) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_due_time_is_given_in_utc_and_an_explanation_in_the_zone_of_the_calendar():
    hours = WorkingHours(MUSCAT, OFFICE)
    assert due(hours, at("2026-11-01T08:00"), 60).tzinfo is UTC
    assert explain(hours, datetime(2026, 11, 1, 4, tzinfo=UTC), 60)[0].start.utcoffset() == timedelta(hours=4)


def test_minutes_come_whole_or_with_their_fraction():
    hours = WorkingHours(MUSCAT, OFFICE)
    assert repr(elapsed(hours, at("2026-11-01T08:00"), at("2026-11-01T08:02"))) == "2"
    assert elapsed(hours, at("2026-11-01T08:00"), at("2026-11-01T08:02:30")) == 2.5
    assert elapsed(hours, at("2026-11-01T08:02"), at("2026-11-01T08:00")) == 0


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        due(WorkingHours(MUSCAT, OFFICE), datetime(2026, 11, 1, 8), 60)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati"])
@pytest.mark.parametrize("shift", [("20:00", "19:00"), ("08:00", "07:00")])
def test_nothing_is_lost_where_blocks_of_open_spans_meet(zone, shift):
    almost_always = dict.fromkeys(range(7), (Interval.between(*shift),))
    edge = datetime.fromtimestamp(BLOCK * 161 / 1_000_000, UTC)
    day = timedelta(days=1)
    assert elapsed(WorkingHours(ZoneInfo(zone), almost_always), edge - day, edge + day) == 2 * 23 * 60


def test_a_start_before_1970_and_a_pause_without_length_do_no_harm():
    hours = WorkingHours(MUSCAT, OFFICE)
    start = at("1969-12-31T14:00")
    backwards = Pause(start + timedelta(minutes=5), start)
    assert due(hours, start, 60, [backwards]) == at("1970-01-01T08:00")
    assert [line.minutes for line in explain(hours, start, 60, [backwards]) if line.counted] == [30, 30]
