"""Answering a survey page by page: skipping, going back, what is said of mistakes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from participation.surveys.actions.drafts import draft_token
from participation.surveys.models import Answer, Ballot, Draft, Questionnaire
from tests.participation.surveys.citizen import Citizen, to_the_review
from tests.questionnaires import make_survey, opened, over, question, upcoming


@pytest.fixture
def survey(world: Any) -> Questionnaire:
    return opened(make_survey(world, slug="services"))


def test_the_introduction_says_who_asks_and_stores_nothing(client, survey, world):
    page = client.get("/en/surveys/services/").content.decode()
    assert world.ministry.name_en in page
    assert "no effect on any service" in page
    assert not Draft.objects.exists()


def test_all_kinds_of_answers_arrive_and_the_draft_is_gone(client, survey):
    citizen = to_the_review(client, survey)
    for said in ("Other: by post", "Speed: Good", "1. Staff", "12", "31 January 2026", "Nasser", "Female", "Muscat"):
        assert said in citizen.page
    response = citizen.cast()
    assert (response.status_code, response.url) == (303, "/en/surveys/services/thanks/")
    ballot = Ballot.objects.get()
    assert (ballot.gender, ballot.age_group, ballot.governorate) == ("female", "unsaid", "muscat")
    numbers = dict(Answer.objects.filter(number__isnull=False).values_list("question__text_en", "number"))
    assert numbers["ease"] == 4
    assert numbers["visits"] == Decimal(12)
    assert Answer.objects.count() == 14
    assert not Draft.objects.exists()


def test_pages_and_questions_are_skipped_by_earlier_answers(client, survey):
    citizen = Citizen(client, survey)
    citizen.send(used="No", channels=["Phone"])
    assert citizen.number == "3"
    assert "why" in citizen.page
    citizen.send(why="بعيد")
    assert citizen.number == "4"
    assert f"q{question(survey, 'nickname').pk}" in citizen.page
    assert f"q{question(survey, 'site').pk}" not in citizen.page


def test_what_is_no_longer_asked_is_not_sent(client, survey):
    citizen = to_the_review(client, survey)
    citizen.follow(client.get(f"{citizen.base}answer/{draft_token(Draft.objects.get())}/1/?change=1"))
    citizen.at += "?change=1"
    citizen.send(used="No", channels=["Phone"])
    assert citizen.number == "3"
    citizen.at += "?change=1"
    citizen.send(why="بعيد")
    assert citizen.number == "review"
    assert "ease" not in citizen.page
    citizen.cast()
    texts = set(Answer.objects.values_list("question__text_en", flat=True))
    assert {"why", "used"} <= texts
    assert not texts & {"ease", "aspects", "site"}


def test_progress_counts_the_pages_that_are_asked(client, survey):
    citizen = Citizen(client, survey)
    assert "page 1 of about 5" in citizen.page
    citizen.send(used="Yes", channels=["Web"])
    assert "page 2 of about 5" in citizen.page
    assert '<progress value="2" max="5"' in citizen.page


def test_mistakes_are_said_and_everything_typed_stays(client, survey):
    citizen = Citizen(client, survey)
    citizen.send(channels=["Web", "Phone", "Other:بالبريد"])
    assert citizen.response.status_code == 422
    assert "Choose an answer: used" in citizen.page
    assert "Choose 2 at most. (channels)" in citizen.page
    assert citizen.page.count(" checked") == 3
    assert "بالبريد" in citizen.page
    assert re.search("<title>Error:", citizen.page)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"used": "Yes", "channels": ["None", "Web"]}, "cannot be chosen together"),
        ({"used": "Yes", "channels": ["Other: "]}, "Write what you mean"),
        ({"used": "Yes", "channels": ["Other:" + "x" * 301]}, "300 characters"),
    ],
)
def test_several_choices_have_their_rules(client, survey, said, message):
    citizen = Citizen(client, survey)
    citizen.send(**said)
    assert citizen.response.status_code == 422
    assert message in citizen.page


def test_each_line_of_a_matrix_is_wanted_and_the_missing_one_is_shown(client, survey):
    citizen = Citizen(client, survey)
    citizen.send(used="Yes", channels=["Web"])
    citizen.send(ease="4", aspects={"Speed": "Good"})
    asked = question(survey, "aspects")
    care = asked.rows.get(label_en="Care")
    assert citizen.response.status_code == 422
    assert f'href="#id{survey.pk}_q{asked.pk}_row_{care.pk}_0"' in citizen.page
    assert f'id="id{survey.pk}_q{asked.pk}_row_{care.pk}_0"' in citizen.page
    assert citizen.page.count("Not answered yet:") == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"visits": "51"}, "from 0 to 50"),
        ({"visits": "many"}, "Write a number"),
        ({"visits": "NaN"}, ""),
        ({"last": "31/2/2026"}, "day, month and year"),
        ({"nickname": "x" * 301}, "300 characters"),
    ],
)
def test_numbers_dates_and_texts_have_their_bounds(client, survey, said, message):
    citizen = Citizen(client, survey)
    citizen.send(used="No", channels=["Web"])
    citizen.send(why="بعيد")
    citizen.send(**said)
    assert citizen.response.status_code == 422
    assert message in citizen.page
    assert next(iter(said.values())) in citizen.page


@pytest.mark.parametrize("wishes", [{"Staff": 1, "Hours": 1, "Parking": 2}, {"Staff": 2}, {"Staff": 9}])
def test_a_ranking_gives_each_place_once(client, survey, wishes):
    citizen = Citizen(client, survey)
    citizen.send(used="No", channels=["Web"])
    citizen.send(why="بعيد")
    citizen.send()
    citizen.send(wishes=wishes)
    assert citizen.response.status_code == 422


def test_going_back_keeps_what_was_typed_even_if_it_does_not_fit(client, survey):
    citizen = Citizen(client, survey)
    citizen.send(used="No", channels=["Web"])
    citizen.send(why="بعيد")
    citizen.send("back", visits="many", nickname="سالم")
    assert citizen.number == "3"
    assert "بعيد" in citizen.page
    citizen.send(why="بعيد جدا")
    assert citizen.number == "4"
    assert "many" in citizen.page
    assert "سالم" in citizen.page
    assert "There is a problem" not in citizen.page


def test_a_page_ahead_cannot_be_opened_before_those_it_depends_on(client, survey):
    citizen = Citizen(client, survey)
    base = citizen.at.rstrip("/").rpartition("/")[0]
    for number in ("4/", "99/", "review/", ""):
        citizen.follow(client.get(f"{base}/{number}"))
        assert citizen.number == "1"


def test_the_list_shows_open_surveys_and_whose_they_are(client, world, survey):
    opened(
        make_survey(
            world, title_en="For the authority", on_behalf_of=world.authority, consent_ar="موافقة", consent_en="Consent"
        )
    )
    page = client.get("/en/surveys/").content.decode()
    assert 'href="/en/surveys/services/"' in page
    assert "On behalf of Authority" in page
    assert client.get("/en/surveys/?page=99").status_code == 200


def test_on_behalf_of_another_body_says_so_and_asks_for_consent(client, world):
    opened(
        make_survey(world, slug="services", on_behalf_of=world.authority, consent_ar="أوافق", consent_en="I agree that")
    )
    page = client.get("/en/surveys/services/").content.decode()
    assert "I agree that" in page
    assert "Only Authority reads single answers" in page


def test_the_list_asks_the_same_number_of_queries_whatever_its_length(client, world, django_assert_max_num_queries):
    counts = []
    client.get("/en/surveys/")
    for number in (1, 2):
        for _ in range(number):
            opened(make_survey(world)), upcoming(make_survey(world)), over(make_survey(world))
        with django_assert_max_num_queries(20) as captured:
            assert client.get("/en/surveys/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
