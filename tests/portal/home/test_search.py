"""The search page: every state of it, in both languages, without JavaScript and without an error."""

from __future__ import annotations

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from participation.faq.models import Entry
from participation.faq.states import State
from portal.search import indexing, spelling
from portal.search.models import SearchEntry
from tests.participation.faq.entries import MakeEntry, lamp
from tests.participation.outcomes.conftest import published
from tests.people import World

pytestmark = pytest.mark.django_db
LANGUAGES = ["ar", "en"]


@pytest.fixture
def pages(world: World, make_entry: MakeEntry) -> None:
    make_entry()
    make_entry(**lamp())
    published(world, "lamps", title_en="New street lights", title_ar="إنارة جديدة")
    indexing.refresh()
    spelling.learn()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    ["", "?q=", "?q=light", "?q=nothingatall", "?q=light&kind=news", "?q=light&kind=x&page=%00", "?q=%FF&page=٢"],
)
def test_it_reads_as_valid_html_without_cookie(client: Client, pages: None, language: str, query: str) -> None:
    response = client.get(f"/{language}/search/{query}")
    assert response.status_code == 200
    assert not response.cookies
    html = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert html.count("<h1") == 1


def test_it_shows_kind_date_language_and_what_was_asked_for(client: Client, pages: None) -> None:
    html = client.get("/en/search/", {"q": "street light"}).content.decode()
    assert "2 pages fit" in html
    assert '<div lang="en" dir="ltr"><h3><a href="/en/faq/street-light/" hreflang="en">The <mark>street</mark>' in html
    assert "?q=street+light&amp;kind=faq" in html
    html = client.get("/en/search/", {"q": "الاناره"}).content.decode()
    assert (
        '<div lang="ar" dir="rtl"><h3><a href="/ar/faq/street-light/" hreflang="ar">عمود <mark>الإنارة</mark>' in html
    )
    assert "In Arabic" in html


def test_it_narrows_by_kind(client: Client, pages: None) -> None:
    html = client.get("/en/search/", {"q": "street light", "kind": "outcome"}).content.decode()
    assert "1 page fits" in html
    assert 'kind=outcome" aria-current="true"' in html
    assert "/en/faq/street-light/" not in html


def test_without_a_question_it_leads_to_what_most_look_for(client: Client, world: World) -> None:
    html = client.get("/en/search/").content.decode()
    for path in ("/en/faq/", "/en/help/", "/en/sitemap/", "/en/contact/"):
        assert f'<li><a href="{path}">' in html


def test_where_nothing_fits_it_says_what_to_do(client: Client, pages: None) -> None:
    html = client.get("/en/search/", {"q": "ligth"}).content.decode()
    assert "Did you mean:" in html
    assert 'href="/en/search/?q=light"' in html
    assert "/en/contact/?kind=inquiry&amp;text=ligth" in html
    html = client.get("/en/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script" not in html
    assert "Did you mean" not in html


def test_what_was_taken_down_is_gone_before_the_index_knows(client: Client, pages: None) -> None:
    Entry.objects.filter(slug="street-light").update(state=State.HIDDEN)
    assert SearchEntry.objects.filter(kind="faq", path="/faq/street-light/").exists()
    html = client.get("/en/search/", {"q": "street"}).content.decode()
    assert "/faq/street-light/" not in html
    assert "/outcomes/lamps/" in html
    html = client.get("/en/search/", {"q": "lamp post"}).content.decode()
    assert "No page fits" in html


def test_it_asks_as_much_for_three_results_as_for_one(client: Client, make_entry: MakeEntry) -> None:
    counts = []
    for number in range(3):
        make_entry(**lamp(slug=f"lamp-{number}"))
        indexing.refresh()
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/search/", {"q": "street"})
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert counts[2] <= 12


def test_an_answer_that_takes_too_long_is_no_failure(
    client: Client, pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.search import query

    statement = query._FOUND.replace("SELECT counts,", "SELECT counts || pg_sleep(5)::text,")
    assert statement != query._FOUND
    monkeypatch.setattr(query, "PATIENCE", 50)
    monkeypatch.setattr(query, "_FOUND", statement)
    response = client.get("/en/search/", {"q": "street"})
    assert response.status_code == 503
    assert "took too long" in response.content.decode()


@pytest.mark.parametrize("page", ["x", "-1", "0", "99999999999999999999", "²", "٢"])
def test_any_page_number_leads_to_a_page(client: Client, pages: None, page: str) -> None:
    assert client.get("/ar/search/", {"q": "street", "page": page}).status_code == 200
