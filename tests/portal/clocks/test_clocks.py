"""Clocks start, stand still, stop and are judged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.feedback.states import Kind, Priority
from portal.clocks.actions import (
    cancel_clocks,
    change_promise,
    pause,
    resume,
    save_policy,
    start_clocks,
    stop_clocks,
)
from portal.clocks.models import Clock, ClockState, Metric, Pause, PauseReason, Policy
from portal.clocks.sweep import sweep
from portal.working_days.actions import ensure_default_calendar
from tests.office_hours import at, begin
from tests.people import World, open_case, submitted


def first_reply(subject_id: int, cycle: int = 1) -> Clock:
    return Clock.objects.get(subject_id=subject_id, metric=Metric.FIRST_REPLY, cycle=cycle)


DEFAULTS = [
    (Kind.PORTAL_PROBLEM, Priority.NORMAL, 2),
    (Kind.INQUIRY, Priority.NORMAL, 14),
    (Kind.COMPLAINT, Priority.NORMAL, 21),
    (Kind.SUGGESTION, Priority.NORMAL, 35),
    (Kind.COMMENT, Priority.HIGH, 35),
    (Kind.DATA_CORRECTION, Priority.NORMAL, 35),
    (Kind.DATA_CORRECTION, Priority.SAFETY, 4),
]


@pytest.mark.parametrize(("kind", "priority", "hours"), DEFAULTS)
def test_a_new_portal_promises_the_published_first_replies(db: None, kind: str, priority: str, hours: int) -> None:
    policies = Policy.objects.matching("feedback.case", kind, priority)
    assert policies[Metric.FIRST_REPLY].minutes == hours * 60
    assert policies[Metric.ACKNOWLEDGE].minutes == 60
    assert 2 * hours * 60 <= policies[Metric.RESOLUTION].minutes <= 5 * hours * 60


def test_the_most_specific_policy_wins_and_kind_counts_before_priority(db: None) -> None:
    Policy.objects.filter(metric=Metric.FIRST_REPLY).delete()

    def promise(kind: str, priority: str, minutes: int) -> None:
        Policy.objects.create(
            subject_kind="feedback.case", kind=kind, priority=priority, metric=Metric.FIRST_REPLY, minutes=minutes
        )

    def found() -> int:
        return Policy.objects.matching("feedback.case", "complaint", "high")[Metric.FIRST_REPLY].minutes

    promise("", "", 1)
    promise("inquiry", "high", 99)
    assert found() == 1
    promise("", "high", 2)
    assert found() == 2
    promise("complaint", "", 3)
    assert found() == 3
    promise("complaint", "high", 4)
    assert found() == 4
    Policy.objects.filter(minutes=4).update(is_active=False)
    assert found() == 3


def test_a_changed_policy_counts_up_and_leaves_running_clocks_alone(world: World) -> None:
    case = open_case(world)
    policy = Policy.objects.get(kind=Kind.COMPLAINT, metric=Metric.FIRST_REPLY)
    policy.minutes = 60
    save_policy(policy=policy, by=world.administrator)
    clock = first_reply(case.pk)
    assert (clock.minutes, clock.policy_version, policy.version) == (21 * 60, 1, 2)
    assert first_reply(open_case(world).pk).minutes == 60


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("sun 08:00", "wed 08:00"),
        ("sun 07:30", "tue 14:30"),  # due at closing, not at the next opening
        ("sun 06:00", "tue 14:30"),
        ("thu 14:00", "tue 14:00"),  # over the weekend
    ],
)
def test_twenty_one_working_hours_end_when_the_office_has_worked_them(world: World, start: str, due: str) -> None:
    case = begin(open_case(world), at(start))
    week = 1 if start.startswith("thu") else 0
    assert first_reply(case.pk).due_at == at(due, week)
    assert case.due_at == at(due, week)


def test_starting_twice_starts_once(world: World) -> None:
    case = open_case(world)
    before = list(Clock.objects.values())
    start_clocks(
        subject=case, kind=case.kind, priority=case.priority, metrics=Metric.values, started_at=at("thu 10:00")
    )
    assert list(Clock.objects.values()) == before


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_the_event_and_the_sweep_judge_alike_and_on_time_means_not_after(
    world: World, seconds: int, late: bool
) -> None:
    by_event, by_sweep = (begin(open_case(world), at("sun 08:00")) for _number in range(2))
    moment = at("wed 08:00") + timedelta(seconds=seconds)
    stop_clocks(subject=by_event, metrics=[Metric.FIRST_REPLY], at=moment)
    sweep(now=moment)
    breaches = [first_reply(case.pk).breached_at for case in (by_event, by_sweep)]
    assert breaches == ([at("wed 08:00")] * 2 if late else [None] * 2)


def test_a_breach_is_written_once(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    for moment in ("wed 08:01", "wed 09:00", "thu 09:00"):
        sweep(now=at(moment))
    stop_clocks(subject=case, at=at("thu 10:00"))
    clock = first_reply(case.pk)
    assert (clock.breached_at, clock.worked_minutes) == (at("wed 08:00"), 21 * 60 + 9 * 60)


def test_a_breach_the_sweep_slept_through_is_written_by_the_event(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    stop_clocks(subject=case, at=at("thu 08:00"))
    assert first_reply(case.pk).breached_at == at("wed 08:00")


def test_overlapping_pauses_count_once(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    pause(subject=case, reason=PauseReason.CITIZEN, at=at("sun 10:00"))
    pause(subject=case, reason=PauseReason.REFERRAL, at=at("sun 11:00"))
    assert first_reply(case.pk).due_at is None
    resume(subject=case, reason=PauseReason.CITIZEN, at=at("sun 12:00"))
    assert first_reply(case.pk).state == ClockState.PAUSED
    resume(subject=case, reason=PauseReason.REFERRAL, at=at("sun 13:00"))
    clock = first_reply(case.pk)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, at("wed 11:00"))


def test_a_pause_over_the_weekend_costs_only_its_working_hours(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    pause(subject=case, reason=PauseReason.CITIZEN, at=at("mon 14:00"))
    resume(subject=case, reason=PauseReason.CITIZEN, at=at("tue 08:00"))
    assert first_reply(case.pk).due_at == at("wed 09:00")


def test_a_pause_that_is_open_already_goes_on_and_ends_once(world: World) -> None:
    case = open_case(world)
    for _turn in range(2):
        pause(subject=case, reason=PauseReason.CITIZEN)
    assert Pause.objects.count() == 1
    assert [resume(subject=case, reason=PauseReason.CITIZEN) for _turn in range(2)] == [1, 0]


def test_a_clock_missed_before_its_pause_stays_missed(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    pause(subject=case, reason=PauseReason.CITIZEN, at=at("wed 09:00"))
    stop_clocks(subject=case, at=at("thu 09:00"))
    assert first_reply(case.pk).breached_at == at("wed 08:00")


def test_stopped_clocks_never_move_again(world: World) -> None:
    case = open_case(world)
    stop_clocks(subject=case)
    before = list(Clock.objects.values())
    pause(subject=case, reason=PauseReason.CITIZEN)
    resume(subject=case, reason=PauseReason.CITIZEN)
    change_promise(subject=case, kind=Kind.INQUIRY, priority=Priority.HIGH, by=None)
    cancel_clocks(subject=case)
    assert list(Clock.objects.values()) == before


def test_a_unit_with_its_own_calendar_counts_its_own_hours(world: World) -> None:
    from datetime import time

    from portal.working_days.actions import change_hours
    from portal.working_days.models import Calendar

    night = Calendar.objects.create(name_ar="دوام مسائي", name_en="Evening hours")
    change_hours(calendar=night, weekly=[(day, time(16), time(20)) for day in (6, 0, 1, 2, 3)], by=None)
    world.licensing.calendar = night
    world.licensing.save()
    case = begin(open_case(world, kind=Kind.PORTAL_PROBLEM), at("sun 08:00"))
    assert first_reply(case.pk).due_at == at("sun 18:00")


def test_the_acknowledgement_clock_runs_from_the_moment_the_message_came_in(world: World) -> None:
    case = begin(submitted(world).case, at("sun 08:00"))
    assert Clock.objects.get().due_at == at("sun 09:00")
    assert case.due_at == at("sun 09:00")


def test_the_default_calendar_is_the_official_week_in_both_languages(db: None) -> None:
    from portal.working_days.models import Calendar

    calendar = Calendar.objects.default()
    assert calendar.name_ar
    assert calendar.name_en
    assert calendar.timezone == "Asia/Muscat"
    assert {(row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") for row in calendar.weekly_hours.all()} == {
        (day, "07:30", "14:30") for day in (6, 0, 1, 2, 3)
    }
    assert ensure_default_calendar() == calendar
