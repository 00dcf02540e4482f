"""Entries are found by words however they are spelt, and by what a long message is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from participation.faq import search
from participation.faq.actions import editing
from participation.faq.search import closest, find, suggestions_for
from portal.bilingual import in_language
from portal.home.demo.content import load
from portal.organisations.models import Topic
from tests.participation.faq.entries import MakeEntry, lamp
from tests.people import World

pytestmark = pytest.mark.django_db
PAIRS = json.loads((Path(__file__).parents[2] / "cases" / "arabic_pairs.json").read_text())


@pytest.mark.parametrize(
    "query", ["السجل التجارى", "سجل", "السِّجِلّ", "COMMERCIAL registrations", "lease", "عقد الايجار", "regis"]
)
def test_words_are_found_in_questions_and_answers_of_both_languages(make_entry: MakeEntry, query: str) -> None:
    entry = make_entry()
    make_entry(**lamp())
    assert find(query) == [entry]


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['query']} | {pair['text']}" for pair in PAIRS])
def test_the_pairs_match_as_agreed(make_entry: MakeEntry, pair: dict[str, Any]) -> None:
    make_entry(question_ar=pair["text"][:200], question_en="-", answer_ar="-", answer_en="-")
    assert bool(find(pair["query"])) is pair["match"]


@pytest.mark.parametrize("query", ["", "   ", "؟!", "\x00", "'; --", "a" * 5000])
def test_a_query_without_words_finds_nothing_and_breaks_nothing(make_entry: MakeEntry, query: str) -> None:
    make_entry()
    assert find(query) == []


def test_a_question_with_the_phrase_comes_first(make_entry: MakeEntry) -> None:
    make_entry(
        slug="much", answer_en="registration commercial " * 20, question_en="Registration, and other commercial?"
    )
    phrase = make_entry()
    assert find("commercial registration")[0] == phrase


def test_hidden_and_draft_entries_are_not_found(make_entry: MakeEntry) -> None:
    make_entry(draft=True)
    editing.hide_entry(entry=make_entry(**lamp()), by=None)
    assert find("registration") == find("light") == []
    assert suggestions_for("How do I renew my commercial registration?", 3) == []


def test_a_long_message_finds_what_it_is_about(make_entry: MakeEntry) -> None:
    entry = make_entry()
    make_entry(**lamp())
    message = (
        "السلام عليكم ورحمة الله، عندي محل مواد بناء في نزوى، وانتهى السجل التجاري قبل شهر ونصف بسبب ظروف سفر، "
        "وأريد أن أجدد السجل من البيت. هل هذا ممكن؟ وشكرًا لكم على جهودكم."
    )
    with in_language("en"):
        (suggestion,) = suggestions_for(message, 3)
    assert suggestion.title == entry.question_en  # type: ignore[attr-defined]
    assert suggestion.url == "/en/faq/renew-registration/"
    assert "<strong>lease</strong>" in suggestion.extract
    assert 0.5 < suggestion.rank <= 1


@pytest.mark.parametrize(
    "message",
    ["I like your new page.", "السلام عليكم", "The commercial on television annoys me.", "", "!!!", "كيف؟ لماذا؟"],
)
def test_a_message_about_something_else_gets_no_suggestion(make_entry: MakeEntry, message: str) -> None:
    make_entry()
    make_entry(**lamp())
    assert suggestions_for(message, 3) == []


def test_markup_in_an_answer_is_inert(make_entry: MakeEntry) -> None:
    make_entry(answer_ar="<script>alert(1)</script> [x](javascript:alert(1))")
    (suggestion,) = suggestions_for("أجدد السجل التجاري", 3)
    assert "<script" not in suggestion.extract
    assert 'href="javascript' not in suggestion.extract


def test_it_gives_up_on_a_slow_database(make_entry: MakeEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    make_entry()
    monkeypatch.setattr(search, "PATIENCE", 1)
    with pytest.raises(OperationalError), search._in_good_time(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)


def test_the_patience_ends_with_the_search(make_entry: MakeEntry) -> None:
    make_entry()
    suggestions_for("commercial registration", 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)


def test_the_demonstrations_questions_are_told_apart(world: World, make_entry: MakeEntry) -> None:
    """Of 24 questions each is the best fit for its own words in either language, and finds few others."""
    for row in load("faq"):
        topic, _is_new = Topic.objects.get_or_create(
            slug=row["topic"], defaults={"name_ar": row["topic"], "name_en": row["topic"]}
        )
        texts = {name: row[name] for name in ("slug", "question_ar", "question_en", "answer_ar", "answer_en")}
        make_entry(topic=topic, **texts)
    for row in load("faq"):
        for code in ("ar", "en"):
            found = closest(row[f"question_{code}"], limit=24, least=search.GOOD_ENOUGH)
            assert found[0][1].slug == row["slug"], row[f"question_{code}"]
            assert len(found) <= 4
