"""Live facts: which places are taken, which refused, and that nothing hostile comes through them."""

from __future__ import annotations

import pytest
from django.utils import translation

from policies.pages.inserts import describe, fill, names_in, problems
from portal import live_facts
from portal.live_facts import Fact
from portal.richtext import escape, table, to_html


@pytest.fixture(autouse=True)
def known_facts(monkeypatch):
    kept = dict(live_facts._facts)
    monkeypatch.setattr(live_facts, "_facts", kept)
    live_facts.register(
        Fact("answer", "An answer", lambda: "42"),
        Fact("grid", "A grid", lambda: table(["a"], [["b|c"]]), is_block=True),
        Fact("nothing", "Nothing", lambda: ""),
        Fact("broken", "Broken", lambda: str(1 / 0)),
        Fact("nested", "Nested", lambda: "{{ answer }} <b>x</b>\n# no heading"),
    )


def said(text: str) -> list[str]:
    with translation.override("en"):
        return list(problems(text))


def test_a_place_is_replaced_by_its_fact():
    assert fill("It is {{ answer }}, {{answer}}.") == "It is 42, 42."
    assert names_in("{{ b }} {{ a }} {{ b }}") == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ answer }}", ""),
        ("{{ unheard }}", "No live fact is called “unheard”"),
        ("{{ Answer }}", "no place for a live fact"),
        ("{{ answer", "no place for a live fact"),
        ("{{ __class__ }}", "no place for a live fact"),
        ("{{ answer|safe }}", "no place for a live fact"),
        ("{% load x %} {# y #}", ""),
        ("words {{ grid }} words", "in a line of its own"),
        ("words\n{{ grid }}\nwords", "in a line of its own"),
        ("words\n\n{{ grid }}\n\nwords", ""),
        ("- item\n- {{ grid }}", "in a line of its own"),
        ("{{ grid }}", ""),
    ],
)
def test_a_place_is_refused_unless_it_is_right(text, expected):
    found = said(text)
    assert expected in " ".join(found)
    assert bool(found) == bool(expected)


def test_the_message_is_in_the_language_of_the_staff():
    with translation.override("ar"):
        assert "No live fact" not in " ".join(problems("{{ unheard }}"))


def test_what_a_fact_says_is_not_filled_again_and_stays_in_its_line():
    assert fill("a {{ nested }} b") == "a {{ answer }} <b>x</b> # no heading b"
    assert "<b>" not in to_html(fill("a {{ nested }} b"))


def test_a_fact_that_fails_or_is_not_there_leaves_the_page_readable(caplog):
    with translation.override("en"):
        assert fill("a {{ broken }} b") == "a (not known at the moment) b"
        assert fill("a {{ nothing }} b") == "a (not known at the moment) b"
        assert fill("a {{ unheard }} b") == "a (not known at the moment) b"
    assert "broken" in caplog.text


def test_facts_are_named_where_texts_are_compared():
    assert describe("{{ grid }} {{ answer }} {{ unheard }}") == "[A grid] [An answer] [unheard]"


def test_texts_filled_together_ask_each_fact_once():
    asked = []
    live_facts.register(Fact("counted", "Counted", lambda: asked.append(1) or f"no. {len(asked)}"))
    values: dict[str, str] = {}
    assert fill("{{ counted }}", values) + fill(" and {{ counted }}", values) == "no. 1 and no. 1"
    assert fill("{{ counted }}") == "no. 2"


def test_where_it_has_to_be_known_a_fact_that_fails_is_an_error():
    with pytest.raises(ZeroDivisionError):
        fill("a {{ broken }} b", must_know=True)
    with translation.override("en"):
        assert fill("{{ nothing }}", must_know=True) == "(not known at the moment)"


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "**bold** _i_ `c`", "a | b", "# head", "1. one", "- item",
     "line\n\n## heading", "&lt;b&gt;", "\\", "![x](http://evil.example/x.png)", "{{ answer }}"],
)  # fmt: skip
def test_words_of_others_are_shown_and_not_obeyed(words):
    html = to_html(table(["h"], [[words]]) + "\n\n" + escape(words))
    shown = " ".join(words.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<td>{shown}</td>" in html
    assert f"<p>{shown}</p>" in html
