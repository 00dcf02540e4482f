"""What a visitor sees of the questions and answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from participation.faq.actions import editing
from participation.faq.models import Entry, Vote
from participation.faq.states import Reason
from portal.bilingual import in_language
from portal.organisations.models import Topic
from tests.participation.faq.entries import MakeEntry, lamp

pytestmark = pytest.mark.django_db
PAGE = "/en/faq/renew-registration/"


def html_of(client: Client, address: str, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def reading(client: Client, address: str = PAGE) -> str:
    return re.search(r'name="reading" value="([^"]+)"', html_of(client, address))[1]  # type: ignore[index]


def say(client: Client, answer: str, token: str, address: str = PAGE, **extra: Any) -> Any:
    return client.post(f"{address}helpful/", {"helpful": answer, "reading": token}, **extra)


# The list and the search -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en"])
def test_questions_stand_under_their_topics(client: Client, make_entry: MakeEntry, language: str) -> None:
    entry = make_entry()
    other = Topic.objects.create(slug="roads", name_ar="الطرق", name_en="Roads", position=1)
    make_entry(**lamp(topic=other))
    make_entry(draft=True, slug="draft", question_en="Nobody sees this", question_ar="لا يراه أحد")
    page = html_of(client, f"/{language}/faq/")
    with in_language(language):
        assert page.index(other.name) < page.index(entry.topic.name) < page.index(entry.question)
    assert f'href="/{language}/faq/renew-registration/"' in page
    assert 'id="topic-roads"' in page
    assert "Nobody sees this" not in page
    assert "لا يراه أحد" not in page


def test_those_asked_most_stand_first(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    make_entry(**lamp())
    assert "Asked most" not in html_of(client, "/en/faq/")
    Entry.objects.filter(slug="street-light").update(asked_count=3)
    page = html_of(client, "/en/faq/")
    assert page.index("Asked most") < page.index("street light") < page.index("renew my")


def test_the_list_asks_as_often_for_three_as_for_one(client: Client, make_entry: MakeEntry) -> None:
    def asked(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            html_of(client, "/en/faq/", **query)
        return len(queries)

    make_entry(**lamp(asked_count=1))
    asked()  # the words of the opening hours are kept from now on
    one, found = asked(), asked(q="street")
    for number in range(2):
        topic = Topic.objects.create(slug=f"topic{number}", name_ar="موضوع", name_en="Topic")
        make_entry(**lamp(slug=f"lamp{number}", topic=topic, asked_count=2))
    assert (asked(), asked(q="street")) == (one, found)


def test_an_empty_list_says_what_to_do(client: Client, db: None) -> None:
    assert "/en/contact/?kind=inquiry" in html_of(client, "/en/faq/")


def test_a_search_tells_how_many_it_found(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    make_entry(**lamp())
    page = html_of(client, "/en/faq/", q="lease")
    assert "1 question fits" in page
    assert "renew-registration" in page
    assert "street-light" not in page
    assert "noindex" not in page


def test_a_search_without_result_leads_to_us_with_the_words_kept(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    page = html_of(client, "/en/faq/", q='commercial "fishing" <b> & more')
    assert "No question fits" in page
    assert "<b>" not in page.split("<main")[1].split("No question fits")[1].split("</h2>")[0]
    address = re.search(r'href="(/en/contact/\?[^"]+)"', page.split("No question fits")[1])[1]  # type: ignore[index]
    form = html_of(client, address.replace("&amp;", "&"))
    assert "commercial &quot;fishing&quot; &lt;b&gt; &amp; more</textarea>" in form
    assert re.search(r'value="inquiry"[^>]*checked', form)


def test_what_comes_close_is_shown_where_nothing_fits(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    page = html_of(client, "/en/faq/", q="renew commercial papers")
    assert "These come close" in page
    assert "/en/faq/renew-registration/" in page


# One question -----------------------------------------------------------------------------------------------


def test_a_question_has_a_page_of_its_own(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    make_entry(**lamp())
    page = html_of(client, PAGE)
    assert page.count("<h1") == 1
    assert "<strong>lease</strong>" in page
    assert 'href="/en/faq/street-light/"' in page
    assert 'hreflang="ar"' in page
    assert "Last updated" in page


def test_drafts_and_hidden_questions_have_no_page(client: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    make_entry(draft=True, slug="draft")
    editing.hide_entry(entry=entry, by=None)
    for slug in ("draft", "renew-registration", "nothing"):
        assert client.get(f"/en/faq/{slug}/").status_code == 404
        assert client.get(f"/en/faq/{slug}/helpful/").status_code == 404


def test_the_language_left_behind_says_so_and_leads_to_the_newer(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    Entry.objects.update(outdated="en")
    page = html_of(client, PAGE)
    assert "The Arabic version of this answer is newer" in page
    assert 'href="/ar/faq/renew-registration/" hreflang="ar"' in page
    assert 'class="notice warning"' not in html_of(client, "/ar/faq/renew-registration/")


def test_markup_in_a_question_is_shown_and_not_obeyed(client: Client, make_entry: MakeEntry) -> None:
    make_entry(question_en="<script>x</script>?", answer_en="<img src=x onerror=y> **bold**")
    page = html_of(client, PAGE)
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "<strong>bold</strong>" in page


# Was it helpful? ---------------------------------------------------------------------------------------------


def test_a_yes_counts_and_is_thanked_for(client: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    response = say(client, "yes", reading(client))
    assert response.url == f"{PAGE}helpful/"
    assert not response.cookies
    assert "Thank you for your opinion" in html_of(client, response.url)
    entry.refresh_from_db()
    assert (entry.helpful_count, entry.unhelpful_count) == (1, 0)


def test_a_double_click_and_a_refresh_count_once(client: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    token = reading(client)
    for _again in range(3):
        say(client, "no", token)
    entry.refresh_from_db()
    assert entry.unhelpful_count == 1


def test_two_readers_of_a_page_kept_by_a_cache_are_two(client: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    token = reading(client)
    for address in ("192.0.2.1", "192.0.2.2"):
        say(client, "yes", token, REMOTE_ADDR=address)
    entry.refresh_from_db()
    assert entry.helpful_count == 2


def test_a_no_counts_at_once_and_then_asks_why(client: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    where = say(client, "no", reading(client)).url
    assert "?vote=" in where
    entry.refresh_from_db()
    assert entry.unhelpful_count == 1
    token = re.search(r'name="vote" value="([^"]+)"', html_of(client, where))[1]  # type: ignore[index]
    empty = client.post(f"{PAGE}helpful/", {"vote": token})
    assert empty.status_code == 422
    assert "<title>Error:" in empty.content.decode()
    answer = client.post(f"{PAGE}helpful/", {"vote": token, "reason": "unclear", "text": "رقمي ٩٩٩\u202e"})
    assert answer.status_code == 302
    vote = Vote.objects.get()
    assert (vote.reason, vote.text, vote.language) == (Reason.UNCLEAR, "رقمي ٩٩٩", "en")


def test_what_a_reader_wrote_is_never_published(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    where = say(client, "no", reading(client)).url
    token = re.search(r'name="vote" value="([^"]+)"', html_of(client, where))[1]  # type: ignore[index]
    client.post(f"{PAGE}helpful/", {"vote": token, "text": "confidential"})
    for address in (PAGE, f"{PAGE}helpful/", "/en/faq/"):
        assert "confidential" not in html_of(client, address)
    assert "No question fits" in html_of(client, "/en/faq/", q="confidential")


@pytest.mark.parametrize("changes", [{"reading": "forged"}, {"reading": ""}, {"helpful": "maybe"}, {"helpful": ""}])
def test_a_forged_or_empty_opinion_counts_nothing_and_asks_again(
    client: Client, make_entry: MakeEntry, changes: dict[str, str]
) -> None:
    make_entry()
    data = {"reading": reading(client), "helpful": "yes", **changes}
    response = client.post(f"{PAGE}helpful/", data)
    assert response.status_code == 422
    assert "Please choose again" in response.content.decode()
    assert not Vote.objects.exists()


def test_a_token_of_one_question_does_not_count_for_another(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    make_entry(**lamp())
    assert say(client, "yes", reading(client), "/en/faq/street-light/").status_code == 422


def test_a_forged_vote_opens_no_form(client: Client, make_entry: MakeEntry) -> None:
    make_entry()
    assert client.get(f"{PAGE}helpful/?vote=forged").status_code == 404


def test_opinions_are_throttled(client: Client, make_entry: MakeEntry, settings: Any) -> None:
    make_entry()
    settings.THROTTLES = {**settings.THROTTLES, "helpful": (2, 3600)}
    codes = [say(client, "yes", reading(client)).status_code for _number in range(3)]
    assert codes == [302, 302, 429]
    assert Vote.objects.count() == 2


def test_another_site_cannot_vote(make_entry: MakeEntry) -> None:
    make_entry()
    client = Client(enforce_csrf_checks=True)
    token = reading(client)
    assert say(client, "yes", token, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert say(client, "yes", token).status_code == 302
