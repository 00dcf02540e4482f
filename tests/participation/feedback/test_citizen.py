"""The citizen answers back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.feedback.actions import work
from participation.feedback.actions.citizen import hear_citizen, rate_case, reopen_case, withdraw_case
from participation.feedback.actions.moving import Conflict
from participation.feedback.links import case_of, letter_url, tracking_token
from participation.feedback.models import Case, Message, Rating
from participation.feedback.states import State
from portal.clocks.models import Clock, ClockState, Metric, Pause
from tests.at_once import at_once
from tests.people import World, build_world, open_case, submitted


def answered(world: World) -> Case:
    case = open_case(world)
    work.reply_to_case(case=case, text="Done", by=world.officer)
    case.refresh_from_db()
    return case


def test_not_solved_reopens_a_case_once_with_new_clocks_and_the_same_reference(world: World) -> None:
    case = answered(world)
    reference = case.reference
    reopen_case(case=case, text="Still broken")
    assert (case.state, case.cycle, case.unit, case.reference) == (State.OPEN, 2, world.licensing, reference)
    second = Clock.objects.filter(cycle=2)
    assert set(second.values_list("metric", "state")) == {
        (Metric.FIRST_REPLY, ClockState.RUNNING),
        (Metric.RESOLUTION, ClockState.RUNNING),
    }
    assert case.due_at is not None
    work.reply_to_case(case=case, text="Now?", by=world.officer)
    with pytest.raises(Conflict):
        reopen_case(case=case, text="And again")


def test_the_first_cycle_stays_as_it_was(world: World) -> None:
    case = answered(world)
    before = list(Clock.objects.filter(cycle=1).values())
    reopen_case(case=case, text="Still broken")
    assert list(Clock.objects.filter(cycle=1).values()) == before


def test_twenty_not_solved_at_once_reopen_once(transactional_db: None) -> None:
    world = build_world()
    case = answered(world)
    results = at_once(20, lambda _number: reopen_case(case=Case.objects.get(pk=case.pk), text="Still broken"))
    assert sum(isinstance(result, Conflict) for result in results) == 19
    assert Message.objects.filter(author=Message.Author.CITIZEN).count() == 1
    assert Clock.objects.filter(cycle=2).count() == 2


def test_what_the_unit_asked_for_lets_the_clocks_go_on(world: World) -> None:
    case = open_case(world)
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    hear_citizen(case=case, text="The trade licence", form_token="reply-1")
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert case.due_at is not None
    assert not Pause.objects.open().exists()


def test_her_words_are_kept_when_an_officer_answers_at_the_same_moment(world: World) -> None:
    case = open_case(world)
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    stale = Case.objects.get(pk=case.pk)
    work.reply_to_case(case=case, text="We found it ourselves", by=world.officer)
    hear_citizen(case=stale, text="The trade licence", form_token="reply-1")
    assert Message.objects.filter(author=Message.Author.CITIZEN).count() == 1
    case.refresh_from_db()
    assert case.state == State.ANSWERED


def test_twenty_sendings_of_one_answer_add_one_message(transactional_db: None) -> None:
    world = build_world()
    case = open_case(world)
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    results = at_once(
        20, lambda _number: hear_citizen(case=Case.objects.get(pk=case.pk), text="The trade one", form_token="one")
    )
    assert len({message.pk for message in results}) == 1


def test_withdrawing_ends_the_promises_without_judging_them(world: World) -> None:
    case = submitted(world).case
    withdraw_case(case=case)
    assert case.state == State.WITHDRAWN
    clock = Clock.objects.get()
    assert (clock.state, clock.breached_at) == (ClockState.CANCELLED, None)
    with pytest.raises(Conflict):
        withdraw_case(case=case)


def test_an_answer_is_rated_once_and_a_second_answer_once_more(world: World) -> None:
    case = answered(world)
    assert rate_case(case=case, score=2)
    assert not rate_case(case=case, score=5)
    reopen_case(case=case, text="Still broken")
    with pytest.raises(Conflict):
        rate_case(case=case, score=1)
    work.reply_to_case(case=case, text="Now?", by=world.officer)
    assert rate_case(case=case, score=5)
    assert list(Rating.objects.order_by("cycle").values_list("score", flat=True)) == [2, 5]


def test_twenty_ratings_at_once_keep_one(transactional_db: None) -> None:
    case = answered(build_world())
    results = at_once(20, lambda _number: rate_case(case=Case.objects.get(pk=case.pk), score=4))
    assert sorted(results) == [False] * 19 + [True]


def test_a_link_opens_its_case_until_it_is_too_old_or_altered(world: World) -> None:
    case = open_case(world)
    token = tracking_token(case, timedelta(hours=1))
    assert case_of(token) == case
    assert case_of(token[:-2] + ("aa" if token[-2:] != "aa" else "bb")) is None
    assert case_of(tracking_token(case, timedelta(seconds=-1))) is None
    assert case_of("") is None
    assert letter_url(case).startswith(f"http://testserver/{case.language}/track/")
