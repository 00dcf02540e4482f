"""What is asked depends on earlier answers, and stays as it is once somebody has answered."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from participation.surveys.actions.editing import Conflict, Frozen, frozen_fields, lock_for_edit
from participation.surveys.actions.lifecycle import withdraw
from participation.surveys.actions.voting import Changed
from participation.surveys.answers import load_structure
from participation.surveys.models import Ballot, Option, Questionnaire
from tests.at_once import at_once
from tests.held import aside, held_open, wait_until_blocked
from tests.people import World, build_world
from tests.questionnaires import (
    FULL,
    add_page,
    add_question,
    answers,
    cast,
    closed,
    make_poll,
    make_questionnaire,
    make_survey,
    opened,
    question,
    show_only_if,
)


@pytest.fixture
def shared_world(transactional_db: None) -> World:
    """The world for tests with several database connections, which see only what is committed."""
    return build_world()


def shown_pages(survey: Questionnaire, **said: Any) -> list[int]:
    return [sheet.number for sheet in load_structure(survey).pages_shown(answers(survey, **said))]


def shown_questions(survey: Questionnaire, number: int, **said: Any) -> list[str]:
    structure = load_structure(survey)
    sheet = structure.page(number)
    assert sheet is not None
    with translation.override("en"):
        return [asked.text for asked in structure.questions_shown(sheet, answers(survey, **said))]


def test_pages_follow_what_was_answered(world: World) -> None:
    survey = make_survey(world)
    assert shown_pages(survey) == [1, 3, 4, 5]  # nothing chosen is none of the options chosen
    assert shown_pages(survey, used="Yes") == [1, 2, 4, 5]
    assert shown_pages(survey, used="No") == [1, 3, 4, 5]


def test_questions_follow_what_was_answered(world: World) -> None:
    survey = make_survey(world)
    assert shown_questions(survey, 4, used="Yes") == ["visits", "last", "nickname"]
    assert shown_questions(survey, 4, used="Yes", channels=["Web"]) == ["visits", "last", "nickname", "site"]
    assert shown_questions(survey, 2, used="No") == []


def test_a_page_without_a_question_to_ask_is_skipped(world: World) -> None:
    survey = make_questionnaire(world, "survey")
    first, second = add_page(survey), add_page(survey)
    asked = add_question(first, options=["Yes", "No"], text="go")
    show_only_if(add_question(second, "short", text="only"), asked, "Yes")
    assert shown_pages(survey, go="No") == [1]
    assert shown_pages(survey, go="Yes") == [1, 2]


def test_what_was_said_on_a_page_that_is_skipped_decides_nothing(world: World) -> None:
    survey = make_questionnaire(world, "survey")
    pages = [add_page(survey) for _number in range(3)]
    a, b = (add_question(page, options=["Yes", "No"], text=text) for page, text in zip(pages, "ab", strict=False))
    add_question(pages[2], "short", text="c")
    show_only_if(pages[1], a, "Yes")
    show_only_if(pages[2], b, "Yes")
    assert shown_pages(survey, a="Yes", b="Yes") == [1, 2, 3]
    assert shown_pages(survey, a="No", b="Yes") == [1]


def test_all_conditions_of_a_page_must_hold(world: World) -> None:
    survey = make_questionnaire(world, "survey")
    first, second = add_page(survey), add_page(survey)
    a, b = (add_question(first, options=["Yes", "No"], text=text) for text in "ab")
    add_question(second, "short", text="c")
    show_only_if(second, a, "Yes")
    show_only_if(second, b, "Yes", negated=True)
    assert shown_pages(survey, a="Yes", b="Yes") == [1]
    assert shown_pages(survey, a="Yes", b="No") == [1, 2]
    assert shown_pages(survey, a="Yes") == [1, 2]


def test_answers_to_questions_no_longer_asked_are_left_out(world: World) -> None:
    survey = opened(make_survey(world))
    given = answers(survey, **{**FULL, "used": "No", "why": "بعيد"})
    kept = load_structure(survey).kept(given)
    dropped = {given_.question for given_ in given} - {given_.question for given_ in kept}
    assert dropped == {question(survey, "ease").pk, question(survey, "aspects").pk}
    cast(survey, kept)


def test_loading_takes_the_same_few_statements_however_much_is_asked(
    world: World, django_assert_num_queries: Any
) -> None:
    survey = make_survey(world)
    with django_assert_num_queries(6):
        load_structure(survey)
    for _number in range(3):
        add_question(add_page(survey), options=["Yes", "No"])
    with django_assert_num_queries(6):
        assert len(load_structure(survey).pages) == 8


def test_what_is_frozen_is_loaded_once(world: World, django_assert_num_queries: Any) -> None:
    survey = opened(make_survey(world))
    cast(survey, **FULL)
    survey.refresh_from_db()
    load_structure(survey)
    with django_assert_num_queries(0), translation.override("ar"):
        assert load_structure(survey).questions[0].text == "سؤال: used"


def test_the_first_ballot_freezes_what_is_asked(world: World) -> None:
    poll = opened(make_poll(world))
    lock_for_edit(poll, poll.version)
    assert poll.version == 2
    cast(poll, "Morning")
    poll.refresh_from_db()
    frozen_at = poll.frozen_at
    assert frozen_at is not None
    cast(poll, "Morning")
    poll.refresh_from_db()
    assert poll.frozen_at == frozen_at

    with pytest.raises(Frozen):
        lock_for_edit(poll, poll.version)
    lock_for_edit(poll, poll.version, structure=False)  # thanks, findings, a later end
    assert poll.version == 3


def test_the_second_of_two_editors_is_told(world: World) -> None:
    poll = make_poll(world)
    seen = poll.version
    lock_for_edit(Questionnaire.objects.get(pk=poll.pk), seen)
    with pytest.raises(Conflict):
        lock_for_edit(poll, seen)


def test_saving_an_edited_questionnaire_keeps_what_happened_meanwhile(world: World) -> None:
    poll = opened(make_poll(world))
    edited = Questionnaire.objects.get(pk=poll.pk)
    edited.thanks_en = "Thank you."
    cast(poll, "Morning")

    lock_for_edit(edited, edited.version, structure=False)
    edited.save()

    poll.refresh_from_db()
    assert poll.frozen_at is not None
    assert poll.thanks_en == "Thank you."
    assert poll.version == 2


def test_what_was_told_and_asked_can_no_longer_be_changed(world: World) -> None:
    poll = make_poll(world)
    assert frozen_fields(poll) == frozenset()
    opened(poll)
    assert frozen_fields(poll) == frozenset()
    cast(poll, "Morning")
    poll.refresh_from_db()
    assert {"title_ar", "asks_gender", "threshold", "consent_en", "keep_raw_days", "opens_at"} <= frozen_fields(poll)
    assert not {"closes_at", "thanks_ar", "legal_hold"} & frozen_fields(poll)
    assert "closes_at" in frozen_fields(closed(poll))


def test_nothing_of_what_was_withdrawn_is_edited(world: World) -> None:
    poll = opened(make_poll(world))
    withdraw(questionnaire=poll, version=poll.version, by=None)
    with pytest.raises(Frozen):
        lock_for_edit(poll, poll.version)


def edit(poll: Questionnaire) -> None:
    lock_for_edit(Questionnaire.objects.get(pk=poll.pk), poll.version)
    Option.objects.filter(question__page__questionnaire=poll, label_en="Morning").update(label_en="Midnight")


def test_a_first_ballot_waits_for_an_edit_and_then_sees_that_the_form_is_old(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))
    given = answers(poll, **{"Which hours suit you?": "Morning"})
    with held_open(lambda: edit(poll)):
        voting = aside(lambda: cast(poll, given))
        wait_until_blocked()
    assert isinstance(voting.exception(10), Changed)
    assert not Ballot.objects.exists()


def test_an_edit_waits_for_a_first_ballot_and_then_finds_it_frozen(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))

    def try_to_edit() -> None:
        with transaction.atomic():
            edit(poll)

    with held_open(lambda: cast(poll, "Morning")):
        editing = aside(try_to_edit)
        wait_until_blocked()
    assert isinstance(editing.exception(10), Frozen)
    assert Option.objects.filter(label_en="Morning").exists()


def test_many_first_ballots_and_edits_at_once_never_mix(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))
    given = answers(poll, **{"Which hours suit you?": "Morning"})

    def act(number: int) -> Any:
        if number % 3:
            time.sleep(0.01 * (number % 4))
            return cast(poll, given)
        with transaction.atomic():
            edit(poll)
        return "edited"

    results = at_once(12, act)

    poll.refresh_from_db()
    ballots = [result for result in results if isinstance(result, Ballot)]
    was_edited = "edited" in results
    assert len(ballots) == Ballot.objects.count()
    assert bool(ballots) != was_edited, results
    assert poll.is_frozen == bool(ballots)
    assert {type(result) for result in results} <= {Ballot, str, Changed, Conflict, Frozen}
