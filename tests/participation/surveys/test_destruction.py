"""Single answers go on schedule, and only then; the totals stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from participation.surveys.actions.counting import count_closed, recount
from participation.surveys.actions.lifecycle import destroy_due
from participation.surveys.kinds import State
from participation.surveys.models import Answer, Ballot, Invitation, Questionnaire, Tally
from participation.surveys.tasks import housekeeping
from portal.audit.models import AuditEvent
from tests.people import World
from tests.questionnaires import (
    DAY,
    FULL,
    cast,
    cast_in,
    closed,
    make_poll,
    make_satisfaction,
    make_survey,
    opened,
    over,
)


def old(questionnaire: Questionnaire, **fields: Any) -> Questionnaire:
    """Closed and counted 181 days ago."""
    Questionnaire.objects.filter(pk=questionnaire.pk).update(**fields)
    return closed(questionnaire, days=181)


def test_single_answers_are_destroyed_on_schedule_and_the_totals_stay(world: World) -> None:
    survey = opened(make_survey(world))
    cast(survey, **FULL)
    Invitation.objects.create(questionnaire=survey, email="a@b.example", email_index="x")
    kept = opened(make_poll(world))
    cast(kept, "Morning")
    closed(kept, days=179)
    old(survey)
    before = list(Tally.objects.filter(questionnaire=survey).order_by("pk").values())

    housekeeping()
    assert destroy_due() == 0

    survey.refresh_from_db()
    assert not survey.ballots.exists()
    assert not Answer.objects.filter(question__page__questionnaire=survey).exists()
    assert not Invitation.objects.exists()
    assert survey.raw_destroyed_at is not None
    assert list(Tally.objects.filter(questionnaire=survey).order_by("pk").values()) == before
    assert survey.respondents == 1
    assert kept.ballots.count() == 1
    assert recount(survey) == []
    assert count_closed() == 0
    event = AuditEvent.objects.about(survey).get(verb="questionnaire.destroyed")
    assert (event.actor, event.data) == (None, {"ballots": 1})


def test_a_legal_hold_keeps_everything(world: World) -> None:
    poll = opened(make_poll(world))
    cast(poll, "Morning")
    old(poll, legal_hold="court case")
    assert destroy_due() == 0
    assert poll.ballots.exists()
    Questionnaire.objects.filter(pk=poll.pk).update(legal_hold="")
    assert destroy_due() == 1


def test_answers_that_do_not_agree_with_the_totals_are_kept_for_somebody_to_look(world: World) -> None:
    poll = opened(make_poll(world))
    cast(poll, "Morning")
    old(poll)
    Tally.objects.filter(questionnaire=poll, question=None).update(count=2)
    assert destroy_due() == 0
    assert poll.ballots.exists()


def test_answers_of_what_was_withdrawn_are_destroyed_too(world: World) -> None:
    poll = opened(make_poll(world))
    cast(poll, "Morning")
    over(poll, days=181)
    Questionnaire.objects.filter(pk=poll.pk).update(state=State.WITHDRAWN)
    assert destroy_due() == 1
    assert not Ballot.objects.exists()


def first_of_month(months: int) -> Any:
    month = timezone.localdate().replace(day=1)
    for _number in range(months):
        month = (month - DAY).replace(day=1)
    return month


def test_months_of_the_standing_survey_are_destroyed_one_by_one(world: World) -> None:
    survey = make_satisfaction(world, opens_at=timezone.now() - timedelta(days=400), keep_raw_days=120)
    for months in (6, 5, 1):
        cast_in(first_of_month(months), survey, score=months % 5 + 1)
    cast(survey, score=5)
    assert count_closed() == 3

    assert destroy_due() == 2
    assert destroy_due() == 0

    assert survey.ballots.count() == 2
    assert Tally.objects.filter(questionnaire=survey, question=None).count() == 3
    assert recount(survey) == []
    assert count_closed() == 0
    periods = [
        event.data["period"] for event in AuditEvent.objects.about(survey).filter(verb="questionnaire.destroyed")
    ]
    assert sorted(periods) == [first_of_month(6).isoformat(), first_of_month(5).isoformat()]


def test_ballots_stay_as_long_as_a_link_of_an_answered_case_would_open(world: World) -> None:
    survey = make_satisfaction(world, keep_raw_days=10)
    cast_in(first_of_month(2), survey, score=4)
    count_closed()
    age = datetime.now(tz=timezone.get_current_timezone()).date() - first_of_month(1)
    assert destroy_due() == (1 if age >= timedelta(days=90) else 0)
    assert survey.ballots.exists()
