"""A ballot is stored whole, once for each voter, while its questionnaire is open - or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.surveys.actions.lifecycle import withdraw
from participation.surveys.actions.voting import AlreadyVoted, Changed, NotOpen, Unfit
from participation.surveys.answers import Given, Profile
from participation.surveys.kinds import Access, Source, State
from participation.surveys.models import Answer, Ballot, Invitation, Questionnaire
from participation.surveys.voters import (
    address_identity,
    cookie_name,
    invitation_grant,
    mail_grant,
    new_voter,
    read_grant,
    read_voter,
    set_voter,
    voter_key,
)
from portal.encryption import blind_index
from tests.people import World
from tests.questionnaires import (
    FULL,
    answers,
    cast,
    choice,
    make_poll,
    make_satisfaction,
    make_survey,
    opened,
    over,
    question,
    upcoming,
)


def nothing_stored() -> bool:
    return not Ballot.objects.exists() and not Answer.objects.exists()


def test_it_stores_every_kind_of_answer(world: World) -> None:
    survey = opened(make_survey(world))
    told = Profile("female", "25-34", "dhofar")

    ballot = cast(survey, profile=told, **FULL)

    stored = {
        Given(row.question_id, row.row_id, row.option_id, row.number, row.date, row.text)
        for row in ballot.answers.all()
    }
    assert stored == set(answers(survey, **FULL))
    ballot.refresh_from_db()
    assert (ballot.gender, ballot.age_group, ballot.governorate) == ("female", "25-34", "dhofar")
    assert (ballot.language, ballot.source) == ("ar", Source.WEB)


def test_the_time_is_kept_to_the_hour_only(world: World) -> None:
    ballot = cast(opened(make_poll(world)), "Morning")
    ballot.refresh_from_db()
    hour = ballot.cast_hour
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert timedelta(0) <= timezone.now() - hour < timedelta(hours=1, seconds=5)


def test_a_profile_question_left_out_is_prefer_not_to_say_and_one_not_asked_is_empty(world: World) -> None:
    survey = opened(make_survey(world, asks_governorate=False))
    ballot = cast(survey, used="No", why="بعيد", profile=Profile(gender="male"))
    assert (ballot.gender, ballot.age_group, ballot.governorate) == ("male", "unsaid", "")


def test_a_vote_after_the_first_is_one_statement(world: World) -> None:
    poll = opened(make_poll(world))
    cast(poll, "Morning")
    poll.refresh_from_db()
    cast(poll, "Morning")  # reads the questions, which are remembered from here on
    given = [choice(question(poll), "Evening")]

    with CaptureQueriesContext(
        connection,
    ) as seen:
        cast(poll, given)

    statements = [query["sql"].split()[0] for query in seen.captured_queries]
    assert statements == ["WITH"]


def test_a_voter_votes_once_and_the_first_vote_stays(world: World) -> None:
    poll = opened(make_poll(world))
    first = cast(poll, "Morning", voter="maryam")
    with pytest.raises(AlreadyVoted):
        cast(poll, "Evening", voter="maryam")
    assert Ballot.objects.get() == first
    assert Answer.objects.get().option.label_en == "Morning"


def test_different_visitors_are_different_voters(world: World) -> None:
    poll = opened(make_poll(world))
    for _visitor in range(3):
        cast(poll, "Morning", voter=new_voter())
    assert Ballot.objects.count() == 3


PHASES: dict[str, Any] = {
    "draft": lambda poll: poll,
    "not open yet": upcoming,
    "closed": over,
    "counted": lambda poll: opened(poll, closes_at=timezone.now() - timedelta(1), counted_at=timezone.now(),
                                   respondents=0, opens_at=timezone.now() - timedelta(2)),
    "withdrawn": lambda poll: withdraw(questionnaire=opened(poll), version=poll.version, by=None),
    "for invited people": lambda poll: opened(poll, access=Access.INVITED),
}  # fmt: skip


@pytest.mark.parametrize("phase", PHASES)
def test_it_takes_no_vote_while_it_is(world: World, phase: str) -> None:
    poll = PHASES[phase](make_poll(world))
    with pytest.raises(NotOpen):
        cast(poll, "Morning")
    assert nothing_stored()
    poll.refresh_from_db()
    assert poll.frozen_at is None


def test_the_closing_second_is_closed_by_the_clock_of_the_database(world: World) -> None:
    poll = opened(make_poll(world))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_questionnaire SET closes_at = clock_timestamp() WHERE id = %s RETURNING closes_at",
            [poll.pk],
        )
    with pytest.raises(NotOpen):  # `poll` still believes that it is open
        cast(poll, "Morning")
    assert nothing_stored()


def test_the_opening_second_is_open(world: World) -> None:
    poll = opened(make_poll(world))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_questionnaire SET opens_at = clock_timestamp() WHERE id = %s", [poll.pk])
    cast(poll, "Morning")


def test_it_refuses_a_form_older_than_the_last_edit(world: World) -> None:
    poll = opened(make_poll(world))
    with pytest.raises(Changed):
        cast(poll, "Morning", version=poll.version - 1)
    Questionnaire.objects.filter(pk=poll.pk).update(version=poll.version + 1)
    with pytest.raises(Changed):  # `poll` was read before the edit
        cast(poll, "Morning")
    assert nothing_stored()


def refused(questionnaire: Questionnaire, given: list[Given], profile: Profile | None = None) -> set[str]:
    """Codes for which answers are refused; nothing may have been stored."""
    with pytest.raises(Unfit) as caught:
        cast(questionnaire, given, profile=profile)
    assert nothing_stored()
    assert all(problem.words for problem in caught.value.problems)
    return {problem.code for problem in caught.value.problems}


def test_it_refuses_nonsense_on_a_poll(world: World) -> None:
    poll, other = opened(make_poll(world, ["Morning", "Evening", "Other"])), opened(make_poll(world))
    asked, elsewhere = question(poll), question(other)
    morning, evening = choice(asked, "Morning"), choice(asked, "Evening")

    assert refused(poll, []) == {"empty", "required"}
    assert refused(poll, [choice(elsewhere, "Morning")]) == {"unknown", "required"}
    assert refused(poll, [Given(asked.pk, option=choice(elsewhere, "Morning").option)]) == {"unknown"}
    assert refused(poll, [morning, evening]) == {"one_only"}
    assert refused(poll, [morning, morning]) == {"one_only"}
    assert refused(poll, [choice(asked, "Other")]) == {"words_missing"}
    assert refused(poll, [choice(asked, "Other", "  \u200f ")]) == {"words_missing"}
    assert refused(poll, [choice(asked, "Other", "x" * 301)]) == {"too_long"}
    assert refused(poll, [replace(morning, text="words nobody asked for")]) == {"unknown"}
    assert refused(poll, [Given(asked.pk, text="Morning")]) == {"unknown"}
    assert refused(poll, [morning], Profile(gender="female")) == {"profile"}


SURVEY_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"channels": ["Web", "Phone", "Other: by post"]}, "too_many"),
    ({"channels": ["None", "Web"]}, "exclusive"),
    ({"channels": ["Web", "Web"]}, "unknown"),
    ({"channels": ["Web", "Other"]}, "words_missing"),
    ({"ease": 6}, "out_of_bounds"),
    ({"ease": 0}, "out_of_bounds"),
    ({"ease": "2.5"}, "out_of_bounds"),
    ({"aspects": {"Speed": "Good"}}, "lines_missing"),
    ({"visits": 51}, "out_of_bounds"),
    ({"visits": -1}, "out_of_bounds"),
    ({"visits": "NaN"}, "out_of_bounds"),
    ({"visits": "Infinity"}, "out_of_bounds"),
    ({"visits": "1e99"}, "out_of_bounds"),
    ({"visits": "1.23456"}, "out_of_bounds"),
    ({"last": timezone.now().date().replace(year=9999)}, "out_of_bounds"),
    ({"nickname": "x" * 301}, "too_long"),
    ({"comment": "x" * 4001}, "too_long"),
    ({"wishes": ["Staff", "Hours"]}, "too_few"),
]


@pytest.mark.parametrize(("change", "code"), SURVEY_FAULTS, ids=lambda value: str(value)[:50])
def test_it_refuses_nonsense_in_a_survey(world: World, change: dict[str, Any], code: str) -> None:
    survey = opened(make_survey(world))
    assert refused(survey, answers(survey, **{**FULL, **change})) == {code}


def test_it_refuses_ranks_that_are_no_ranking(world: World) -> None:
    survey = opened(make_survey(world))
    rest = answers(survey, **{name: said for name, said in FULL.items() if name != "wishes"})
    first, second, third = answers(survey, wishes=["Staff", "Hours", "Parking"])

    assert refused(survey, [*rest, first, second, replace(third, number=Decimal(2))]) == {"ranking"}
    assert refused(survey, [*rest, first, second, replace(third, number=Decimal(4))]) == {"ranking"}
    assert refused(survey, [*rest, first, second, replace(third, option=first.option)]) == {"ranking"}


def test_it_refuses_two_answers_to_one_line_and_lines_of_others(world: World) -> None:
    survey, other = opened(make_survey(world)), make_survey(world)
    rest = answers(survey, **FULL)
    line = next(given for given in rest if given.row)
    twice = replace(line, option=choice(question(survey, "aspects"), "Bad").option)
    foreign = replace(line, row=question(other, "aspects").rows.first().pk)

    assert refused(survey, [*rest, twice]) == {"one_only"}
    assert refused(survey, [foreign if given is line else given for given in rest]) == {"unknown", "lines_missing"}


def test_it_refuses_what_was_not_asked_and_misses_what_was(world: World) -> None:
    survey = opened(make_survey(world))
    assert refused(survey, answers(survey, used="No")) == {"required"}
    assert refused(survey, answers(survey, used="No", why="بعيد", ease=3)) == {"not_shown"}
    assert refused(survey, answers(survey, used="No", why="بعيد", site="portal")) == {"not_shown"}


@pytest.mark.parametrize(
    "profile",
    [Profile(gender="x"), Profile(age_group="17"), Profile(governorate="paris"), Profile(governorate="dubai")],
)
def test_it_refuses_people_nobody_asked_for(world: World, profile: Profile) -> None:
    survey = opened(make_survey(world))
    assert refused(survey, answers(survey, used="No", why="بعيد"), profile) == {"profile"}


def test_texts_are_stored_without_marks_that_turn_the_page_around(world: World) -> None:
    survey = opened(make_survey(world))
    cast(survey, used="No", why="  بعيد \u202egnp.exe\u202c ")
    assert Answer.objects.exclude(text="").get().text == "بعيد gnp.exe"


def test_an_invitation_counts_once_and_keeps_no_trace_of_its_ballot(world: World) -> None:
    poll = opened(make_poll(world, access=Access.INVITED))
    invited = Invitation.objects.create(
        questionnaire=poll, email="maryam@citizen.example", email_index=address_identity("maryam@citizen.example")
    )
    grant = read_grant(invitation_grant(invited), poll)
    assert grant is not None
    assert grant.invitation == invited

    ballot = cast(poll, "Morning", voter=grant.identity, source=grant.source, invitation=invited)

    invited.refresh_from_db()
    assert invited.used_on == timezone.localdate()
    with pytest.raises(AlreadyVoted):
        cast(poll, "Evening", voter=grant.identity, source=grant.source, invitation=invited)
    with pytest.raises(AlreadyVoted):  # whatever the key
        cast(poll, "Evening", voter="somebody else", source=grant.source, invitation=invited)
    assert Ballot.objects.get() == ballot
    assert invited.email_index not in (ballot.voter_key, blind_index(ballot.voter_key))


def test_an_invitation_to_another_questionnaire_opens_nothing(world: World) -> None:
    poll, other = opened(make_poll(world, access=Access.INVITED)), opened(make_poll(world, access=Access.INVITED))
    invited = Invitation.objects.create(
        questionnaire=other, email="a@b.example", email_index=address_identity("a@b.example")
    )
    assert read_grant(invitation_grant(invited), poll) is None
    with pytest.raises(NotOpen):
        cast(poll, "Morning", source=Source.INVITATION, invitation=invited)
    assert nothing_stored()


def test_an_invited_person_has_no_second_vote_through_a_mailed_link(world: World) -> None:
    poll = opened(make_poll(world))
    email = "maryam@citizen.example"
    invited = Invitation.objects.create(questionnaire=poll, email=email, email_index=address_identity(email))
    for token in (invitation_grant(invited), mail_grant(poll, " Maryam@CITIZEN.example ")):
        grant = read_grant(token, poll)
        assert grant is not None
        if grant.source == Source.INVITATION:
            cast(poll, "Morning", voter=grant.identity, source=grant.source, invitation=grant.invitation)
        else:
            with pytest.raises(AlreadyVoted):
                cast(poll, "Morning", voter=grant.identity, source=grant.source)


def test_a_mailed_link_is_good_for_seven_days_and_for_nothing_else(world: World) -> None:
    poll, other = opened(make_poll(world)), opened(make_poll(world))
    token = mail_grant(poll, "maryam@citizen.example")
    assert read_grant(token, poll) is not None
    assert read_grant(token, other) is None
    assert read_grant(token[:-1] + ("A" if token[-1] != "A" else "B"), poll) is None
    assert read_grant("", poll) is None
    assert read_grant("x", poll) is None
    assert "maryam" not in token
    assert len(token) <= 400
    with pytest.MonkeyPatch.context() as later:
        later.setattr("participation.surveys.voters.time.time", lambda: timezone.now().timestamp() + 8 * 86400)
        assert read_grant(token, poll) is None


def test_the_same_person_is_another_voter_in_every_questionnaire(world: World) -> None:
    poll, other = make_poll(world), make_poll(world)
    keys = {
        voter_key(poll, Source.WEB, "one"),
        voter_key(other, Source.WEB, "one"),
        voter_key(poll, Source.CASE, "one"),
    }
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)


def test_no_change_of_the_secret_key_gives_a_second_vote(world: World) -> None:
    poll = make_poll(world)
    response = HttpResponse()
    set_voter(response, "one")
    request = HttpRequest()
    request.COOKIES[cookie_name()] = response.cookies[cookie_name()].value
    key = voter_key(poll, Source.WEB, "one")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(settings, "SECRET_KEY", "another")
        assert read_voter(request) == "one"
        assert voter_key(poll, Source.WEB, "one") == key


def test_the_cookie_is_signed_and_out_of_reach_of_scripts() -> None:
    response = HttpResponse()
    set_voter(response, "one")
    cookie = response.cookies[cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 730 * 86400
    request = HttpRequest()
    for forged in ("", "one", "one.", ".", "two" + cookie.value[3:], cookie.value[:-1], "one.é"):
        request.COOKIES[cookie_name()] = forged
        assert read_voter(request) is None


def test_the_satisfaction_survey_takes_a_voter_once_a_month_and_a_case_once_for_ever(world: World) -> None:
    survey = make_satisfaction(world)
    cast(survey, score=4, voter="one")
    cast(survey, score=4, voter="feedback.case:1:1", source=Source.CASE)
    with pytest.raises(AlreadyVoted):
        cast(survey, score=1, voter="one")
    with pytest.MonkeyPatch.context() as later:
        later.setattr(
            "participation.surveys.voters.timezone.localdate", lambda: timezone.now().date() + timedelta(days=32)
        )
        cast(survey, score=5, voter="one")
        with pytest.raises(AlreadyVoted):
            cast(survey, score=1, voter="feedback.case:1:1", source=Source.CASE)
    assert Ballot.objects.filter(questionnaire=survey).count() == 3
    assert survey.state == State.SCHEDULED
