"""The satisfaction survey: open at any time, and asked after an answered message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from participation.surveys.models import Ballot, Questionnaire
from participation.surveys.voters import cookie_name, mail_grant
from portal.satisfaction import Answered, satisfaction_token
from tests.questionnaires import make_satisfaction, question


@pytest.fixture
def survey(world: Any) -> Questionnaire:
    return make_satisfaction(world)


def said(survey: Questionnaire, score: Any = 4, comment: str = "") -> dict[str, Any]:
    names = {text: f"q{question(survey, text).pk}" for text in ("score", "comment")}
    return {"version": survey.version, names["score"]: score, names["comment"]: comment}


def send(client: Any, path: str, data: dict[str, Any]) -> Any:
    response = client.post(path, data)
    return client.post(response.url, data) if response.status_code == 307 else response


def about(pk: int = 7, cycle: int = 1) -> str:
    return satisfaction_token(Answered("feedback.case", pk, cycle, None))


def test_one_page_asks_and_thanks(client, survey):
    page = client.get("/ar/satisfaction/")
    assert page.status_code == 200
    assert not page.cookies
    done = send(client, "/ar/satisfaction/", said(survey, "٥", "خدمة ممتازة"))
    assert (done.status_code, done.url) == (303, "/ar/satisfaction/?voted=1")
    assert "/ar/satisfaction/results/" in client.get(done.url).content.decode()
    assert Ballot.objects.get().source == "web"


def test_a_browser_answers_once_a_month(client, survey):
    send(client, "/en/satisfaction/", said(survey))
    again = send(client, "/en/satisfaction/", said(survey, 1))
    assert again.status_code == 409
    assert "this month" in again.content.decode()
    assert Ballot.objects.count() == 1


def test_a_link_from_an_answered_message_counts_once_and_needs_no_cookie(client, survey):
    address = f"/en/satisfaction/?of={about()}"
    assert "from an answer to your message" in client.get(address).content.decode()
    done = client.post(address, said(survey))
    assert done.status_code == 303
    assert cookie_name() not in done.cookies
    assert client.get(done.url).status_code == 200
    again = client.post(address, said(survey, 1))
    assert again.status_code == 409
    assert "rated before" in again.content.decode()
    assert Ballot.objects.get().source == "case"


def test_a_reopened_message_may_be_rated_again_and_another_one_too(client, survey):
    for token in (about(), about(cycle=2), about(pk=8)):
        assert client.post(f"/en/satisfaction/?of={token}", said(survey)).status_code == 303
    assert Ballot.objects.count() == 3


def test_a_rating_of_a_message_leaves_the_monthly_answer_free(client, survey):
    client.post(f"/en/satisfaction/?of={about()}", said(survey))
    assert send(client, "/en/satisfaction/", said(survey)).status_code == 303
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize(
    "token", ["nonsense", "a:b:c", "%01", signing.dumps([1], salt="satisfaction")], ids=["word", "parts", "odd", "list"]
)
def test_a_link_that_belongs_to_no_message_still_lets_one_answer(client, survey, token):
    address = f"/en/satisfaction/?of={token}"
    page = client.get(address)
    assert page.status_code == 200
    assert "too old to belong" in page.content.decode()
    assert send(client, address, said(survey)).status_code == 303
    assert Ballot.objects.get().source == "web"


def test_a_browser_without_cookies_keeps_its_words(client, survey):
    first = client.post("/en/satisfaction/", said(survey, 2, "طال الانتظار"))
    client.cookies.clear()
    page = client.post(first.url, said(survey, 2, "طال الانتظار"))
    assert page.status_code == 422
    assert "طال الانتظار" in page.content.decode()
    assert client.post(f"/en/satisfaction/?grant={mail_grant(survey, 'a@b.example')}", said(survey)).status_code == 303


def test_without_a_score_it_is_shown_again_with_the_comment(client, survey):
    response = client.post("/en/satisfaction/", said(survey, "", "طال الانتظار"))
    assert response.status_code == 422
    assert "طال الانتظار" in response.content.decode()


@pytest.mark.parametrize("score", ["0", "6", "4.5", "x"])
def test_a_score_off_the_scale_is_refused(client, survey, score):
    assert client.post("/en/satisfaction/", said(survey, score)).status_code == 422
    assert not Ballot.objects.exists()


def test_without_a_survey_it_leads_to_the_contact_form(client, world):
    response = client.get("/en/satisfaction/")
    assert response.status_code == 404
    assert "/en/contact/" in response.content.decode()


def test_the_open_one_is_found_beside_those_that_are_over(client, world, survey):
    now = timezone.now()
    make_satisfaction(
        world, slug="former", opens_at=now - timedelta(days=400), closes_at=now - timedelta(days=200), title_en="Former"
    )
    page = client.get("/en/satisfaction/").content.decode()
    assert survey.title_en in page
    assert "Former" not in page
