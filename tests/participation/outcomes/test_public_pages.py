"""What everybody reads: the list with what is late, and one commitment with its history."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.outcomes.actions import change_status, link
from participation.outcomes.models import Commitment
from participation.outcomes.words import due_in_words
from portal import agenda
from portal.bilingual import in_language
from tests.participation.outcomes.conftest import days_ago, make, published
from tests.people import World

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=200)


def read(client: Client, path: str = "/en/outcomes/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def titles(html: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]+">([^<]+)</a>', html)


@pytest.fixture
def everything(world: World) -> dict[str, Commitment]:
    """One commitment for each way to stand."""
    fields: dict[str, dict[str, Any]] = {
        "promised": {},
        "overdue": {"status": "under_way", "due_on": days_ago(40)},
        "kept": {"status": "kept", "due_on": None},
        "partly": {"status": "partly_kept", "decision": "partly", "due_on": None},
        "broken": {"status": "not_kept", "due_on": days_ago(9)},
        "declined": {"status": "", "decision": "declined", "due_on": None},
        "studied": {"decision": "in_study"},
    }
    made = {slug: published(world, slug, at=LONG_AGO, **values) for slug, values in fields.items()}
    make(world, "draft")
    return made


def test_the_list_shows_the_overdue_with_how_late_they_are(client: Client, everything: dict[str, Commitment]) -> None:
    html = read(client)
    assert len(titles(html)) == 7
    assert "40 days late" in html
    assert "Longer hours draft" not in html


def test_the_one_that_changed_last_comes_first(client: Client, world: World, everything: dict[str, Commitment]) -> None:
    notes = {"note_ar": "بدأ.", "note_en": "Begun."}
    change_status(commitment=everything["promised"], by=world.lead, status="under_way", **notes)
    assert titles(read(client))[0] == "Longer hours promised"


@pytest.mark.parametrize(
    ("status", "slugs"),
    [
        ("overdue", ["overdue"]),
        ("promised", ["promised"]),
        ("under_way", ["overdue"]),
        ("in_study", ["studied"]),
        ("kept", ["kept"]),
        ("partly_kept", ["partly"]),
        ("not_kept", ["broken"]),
        ("declined", ["declined"]),
    ],
)
def test_the_list_is_narrowed_by_where_a_promise_stands(
    client: Client, everything: dict[str, Commitment], status: str, slugs: list[str]
) -> None:
    html = read(client, f"/en/outcomes/?status={status}")
    assert titles(html) == [f"Longer hours {slug}" for slug in slugs]
    assert re.search(rf'\?status={status}" aria-current="true">[^<]+\(1\)', html)


def test_an_unknown_way_to_stand_is_not_found(client: Client) -> None:
    assert client.get("/en/outcomes/?status=whatever").status_code == 404


def test_the_figures_on_top_are_those_of_the_list(client: Client, everything: dict[str, Commitment]) -> None:
    html = read(client)
    for figure in ("<b>7</b> published", "<b>1</b> kept", "<b>3</b> still to be kept", "<b>1</b> overdue"):
        assert figure in html


def test_a_long_list_is_paged_and_keeps_its_filter(client: Client, world: World) -> None:
    for number in range(13):
        published(world, f"promise-{number}")
    html = read(client, "/en/outcomes/?status=promised")
    assert len(titles(html)) == 12
    assert "?status=promised&amp;page=2" in html
    assert len(titles(read(client, "/en/outcomes/?status=promised&page=2"))) == 1


def test_without_any_it_says_what_will_be_there(client: Client) -> None:
    assert "Nothing is published yet" in read(client)


def test_a_draft_has_no_page(client: Client, world: World) -> None:
    make(world, "draft")
    assert client.get("/en/outcomes/draft/").status_code == 404


def test_the_page_tells_what_was_asked_decided_and_done(client: Client, world: World) -> None:
    commitment = published(
        world, "hours", at=LONG_AGO, due_on=days_ago(3), based_on=312, topic=world.topic,
        evidence_ar="[القرار](https://musharaka.example/1)", evidence_en="[The order](https://musharaka.example/1)",
    )  # fmt: skip
    notes = {"note_ar": "تأخر التوظيف.", "note_en": "Hiring took **longer**."}
    change_status(commitment=commitment, by=world.lead, status="under_way", due_on=days_ago(1), **notes)
    html = read(client, "/en/outcomes/hours/")
    assert "<h2>What people asked</h2> <p>You asked for offices" in html
    assert "Offices open on <strong>Tuesday</strong> evening." in html
    assert '<a href="https://musharaka.example/1">The order</a>' in html
    assert "312 messages or answers" in html
    assert "The due date moved from" in html
    assert "Hiring took <strong>longer</strong>." in html
    assert "it is 1 day late" in html
    assert html.index("Hiring took") < html.index("Published with its decision")
    assert "Layla" not in html


def test_it_names_the_pages_it_answers_by_their_titles(
    client: Client, world: World, commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = agenda.Activity("k:1", "polls", "When shall we open?", "/polls/hours/", timezone.now())
    tool = agenda.Tool("t", "Polls", "", "home:home", "See", activities=lambda: [activity])
    monkeypatch.setitem(agenda._tools, "t", tool)
    for path in ("/polls/hours/", "/surveys/gone/"):
        link(commitment=commitment, path=path, by=world.lead)
    html = read(client, "/en/outcomes/longer-hours/")
    assert '<a href="/en/polls/hours/">When shall we open?</a>' in html
    assert '<a href="/en/surveys/gone/" dir="ltr">/surveys/gone/</a>' in html


def test_arabic_speaks_arabic(client: Client, commitment: Commitment) -> None:
    assert "تمديد ساعات العمل" in read(client, "/ar/outcomes/longer-hours/")
    assert "طلبتم أن تبقى" in read(client, "/ar/outcomes/longer-hours/")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", ["", "overdue/", "declined/", "?status=in_study", "?status=partly_kept"])
def test_its_html_is_valid_and_sets_no_cookie(
    client: Client, everything: dict[str, Commitment], language: str, path: str
) -> None:
    response = client.get(f"/{language}/outcomes/{path}")
    assert response.status_code == 200
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    html = response.content.decode()
    assert len(re.findall("<h1", html)) == 1
    html5lib.HTMLParser(strict=True).parse(html)


def test_due_dates_in_words(world: World) -> None:
    today = timezone.localdate()
    with in_language("en"):
        words = lambda slug, **fields: due_in_words(published(world, slug, at=LONG_AGO, **fields))  # noqa: E731
        assert words("none", decision="declined", status="", due_on=None) == ""
        assert words("today", due_on=today).endswith(", today")
        assert words("tomorrow", due_on=today + timedelta(days=1)).endswith(", in 1 day")
        assert words("week", due_on=today + timedelta(days=7)).endswith(", in 7 days")
        assert words("late", due_on=days_ago(1)).endswith(", 1 day late")
        assert re.fullmatch(r"Due \d+ \w+ \d{4}", words("broken", status="not_kept", due_on=days_ago(9)))
        assert words("kept", status="kept", due_on=today).endswith(", kept in time")
        draft = make(world, "draft", due_on=days_ago(4))
        assert re.fullmatch(r"Due \d+ \w+ \d{4}", due_in_words(draft))


@pytest.mark.parametrize("path", ["/en/outcomes/", "/en/outcomes/?status=promised", "/en/outcomes/promise-0/"])
def test_it_asks_as_often_for_three_as_for_one(
    client: Client, world: World, path: str, django_assert_num_queries: Any
) -> None:
    def one_more(number: int) -> None:
        commitment = published(world, f"promise-{number}")
        for part in range(number + 1):
            link(commitment=Commitment.objects.get(slug="promise-0"), path=f"/polls/{number}-{part}/", by=None)
        notes = {"note_ar": "بدأ.", "note_en": "Begun."}
        change_status(commitment=commitment, by=None, status="promised", **notes)

    one_more(0)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    assert len(one) <= 5
    for number in (1, 2):
        one_more(number)
    with django_assert_num_queries(len(one)):
        client.get(path)
