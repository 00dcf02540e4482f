"""A citizen follows her message, answers back, rates, and says once that it is not solved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing

from participation.feedback import links
from participation.feedback.actions.citizen import reopen_case
from participation.feedback.actions.work import add_note, ask_citizen, reply_to_case
from participation.feedback.models import Case
from participation.feedback.states import State
from participation.feedback.tokens import new_form_token
from tests.people import open_case, submitted


def page_of(case: Case) -> str:
    return f"/en/track/{links.tracking_token(case, timedelta(hours=1))}/"


def test_reference_and_code_open_the_case(client, world):
    done = submitted(world)
    typed = done.case.reference.lower().replace("-", " ").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    response = client.post("/ar/track/", {"reference": typed, "proof": done.secret.lower()})
    assert response.status_code == 302
    assert done.case.reference in client.get(response.url).content.decode()


@pytest.mark.parametrize("proof", [" Maryam@Citizen.example ", "maryam@citizen.example"])
def test_reference_and_contact_open_the_case(client, world, proof):
    case = submitted(world).case
    assert client.post("/ar/track/", {"reference": case.reference, "proof": proof}).status_code == 302


def test_a_phone_number_opens_the_case_it_was_left_with(client, world):
    case = submitted(world, email="", phone="+96890000012").case
    assert client.post("/ar/track/", {"reference": case.reference, "proof": "٩٠٠٠ ٠٠١٢"}).status_code == 302


@pytest.mark.parametrize("proof", ["wrong", "x@y.example", "90000099", "AAAA-AAAA", "-", "'"])
def test_a_wrong_proof_and_an_unknown_reference_get_the_same_answer(client, world, proof):
    known = submitted(world, email="", phone="").case.reference
    from portal.references import new_reference

    pages = []
    for reference in (known, new_reference()):
        response = client.post("/en/track/", {"reference": reference, "proof": proof})
        assert response.status_code == 422
        pages.append(response.content.decode().replace(reference, "REFERENCE"))
    assert pages[0] == pages[1]


def test_a_mistyped_reference_is_told_apart_before_any_look_up(client, world):
    reference = submitted(world).case.reference
    wrong = ("1" if reference[0] != "1" else "2") + reference[1:]
    assert "mistyped" in client.post("/en/track/", {"reference": wrong, "proof": "x"}).content.decode()


def test_looking_up_is_limited(client, world, settings):
    settings.THROTTLES = {**settings.THROTTLES, "lookup": (2, 600)}
    codes = [client.post("/ar/track/", {"reference": "", "proof": ""}).status_code for _ in range(3)]
    assert codes == [422, 422, 429]


def test_an_altered_or_old_link_opens_nothing_and_says_what_to_do(client, world):
    case = open_case(world)
    token = links.tracking_token(case, timedelta(hours=1))
    old = links.tracking_token(case, timedelta(hours=-1))
    other = signing.dumps({"case": case.pk, "until": 9e9}, salt="something else")
    for link in (token[:-1], old, other, "x"):
        response = client.get(f"/en/track/{link}/")
        assert response.status_code == 404
        assert "no longer opens" in response.content.decode()


def test_the_page_shows_the_thread_without_internal_notes(client, world):
    case = open_case(world)
    add_note(case=case, text="internal remark", by=world.officer)
    reply_to_case(case=case, text="Your licence is ready.", by=world.officer)
    page = client.get(page_of(case)).content.decode()
    assert "Your licence is ready." in page
    assert "internal remark" not in page
    assert world.officer.username not in page
    assert world.officer.name_en not in page


def test_opening_the_page_changes_nothing(client, world):
    case = open_case(world)
    reply_to_case(case=case, text="Done.", by=world.officer)
    before = Case.objects.values().get(pk=case.pk)
    for _ in range(3):
        client.get(page_of(case))
        client.get(page_of(case) + "?do=not_solved")
    assert Case.objects.values().get(pk=case.pk) == before


def test_not_solved_reopens_once_under_the_same_reference(client, world):
    case = open_case(world)
    reply_to_case(case=case, text="Done.", by=world.officer)
    page = page_of(case)
    assert client.post(page, {"do": "not_solved", "not_solved-text": ""}).status_code == 422
    assert client.post(page, {"do": "not_solved", "not_solved-text": "It still fails."}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.OPEN, 2)
    assert client.post(page, {"do": "not_solved", "not_solved-text": "Again."}).status_code == 409
    reply_to_case(case=case, text="Done again.", by=world.officer)
    assert 'value="not_solved"' not in client.get(page).content.decode()
    assert client.post(page, {"do": "not_solved", "not_solved-text": "Again."}).status_code == 409


def test_it_can_be_rated_once_for_each_answer(client, world):
    case = open_case(world)
    assert client.post(page_of(case), {"do": "rate", "rating-score": "5"}).status_code == 409
    reply_to_case(case=case, text="Done.", by=world.officer)
    client.post(page_of(case), {"do": "rate", "rating-score": "4"})
    client.post(page_of(case), {"do": "rate", "rating-score": "1"})
    assert case.ratings.get().score == 4
    case.refresh_from_db()
    reopen_case(case=case, text="No.")
    reply_to_case(case=case, text="Done again.", by=world.officer)
    client.post(page_of(case), {"do": "rate", "rating-score": "5"})
    assert sorted(case.ratings.values_list("score", flat=True)) == [4, 5]


def test_answering_a_question_lets_the_clock_go_on(client, world):
    case = open_case(world)
    ask_citizen(case=case, text="Which licence?", by=world.officer)
    assert "waits for your answer" in client.get(page_of(case)).content.decode()
    token = new_form_token()
    for _ in range(2):
        response = client.post(page_of(case), {"do": "answer", "text": "Number 12", "token": token})
        assert response.status_code == 302
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert case.due_at is not None
    assert case.messages.filter(author="citizen").count() == 1


def test_she_can_withdraw_it(client, world):
    case = open_case(world)
    assert client.post(page_of(case), {"do": "withdraw"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    assert client.post(page_of(case), {"do": "withdraw"}).status_code == 409


@pytest.mark.parametrize("language", ["ar", "en"])
def test_why_then_lists_the_hours_counted(client, world, language):
    case = open_case(world)
    response = client.get(page_of(case).replace("/en/", f"/{language}/") + "due/")
    assert response.status_code == 200
    assert "<table" in response.content.decode()


def test_what_a_citizen_typed_is_shown_inert(client, world):
    case = open_case(world, text="<script>alert(1)</script> {{ case.email }} \u202e reversed")
    page = client.get(page_of(case)).content.decode()
    assert "<script>" not in page
    assert "{{ case.email }}" in page
    assert re.search(r"no-store", client.get(page_of(case)).headers["Cache-Control"])
