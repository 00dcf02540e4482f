"""Voting on a poll: what a citizen sees when all goes well, and when it does not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from participation.surveys.kinds import Access
from participation.surveys.models import Answer, Ballot, Question, Questionnaire
from participation.surveys.voters import cookie_name, mail_grant, voter_cookie
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.questionnaires import closed, make_poll, opened, over, question, upcoming

EMAIL = "maryam@citizen.example"


@pytest.fixture
def poll(world: Any) -> Questionnaire:
    return opened(make_poll(world, slug="hours"))


def ballot_paper(poll: Questionnaire, label: str = "Morning", **more: Any) -> dict[str, Any]:
    asked = question(poll)
    chosen = {f"q{asked.pk}": asked.options.get(label_en=label).pk} if label else {}
    return {"version": poll.version, **chosen, **more}


def vote(client: Any, path: str, data: dict[str, Any]) -> Any:
    """Send the form as a browser that keeps cookies does: what a 307 asks for is sent once more."""
    response = client.post(path, data)
    return client.post(response.url, data) if response.status_code == 307 else response


def test_a_vote_is_stored_once_the_browser_has_shown_that_it_keeps_the_cookie(client, poll):
    first = client.post("/en/polls/hours/", ballot_paper(poll))
    assert (first.status_code, first.url) == (307, "/en/polls/hours/?check=1")
    cookie = first.cookies[cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not Ballot.objects.exists()
    second = client.post(first.url, ballot_paper(poll))
    assert (second.status_code, second.url) == (303, "/en/polls/hours/?voted=1")
    assert Answer.objects.get().option.label_en == "Morning"


def test_the_thanks_store_nothing_and_say_when_results_come(client, poll):
    page = vote(client, "/ar/polls/hours/", ballot_paper(poll)).url
    for _ in range(2):
        response = client.get(page)
        assert response.status_code == 200
        assert "/ar/polls/hours/results/" in response.content.decode()
        assert not response.cookies
    assert Ballot.objects.count() == 1
    assert Ballot.objects.get().language == "ar"


def test_a_second_vote_is_refused_kindly(client, poll):
    vote(client, "/en/polls/hours/", ballot_paper(poll))
    response = vote(client, "/en/polls/hours/", ballot_paper(poll, "Evening"))
    assert response.status_code == 409
    assert "You have voted already" in response.content.decode()
    assert Answer.objects.get().option.label_en == "Morning"


def test_two_browsers_are_two_voters(client, poll):
    vote(client, "/en/polls/hours/", ballot_paper(poll))
    client.cookies.clear()
    assert vote(client, "/en/polls/hours/", ballot_paper(poll, "Evening")).status_code == 303
    assert Ballot.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_pressing_twenty_times_at_once_counts_once(world):
    poll = opened(make_poll(world, slug="hours"))
    paper = ballot_paper(poll)

    def with_cookie(number: int) -> int:
        browser = Client()
        browser.cookies[cookie_name()] = voter_cookie("somebody")
        return browser.post("/en/polls/hours/", paper).status_code

    assert sorted(at_once(20, with_cookie)) == [303] + [409] * 19
    assert Ballot.objects.count() == Answer.objects.count() == 1


def test_a_forged_cookie_is_no_cookie(client, poll):
    client.cookies[cookie_name()] = "somebody.0123456789"
    assert client.post("/en/polls/hours/", ballot_paper(poll)).status_code == 307


def refused(client: Any, poll: Questionnaire, **more: Any) -> Any:
    """Vote as a browser that refuses cookies."""
    first = client.post("/en/polls/hours/", ballot_paper(poll, **more))
    client.cookies.clear()
    return client.post(first.url, ballot_paper(poll, **more))


def test_a_browser_without_cookies_is_offered_a_link_and_keeps_its_choice(client, poll):
    response = refused(client, poll, label="Evening")
    page = response.content.decode()
    assert response.status_code == 422
    assert "keeps no cookies" in page
    assert "Evening" in page
    kept = dict(re.findall(r'<input type="hidden" name="(q\d+|version)" value="(\d+)">', page))
    assert {name: int(value) for name, value in kept.items()} == ballot_paper(poll, "Evening")
    assert not Ballot.objects.exists()
    wrong = client.post("/en/polls/hours/link/", {**kept, "email": "nobody"})
    assert wrong.status_code == 422
    assert "Evening" in wrong.content.decode()
    assert "nobody" in wrong.content.decode()
    sent = client.post("/en/polls/hours/link/", {**kept, "email": EMAIL})
    assert "Evening" in sent.content.decode()
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.language) == (EMAIL, "en")
    assert "Evening" not in letter.text
    address = re.search(r"https?://[^/\s]+(/en/polls/hours/\?grant=\S+)", letter.text).group(1)
    assert client.get(address).status_code == 200
    done = client.post(address, ballot_paper(poll, "Evening"))
    assert done.status_code == 303
    assert Ballot.objects.get().source == "mail"
    assert not done.cookies


def test_a_mailed_link_counts_once(client, poll):
    address = f"/en/polls/hours/?grant={mail_grant(poll, EMAIL)}"
    assert client.post(address, ballot_paper(poll)).status_code == 303
    assert client.post(address, ballot_paper(poll)).status_code == 409
    again = f"/en/polls/hours/?grant={mail_grant(poll, ' Maryam@Citizen.example')}"
    assert client.post(again, ballot_paper(poll)).status_code == 409
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("grant", ["nonsense", "%00", "a:b:c"])
def test_a_damaged_link_says_what_to_do(client, poll, grant):
    response = client.get(f"/en/polls/hours/?grant={grant}")
    assert response.status_code == 404
    assert "/en/polls/hours/link/" in response.content.decode()


def test_a_link_opens_its_own_poll_only(client, world, poll):
    other = opened(make_poll(world))
    assert client.get(f"/en/polls/hours/?grant={mail_grant(other, EMAIL)}").status_code == 404


def test_nobody_is_flooded_with_letters(client, poll, settings):
    settings.THROTTLES = {**settings.THROTTLES, "mail_link": (2, 3600)}
    for address in (EMAIL, EMAIL, "other@citizen.example"):
        response = client.post("/en/polls/hours/link/", {"email": address})
    assert response.status_code == 429
    assert "other@citizen.example" in response.content.decode()
    assert [letter.to for letter in OutgoingMail.objects.all()] == [EMAIL]


def test_choosing_nothing_is_said_at_the_question(client, poll):
    response = client.post("/ar/polls/hours/", ballot_paper(poll, ""))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#id{poll.pk}_q{question(poll).pk}_0"' in page
    assert re.search(r"<title>خطأ:", page)
    assert not response.cookies


@pytest.mark.parametrize("forged", ["999999", "x", "", "1\x00"])
def test_a_choice_that_was_never_offered_is_refused(client, poll, forged):
    data = ballot_paper(poll, "") | {f"q{question(poll).pk}": forged}
    assert client.post("/en/polls/hours/", data).status_code == 422


def test_two_choices_on_a_single_question_are_refused(client, poll):
    asked = question(poll)
    data = ballot_paper(poll, "") | {f"q{asked.pk}": [option.pk for option in asked.options.all()]}
    response = client.post("/en/polls/hours/", data)
    assert response.status_code == 422
    assert "Choose one answer only" in response.content.decode()


def test_the_choice_of_another_poll_is_refused(client, world, poll):
    other = question(opened(make_poll(world)))
    data = ballot_paper(poll, "") | {f"q{question(poll).pk}": other.options.first().pk}
    assert client.post("/en/polls/hours/", data).status_code == 422


@pytest.mark.parametrize("world_asks", [{"asks_gender": True, "asks_age_group": True, "asks_governorate": True}])
def test_what_one_tells_about_oneself_is_optional_and_kept_with_the_ballot(client, world, world_asks):
    poll = opened(make_poll(world, slug="hours", **world_asks))
    page = client.get("/en/polls/hours/").content.decode()
    assert page.count("Prefer not to say") == 3
    told = {"gender": "female", "age_group": "", "governorate": "dhofar"}
    assert vote(client, "/en/polls/hours/", ballot_paper(poll, **told)).status_code == 303
    ballot = Ballot.objects.get()
    assert (ballot.gender, ballot.age_group, ballot.governorate) == ("female", "unsaid", "dhofar")


def test_other_wants_words_and_words_want_their_option(client, world):
    poll = opened(make_poll(world, ["Morning", "Other"], slug="hours"))
    other = question(poll).options.get(label_en="Other")
    words = f"q{question(poll).pk}_text_{other.pk}"
    blank = client.post("/en/polls/hours/", ballot_paper(poll, "Other"))
    assert blank.status_code == 422
    assert f'href="#id{poll.pk}_{words}"' in blank.content.decode()
    lone = client.post("/en/polls/hours/", ballot_paper(poll, "Morning", **{words: "في المساء"}))
    assert lone.status_code == 422
    assert "without choosing it" in lone.content.decode()
    assert "في المساء" in lone.content.decode()
    assert vote(client, "/en/polls/hours/", ballot_paper(poll, "Other", **{words: " في المساء "})).status_code == 303
    assert Answer.objects.get().text == "في المساء"


def test_a_poll_changed_while_its_page_was_open_is_shown_anew(client, poll):
    data = ballot_paper(poll, "Evening")
    Questionnaire.objects.filter(pk=poll.pk).update(version=poll.version + 1)
    response = client.post("/en/polls/hours/", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "was changed while this page was open" in page
    assert f'name="version" value="{poll.version + 1}"' in page
    assert re.search(rf'value="{data[f"q{question(poll).pk}"]}"[^>]* checked', page)
    assert not Ballot.objects.exists()


def test_at_the_closing_second_it_is_closed(client, poll):
    data = ballot_paper(poll)
    over(poll, days=0)
    response = vote(client, "/en/polls/hours/", data)
    assert response.status_code == 409
    assert "were not stored" in response.content.decode()
    assert not Ballot.objects.exists()


def test_before_opening_it_says_when_it_opens(client, poll):
    data = ballot_paper(poll)
    upcoming(poll)
    page = client.get("/en/polls/hours/")
    assert page.status_code == 200
    assert "It opens on" in page.content.decode()
    assert "Morning" not in page.content.decode()
    assert vote(client, "/en/polls/hours/", data).status_code == 409


def test_a_flood_has_to_wait_and_loses_nothing(client, poll, settings):
    settings.THROTTLES = {**settings.THROTTLES, "vote": (1, 3600)}
    vote(client, "/en/polls/hours/", ballot_paper(poll))
    client.cookies.clear()
    response = vote(client, "/en/polls/hours/", ballot_paper(poll, "Evening"))
    assert response.status_code == 429
    assert " checked" in response.content.decode()
    assert Ballot.objects.count() == 1


def test_only_the_invited_see_a_poll_for_the_invited(client, world):
    poll = opened(make_poll(world, slug="hours", access=Access.INVITED))
    for address in ("", "?grant=nonsense", f"?grant={mail_grant(poll, EMAIL)}"):
        response = client.get(f"/en/polls/hours/{address}")
        assert response.status_code == 403
        assert poll.title_en not in response.content.decode()
    assert client.get("/en/polls/hours/link/").status_code == 403


def test_a_post_from_another_site_is_refused(client, poll):
    response = client.post("/en/polls/hours/", ballot_paper(poll), headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403


def test_the_list_has_what_is_open_coming_and_closed(client, world, poll):
    later, past, counting = upcoming(make_poll(world)), closed(make_poll(world), 3), over(make_poll(world))
    opened(make_poll(world, access=Access.INVITED, title_en="Secret"))
    page = client.get("/en/polls/").content.decode()
    assert f'<form method="post" action="/en/polls/{poll.slug}/"' in page
    assert f'href="/en/polls/{later.slug}/"' in page
    assert f'href="/en/polls/{past.slug}/results/"' in page
    assert f'href="/en/polls/{counting.slug}/"' in page
    assert "closed 3 days ago" in page
    assert "Secret" not in page


def test_an_empty_list_says_what_to_do_instead(client, world):
    page = client.get("/en/polls/").content.decode()
    assert "No poll is open at the moment" in page
    assert "/en/satisfaction/" in page


def test_the_list_asks_the_same_number_of_queries_whatever_its_length(client, world, django_assert_max_num_queries):
    counts = []
    client.get("/en/polls/")
    for number in (1, 2):
        for _ in range(number):
            opened(make_poll(world)), upcoming(make_poll(world)), over(make_poll(world))
        with django_assert_max_num_queries(20) as captured:
            assert client.get("/en/polls/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_optional_question_is_not_sent_empty(client, world):
    poll = opened(make_poll(world, slug="hours"))
    Question.objects.update(is_required=False)
    response = client.post("/en/polls/hours/", ballot_paper(poll, ""))
    assert response.status_code == 422
    assert "Answer at least one question" in response.content.decode()
