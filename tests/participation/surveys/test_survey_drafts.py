"""Answers half given: saved, found again by their link, sent once - and what hinders that."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from participation.surveys.kinds import Access
from participation.surveys.models import Ballot, Draft, Invitation, Questionnaire
from participation.surveys.voters import address_identity, cookie_name, invitation_grant
from portal.mail.models import OutgoingMail
from tests.participation.surveys.citizen import Citizen, to_the_review
from tests.questionnaires import add_page, add_question, make_survey, opened, over

EMAIL = "maryam@citizen.example"


@pytest.fixture
def survey(world: Any) -> Questionnaire:
    return opened(make_survey(world, slug="services"))


def test_saved_answers_are_found_again_by_their_link(client, survey):
    citizen = Citizen(client, survey, "ar")
    citizen.send(used="No", channels=["Web"])
    citizen.send("save", why="بعيد")
    assert citizen.number == "saved"
    link = re.search(r'id="resume-link" value="https?://[^/]+([^"]+)"', citizen.page).group(1)
    client.cookies.clear()
    citizen.follow(client.get(link))
    assert citizen.number == "3"
    assert "بعيد" in citizen.page


def test_the_link_comes_by_letter_once(client, survey):
    citizen = Citizen(client, survey, "ar")
    citizen.send("save")
    saved = citizen.at
    assert client.post(saved, {"email": "nobody"}).status_code == 422
    for _ in range(2):
        citizen.follow(client.post(saved, {"email": EMAIL}))
    assert "sent=1" in citizen.at
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.language) == (EMAIL, "ar")
    link = re.search(r"https?://[^/\s]+(/ar/surveys/services/answer/\S+/)", letter.text).group(1)
    citizen.follow(client.get(link))
    assert citizen.number == "1"


@pytest.mark.parametrize("token", ["nonsense", "1:abc:def", "%00"])
def test_a_link_that_opens_nothing_says_why(client, survey, token):
    response = client.get(f"/en/surveys/services/answer/{token}/1/")
    assert response.status_code == 404
    assert "These answers are not here" in response.content.decode()


def test_a_draft_opens_in_its_own_survey_only(client, survey, world):
    citizen = Citizen(client, survey)
    opened(make_survey(world, slug="other"))
    assert client.get(citizen.at.replace("/services/", "/other/")).status_code == 404


def test_sending_twice_counts_once(client, survey):
    citizen = to_the_review(client, survey)
    review = citizen.at
    citizen.cast()
    assert client.post(review, {"version": survey.version}).status_code == 404
    assert Ballot.objects.count() == 1


def test_who_has_answered_is_told_before_starting_again(client, survey):
    to_the_review(client, survey).cast()
    response = client.post("/en/surveys/services/")
    assert response.status_code == 409
    assert "You have answered already" in response.content.decode()
    assert not Draft.objects.exists()


def test_a_second_draft_of_the_same_browser_is_refused_at_the_end_and_kept(client, survey):
    second = to_the_review(client, survey)
    to_the_review(client, survey).cast()
    assert second.cast().status_code == 409
    assert Ballot.objects.count() == 1
    assert Draft.objects.count() == 1


def test_without_cookies_a_letter_leads_back_to_the_answers(client, survey):
    citizen = to_the_review(client, survey)
    first = client.post(citizen.at, {"version": survey.version})
    client.cookies.clear()
    page = client.post(first.url, {"version": survey.version})
    assert page.status_code == 422
    assert not page.cookies
    draft = re.search(r'name="draft" value="([^"]+)"', page.content.decode()).group(1)
    client.post("/en/surveys/services/link/", {"draft": draft, "email": EMAIL})
    letter = OutgoingMail.objects.get()
    link = re.search(r"https?://[^/\s]+(/en/surveys/services/answer/\S+/review/\?grant=\S+)", letter.text).group(1)
    done = client.post(link, {"version": survey.version})
    assert done.status_code == 303
    assert Ballot.objects.get().source == "mail"
    assert cookie_name() not in done.cookies


def invited(survey: Questionnaire) -> Invitation:
    return Invitation.objects.create(questionnaire=survey, email=EMAIL, email_index=address_identity(EMAIL))


def test_an_invitation_opens_a_closed_circle_once(client, world):
    survey = opened(make_survey(world, slug="services", access=Access.INVITED))
    invitation = invited(survey)
    address = f"?grant={invitation_grant(invitation)}"
    for method in (client.get, client.post):
        assert method("/en/surveys/services/").status_code == 403
    assert client.get(f"/en/surveys/services/{address}").status_code == 200
    citizen = to_the_review(client, survey, grant=address)
    client.cookies.clear()
    response = citizen.cast()
    assert response.status_code == 303
    assert cookie_name() not in response.cookies
    assert "Thank you" in citizen.page
    invitation.refresh_from_db()
    assert invitation.used_on
    again = client.get(f"/en/surveys/services/{address}")
    assert again.status_code == 200
    assert "You have answered already" in again.content.decode()


def test_the_questions_changed_before_sending(client, survey):
    citizen = to_the_review(client, survey)
    Questionnaire.objects.filter(pk=survey.pk).update(version=survey.version + 1)
    first = client.post(citizen.at, {"version": survey.version})
    response = client.post(first.url, {"version": survey.version})
    assert response.status_code == 409
    assert "were changed while you were answering" in response.content.decode()
    assert f'name="version" value="{survey.version + 1}"' in response.content.decode()
    assert not Ballot.objects.exists()


def test_a_new_required_question_leads_back_to_its_page(client, survey):
    citizen = to_the_review(client, survey)
    add_question(add_page(survey, "New"), text="new", kind="short", is_required=True)
    Questionnaire.objects.filter(pk=survey.pk).update(version=survey.version + 1)
    citizen.follow(client.post(citizen.at, {"version": survey.version}))
    assert citizen.number == "6"
    assert not Ballot.objects.exists()


def test_when_it_closes_nothing_more_is_taken(client, survey):
    citizen = to_the_review(client, survey)
    over(survey, days=0)
    response = client.post(citizen.at, {"version": survey.version})
    assert response.status_code == 409
    assert "were not stored" in response.content.decode()
    assert not Ballot.objects.exists()


def test_saved_answers_are_kept_from_caches_and_search_engines(client, survey):
    response = client.get(Citizen(client, survey).at)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_texts_are_not_readable_in_the_database(client, survey):
    citizen = Citizen(client, survey)
    citizen.send(used="No", channels=["Web"])
    citizen.send("save", why="سر لا يقرأ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM surveys_draft")
        assert "سر" not in cursor.fetchone()[0]
