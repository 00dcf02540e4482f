"""Months are counted when they are over, counted again for a while, and then final."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.feedback.actions.citizen import rate_case
from participation.feedback.actions.work import ask_citizen, remove_case, reply_to_case
from participation.feedback.models import Case, MonthlyFigures, Rating
from participation.feedback.performance.facts import paused_by_reason
from participation.feedback.performance.models import Part
from participation.feedback.performance.months import bounds, month_of, months_between, plus
from participation.feedback.performance.storing import compute_figures
from participation.feedback.states import Ground, State
from participation.feedback.tasks import compute_figures as task
from portal.clocks.models import Clock, Pause
from portal.working_days.models import Calendar
from tests.at_once import at_once
from tests.people import World, build_world, open_case, submitted

MUSCAT = ZoneInfo("Asia/Muscat")
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def told(world: World, received: datetime, replied: datetime | None = None) -> Case:
    """A case of the licensing unit as if it had come in, and been answered, at those moments."""
    case = open_case(world)
    if replied:
        reply_to_case(case=case, text="تم.", by=world.officer)
    clocks = Clock.objects.about("feedback.case", case.pk)
    clocks.update(started_at=received)
    clocks.filter(metric="acknowledge").update(stopped_at=received)
    clocks.exclude(metric="acknowledge").update(stopped_at=replied, worked_minutes=60 if replied else None)
    Case.objects.filter(pk=case.pk).update(
        received_at=received, routed_at=received, answered_at=replied, finished_at=replied
    )
    case.refresh_from_db()
    return case


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=MUSCAT)


def total(month: date = JANUARY) -> MonthlyFigures:
    return MonthlyFigures.objects.overall().get(month=month)


def snapshot() -> list[tuple[object, ...]]:
    return list(MonthlyFigures.objects.order_by("pk").values_list())


def test_months_follow_the_clock_in_oman():
    utc = ZoneInfo("UTC")
    assert month_of(datetime(2026, 1, 31, 20, 0, tzinfo=utc)) == FEBRUARY
    assert month_of(datetime(2026, 1, 31, 19, 59, tzinfo=utc)) == JANUARY
    assert bounds(JANUARY)[1] == datetime(2026, 1, 31, 20, 0, tzinfo=utc)
    assert plus(JANUARY, -1) == date(2025, 12, 1)
    assert list(months_between(date(2025, 11, 1), JANUARY)) == [date(2025, 11, 1), date(2025, 12, 1), JANUARY]


def test_there_is_nothing_to_count_before_the_first_message(db):
    assert compute_figures() == 0


def test_the_running_month_is_not_counted(world):
    told(world, at(1, 10))
    assert compute_figures(at(1, 31, 23)) == 0
    assert compute_figures(at(2, 1, 0)) == 1
    assert total().received == 1
    assert MonthlyFigures.objects.get(unit=world.licensing).received == 1


def test_a_month_without_anything_has_a_row_of_zeros_for_all_units(world):
    told(world, at(1, 10), at(1, 11))
    compute_figures(at(3, 1))
    assert total(FEBRUARY).cases == 0
    assert not MonthlyFigures.objects.by_unit().filter(month=FEBRUARY).exists()


def test_a_second_run_changes_nothing(world):
    for day in range(10, 16):
        told(world, at(1, day), at(1, day + 1))
    compute_figures(at(2, 1))
    before = snapshot()
    assert compute_figures(at(2, 2)) == 1
    assert snapshot() == before


def test_the_task_counts_what_is_over_by_now(world):
    told(world, at(1, 10))
    assert task() == sum(1 for _month in months_between(JANUARY, plus(month_of(timezone.now()), -1)))
    assert total().received == 1


def test_two_months_are_counted_again_and_the_third_is_final(world):
    case = told(world, at(1, 10), at(1, 12))
    compute_figures(at(3, 31))
    assert not total().is_final
    Rating.objects.create(case=case, cycle=1, score=5, at=at(1, 20))
    compute_figures(at(3, 31))
    assert total().ratings == 1
    compute_figures(at(4, 1, 0))
    assert total().is_final
    final = total().changed_at
    Case.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    compute_figures(at(4, 2))
    assert (total().received, total().changed_at) == (1, final)


def test_after_a_stand_still_a_month_is_counted_a_last_time_before_it_is_final(world):
    case = told(world, at(1, 10), at(1, 12))
    compute_figures(at(2, 1))
    Rating.objects.create(case=case, cycle=1, score=4, at=at(1, 20))
    compute_figures(at(9, 1))
    assert (total().ratings, total().is_final) == (1, True)


def test_a_closure_announced_late_excuses_in_the_months_counted_again(world):
    case = told(world, at(1, 10), at(1, 25))
    Clock.objects.about("feedback.case", case.pk).filter(metric="first_reply").update(breached_at=at(1, 20))
    compute_figures(at(2, 1))
    changed = total().changed_at
    assert (total().replies_on_time, total().replies_excused) == (0, 0)
    Clock.objects.about("feedback.case", case.pk).filter(metric="first_reply").update(excused_at=at(2, 3))
    compute_figures(at(2, 4))
    assert (total().replies_on_time, total().replies_excused) == (0, 1)
    assert total().changed_at > changed


def test_what_is_taken_out_of_view_leaves_the_analysis(world):
    case = told(world, at(1, 10), at(1, 12))
    compute_figures(at(2, 1))
    assert total().first_replies == 1
    remove_case(case=case, ground=Ground.SPAM, text="حُجبت.", by=world.lead)
    Case.objects.filter(pk=case.pk).update(finished_at=at(2, 5))
    compute_figures(at(3, 1))
    assert (total().cases, total().received, total().first_replies) == (0, 0, 0)
    assert not MonthlyFigures.objects.by_unit().filter(month=JANUARY).exists()
    assert total(FEBRUARY).removed == 1


def test_what_is_still_held_for_a_check_is_not_counted(world):
    case = submitted(world).case
    Case.objects.filter(pk=case.pk).update(state=State.SUSPECTED, suspicion="links", received_at=at(1, 10))
    compute_figures(at(2, 1))
    assert total().cases == 0


def test_real_acts_are_counted_in_this_month(world):
    case = open_case(world)
    ask_citizen(case=case, text="ما الرقم؟", by=world.officer)
    other = open_case(world)
    reply_to_case(case=other, text="تم.", by=world.officer)
    rate_case(case=other, score=4)
    next_month = bounds(month_of(timezone.now()))[1]
    compute_figures(next_month + timedelta(hours=1))
    row = total(month_of(timezone.now()))
    assert (row.received, row.acknowledged, row.first_replies, row.resolutions) == (2, 2, 1, 1)
    assert (row.backlog, row.backlog_paused, row.ratings, row.rating_sum) == (1, 1, 1, 4)


def test_small_units_are_marked_when_they_are_counted(world):
    told(world, at(1, 10))
    compute_figures(at(2, 1))
    assert Part.ALL in total().withheld
    assert Part.ALL in MonthlyFigures.objects.get(unit=world.licensing).withheld


def test_overlapping_pauses_count_once_for_the_one_that_began_first(db):
    hours = Calendar.objects.default().working_hours()
    start, stop = at(1, 11, 8), at(1, 11, 14)  # a Sunday
    pauses = [
        Pause(pk=1, reason="incident", started_at=at(1, 11, 10), ended_at=at(1, 11, 13)),
        Pause(pk=2, reason="citizen", started_at=at(1, 11, 9), ended_at=at(1, 11, 11)),
        Pause(pk=3, reason="referral", started_at=at(1, 11, 12), ended_at=None),
    ]
    assert paused_by_reason(hours, start, stop, pauses) == {"citizen": 120, "incident": 120, "referral": 60}


def test_two_workers_at_once_write_each_row_once(transactional_db):
    world = build_world()
    for day in range(10, 16):
        told(world, at(1, day), at(1, day + 1))
    done = at_once(4, lambda _number: compute_figures(at(3, 1)))
    assert done == [2, 2, 2, 2]
    assert MonthlyFigures.objects.filter(month=JANUARY).count() == 2
    assert total().received == 6


@pytest.mark.parametrize(
    "nonsense",
    [
        {"month": date(2026, 1, 2)},
        {"first_replies": 1},
        {"replies_on_time": 1},
        {"backlog_late": 1},
        {"ratings": 1, "rating_sum": 6},
        {"paused": 1},
        {"first_replies": 1, "reply_median": 9, "reply_p90": 8, "reply_median_with_pauses": 9},
    ],
)
def test_the_database_refuses_nonsense(db, nonsense):
    row = {"month": JANUARY, "changed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyFigures.objects.create(**row | nonsense)


def test_the_database_keeps_one_row_a_month_for_all_units(db):
    MonthlyFigures.objects.create(month=JANUARY, changed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyFigures.objects.create(month=JANUARY, changed_at=timezone.now())
