"""Answers half given: kept under their link, sent once, and discarded when nobody comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from participation.surveys.actions.drafts import (
    discard_idle,
    draft_token,
    finish,
    open_draft,
    read_draft,
    save_page,
    start_draft,
)
from participation.surveys.actions.lifecycle import withdraw
from participation.surveys.actions.voting import AlreadyVoted, Unfit
from participation.surveys.answers import Profile
from participation.surveys.kinds import Source
from participation.surveys.models import Ballot, Draft, Questionnaire
from participation.surveys.voters import voter_key
from tests.at_once import at_once
from tests.people import World, build_world
from tests.questionnaires import FULL, answers, make_poll, make_survey, opened


@pytest.fixture
def survey(world: World) -> Questionnaire:
    return opened(make_survey(world))


@pytest.fixture
def draft(survey: Questionnaire) -> Draft:
    return start_draft(questionnaire=survey, language="ar", grant="token")


def ballot(survey: Questionnaire, **changes: Any) -> dict[str, Any]:
    """The arguments with which a draft is finished."""
    return {
        "voter_key": voter_key(survey, Source.WEB, "maryam"), "given": answers(survey, **FULL), "profile": Profile(),
        "language": "ar", "source": Source.WEB, "version": survey.version, **changes,
    }  # fmt: skip


def test_a_page_replaces_what_was_kept_of_it_and_leaves_the_others(draft: Draft) -> None:
    save_page(draft=draft, names=["q1", "q2"], data={"q1": ["5"], "q2": ["7", "8"], "q2_text_8": ["بريد"], "x": ["1"]})
    save_page(draft=draft, names=["q12"], data={"q12": ["مرحبا"]})
    assert read_draft(draft) == {"q1": ["5"], "q2": ["7", "8"], "q2_text_8": ["بريد"], "q12": ["مرحبا"]}
    save_page(draft=draft, names=["q1", "q2"], data={"q1": ["6"]})  # every box of q2 was cleared
    draft.refresh_from_db()
    assert read_draft(draft) == {"q1": ["6"], "q12": ["مرحبا"]}


def test_two_pages_saved_at_once_are_both_kept(transactional_db: None) -> None:
    survey = opened(make_survey(build_world()))
    draft = start_draft(questionnaire=survey, language="ar")
    at_once(8, lambda n: save_page(draft=Draft.objects.get(pk=draft.pk), names=[f"q{n}"], data={f"q{n}": [str(n)]}))
    draft.refresh_from_db()
    assert read_draft(draft) == {f"q{n}": [str(n)] for n in range(8)}


def test_the_database_cannot_read_what_was_typed(draft: Draft) -> None:
    save_page(draft=draft, names=["q1"], data={"q1": ["secret words"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM surveys_draft")
        assert "secret" not in cursor.fetchone()[0]


def test_a_link_opens_its_draft_and_no_other(draft: Draft, world: World, survey: Questionnaire) -> None:
    token = draft_token(draft)
    assert open_draft(token, survey) == draft
    assert open_draft(token, opened(make_poll(world))) is None
    assert open_draft(token[:-2] + "xx", survey) is None
    assert open_draft(str(draft.pk), survey) is None
    draft.delete()
    assert open_draft(token, survey) is None


def test_finishing_stores_the_ballot_and_lets_go_of_the_draft(draft: Draft, survey: Questionnaire) -> None:
    cast = finish(draft=draft, **ballot(survey))
    assert Ballot.objects.get() == cast
    assert not Draft.objects.exists()


def test_what_does_not_fit_leaves_the_draft_as_it_was(draft: Draft, survey: Questionnaire) -> None:
    save_page(draft=draft, names=["q1"], data={"q1": ["5"]})
    with pytest.raises(Unfit):
        finish(draft=draft, **ballot(survey, given=[]))
    draft.refresh_from_db()
    assert read_draft(draft) == {"q1": ["5"]}
    assert not Ballot.objects.exists()


def test_a_draft_sent_twice_at_once_is_one_ballot(transactional_db: None) -> None:
    survey = opened(make_survey(build_world()))
    draft = start_draft(questionnaire=survey, language="ar")
    results = at_once(6, lambda _number: finish(draft=draft, **ballot(survey)))
    assert [type(result) for result in results].count(Ballot) == 1
    assert [type(result) for result in results].count(AlreadyVoted) == 5
    assert Ballot.objects.count() == 1


def test_drafts_nobody_came_back_to_are_discarded(world: World, survey: Questionnaire, draft: Draft) -> None:
    old = start_draft(questionnaire=survey, language="ar")
    Draft.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=30, minutes=1))
    assert discard_idle() == 1
    assert list(Draft.objects.all()) == [draft]


def test_drafts_that_can_no_longer_be_sent_are_discarded(world: World, survey: Questionnaire) -> None:
    gone = opened(make_survey(world))
    for questionnaire in (survey, gone):
        start_draft(questionnaire=questionnaire, language="ar")
    withdraw(questionnaire=gone, version=gone.version, by=None)
    assert discard_idle() == 1
    opened(survey, closes_at=timezone.now())
    assert discard_idle() == 1
    assert not Draft.objects.exists()
