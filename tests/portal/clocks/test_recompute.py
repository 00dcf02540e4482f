"""The calendar changes: open promises move, nothing is erased, and those who were promised something are told."""

from __future__ import annotations

from datetime import date

import pytest

from participation.feedback.actions.work import ask_citizen, reply_to_case
from participation.feedback.models import Case
from portal.clocks.actions import stop_clocks
from portal.clocks.models import Clock, ClockMove, ClockState, Escalation, Metric
from portal.clocks.sweep import recompute, sweep
from portal.mail.models import OutgoingMail
from portal.working_days.actions import announce_closure, confirm_closure, move_closure, withdraw_closure
from portal.working_days.models import Calendar, Closure
from tests.at_once import at_once
from tests.office_hours import at, begin
from tests.people import World, build_world, open_case, submitted

MONDAY = date(2030, 1, 7)


def close_on(day: date, last: date | None = None, status: str = Closure.Status.CONFIRMED) -> Closure:
    return announce_closure(
        calendar=Calendar.objects.default(), name_ar="عطلة", name_en="Holiday", first_day=day, last_day=last or day,
        by=None, status=status,
    )  # fmt: skip


def first_reply(case: Case) -> Clock:
    return Clock.objects.get(subject_id=case.pk, metric=Metric.FIRST_REPLY)


def told() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template="feedback/due_moved").order_by("pk"))


def test_a_closure_moves_open_promises_and_keeps_both_times(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    close_on(MONDAY)
    assert recompute() == 2  # first reply and resolution
    assert first_reply(case).due_at == at("thu 08:00")
    move = ClockMove.objects.get(clock=first_reply(case))
    assert (move.old_due_at, move.new_due_at, move.reason) == (at("wed 08:00"), at("thu 08:00"), "calendar")
    case.refresh_from_db()
    assert case.due_at == at("thu 08:00")


def test_a_second_run_finds_nothing(world: World) -> None:
    begin(open_case(world), at("sun 08:00"))
    close_on(MONDAY)
    recompute()
    assert recompute() == 0
    assert len(told()) == 1


def test_the_citizen_is_told_the_old_and_the_new_date_in_her_language(world: World) -> None:
    begin(open_case(world, language="en"), at("sun 08:00"))
    close_on(MONDAY)
    recompute()
    (mail,) = told()
    assert "10 January 2030, 08:00" in mail.text
    assert "9 January 2030, 08:00" in mail.text
    assert "/due/" in mail.text


def test_a_date_that_comes_back_is_told_again(world: World) -> None:
    begin(open_case(world), at("sun 08:00"))
    closure = close_on(MONDAY, status=Closure.Status.TENTATIVE)
    assert recompute() == 0  # an expected holiday moves nothing
    confirm_closure(closure=closure, by=None)
    recompute()
    withdraw_closure(closure=closure, by=None)
    recompute()
    close_on(MONDAY)
    recompute()
    assert len(told()) == 3


def test_moving_a_closure_away_gives_the_old_date_back(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    closure = close_on(MONDAY)
    recompute()
    move_closure(closure=closure, first_day=date(2030, 6, 3), last_day=date(2030, 6, 3), by=None)
    recompute()
    assert first_reply(case).due_at == at("wed 08:00")


def test_answered_cases_and_those_of_other_calendars_do_not_move(world: World) -> None:
    other = Calendar.objects.create(name_ar="أخرى", name_en="Other")
    begin(open_case(world), at("sun 08:00"))
    Clock.objects.update(calendar=other, calendar_version=other.version)
    answered = begin(open_case(world), at("sun 08:00"))
    reply_to_case(case=answered, text="Done", by=world.officer)
    before = list(Clock.objects.order_by("pk").values())
    close_on(MONDAY)
    assert recompute() == 0
    assert list(Clock.objects.order_by("pk").values()) == before


def test_a_case_no_unit_has_is_moved_without_a_letter(world: World) -> None:
    case = begin(submitted(world).case, at("sun 14:00"))
    close_on(MONDAY)
    recompute()
    assert Clock.objects.get().due_at == at("tue 08:00")
    case.refresh_from_db()
    assert told() == []


def test_a_case_that_waits_for_its_citizen_moves_silently(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    ask_citizen(case=case, text="Which?", by=world.officer)
    close_on(MONDAY)
    assert recompute() == 0
    assert told() == []
    assert first_reply(case).calendar_version == Calendar.objects.default().version


def test_a_closure_announced_later_excuses_a_breach_and_erases_none(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    sweep(now=at("wed 08:01"))
    assert first_reply(case).is_late
    close_on(MONDAY)
    recompute()
    clock = first_reply(case)
    assert clock.breached_at == at("wed 08:00")
    assert clock.excused_at is not None
    assert not clock.is_late
    assert clock.due_at == at("thu 08:00")


def test_missing_the_new_date_too_ends_the_excuse_and_tells_nobody_twice(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    sweep(now=at("wed 08:01"))
    close_on(MONDAY)
    recompute()
    sweep(now=at("thu 08:01"))
    sweep(now=at("thu 08:02"))
    clock = first_reply(case)
    assert clock.is_late
    assert clock.breached_at == at("wed 08:00")
    assert list(Escalation.objects.values_list("level", flat=True)) == [1, 2]
    sweep(now=at("sun 08:01", 1))
    assert list(Escalation.objects.values_list("level", flat=True)) == [1, 2, 3]


def test_an_excused_promise_kept_in_time_stays_excused(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    sweep(now=at("wed 08:01"))
    close_on(MONDAY)
    recompute()
    stop_clocks(subject=case, at=at("thu 07:59"))
    clock = first_reply(case)
    assert (clock.state, clock.is_late) == (ClockState.STOPPED, False)
    assert clock.breached_at == at("wed 08:00")


def test_two_workers_at_once_move_each_clock_once(transactional_db: None) -> None:
    world = build_world()
    cases = [begin(open_case(world), at("sun 08:00")) for _number in range(40)]
    close_on(MONDAY)
    moved = at_once(3, lambda _number: recompute(batch=7))
    moved.append(recompute())
    assert sum(moved) == 80
    assert ClockMove.objects.filter(reason="calendar").count() == 80
    assert len(told()) == 40
    assert set(Case.objects.values_list("due_at", flat=True)) == {at("thu 08:00")}
    assert len(cases) == 40


@pytest.mark.parametrize("days", [1, 3])
def test_the_sweep_follows_the_new_date_and_not_the_old(world: World, days: int) -> None:
    begin(open_case(world), at("sun 08:00"))
    close_on(MONDAY, date(2030, 1, 6 + days))
    recompute()
    assert sweep(now=at("tue 09:46")) == 0
