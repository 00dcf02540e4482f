"""Markdown as HTML and as plain text: anchors, tables, headings that skip no level, and nothing hostile."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.richtext import escape, headings, table, to_html, to_plain, to_text

HARD = st.text() | st.text(alphabet="#*_`[]()<>|-+.!\\&\"' \n\t1abيسx:/{}~=", max_size=200)


def test_headings_have_anchors_that_are_unique_and_readable_in_arabic():
    text = "## ساعات العمل\n\n## ساعاتُ العمـل\n\n### Working hours!\n\n## ***"
    assert [heading.anchor for heading in headings(text)] == [
        "s-ساعات-العمل", "s-ساعات-العمل-2", "s-working-hours", "s-section",
    ]  # fmt: skip
    html = to_html(text, anchors=True)
    for heading in headings(text):
        assert html.count(f'id="{heading.anchor}"') == 1
        assert f'<h{heading.level} id="{heading.anchor}">' in html


def test_without_anchors_there_are_no_ids():
    assert "id=" not in to_html("## A\n\n## B")


@pytest.mark.parametrize(
    ("text", "levels"),
    [("# a\n\n## b", [2, 3]), ("### a\n\n## b", [2, 2]), ("## a\n\n##### b\n\n##### c\n\n### d", [2, 3, 3, 3]),
     ("#### only", [2])],
)  # fmt: skip
def test_headings_begin_at_the_top_and_skip_no_level(text, levels):
    assert [heading.level for heading in headings(text)] == levels


def test_a_table_scrolls_in_a_frame_named_by_its_columns():
    made = table(["Kind", "Time"], [["a", "b"]])
    html = to_html(f"{made}\n\ntext\n\n{made}")
    frame = '<div class="table-scroll" role="region" aria-label="Kind, Time" tabindex="0">'
    assert html.count(frame) == 1
    assert 'aria-label="Kind, Time-2"' in html  # two regions of a page have two names
    assert html.count('<th scope="col">Kind</th>') == 2


def test_a_name_of_a_column_ends_no_attribute():
    html = to_html('| " onclick="x | <b> |\n|---|---|\n| a | b |')
    tree = html5lib.HTMLParser(strict=True).parseFragment(html, container="div")
    assert {name for element in tree.iter() for name in element.attrib} == {
        "class",
        "role",
        "aria-label",
        "tabindex",
        "scope",
    }
    assert "<b>" not in html


@pytest.mark.parametrize(
    "markup", ['<div class="x">', '<h2 id="main">', "<table>", '<a href="/x">', "<script>", "<!-- -->"]
)
def test_markup_in_the_text_is_shown(markup):
    assert markup.replace("<", "&lt;").replace(">", "&gt;") in to_html(markup)


@given(HARD)
def test_any_text_gives_valid_markup_and_no_script(text):
    html = to_html(text, anchors=True)
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parseFragment(html, container="div")
    for element in tree.iter():
        assert not str(element.tag).endswith("script")
        assert not any(name.startswith("on") for name in element.attrib)
        assert not element.attrib.get("href", "").lower().startswith(("javascript:", "data:"))


@given(HARD)
def test_any_text_can_be_read_as_plain_text(text):
    assert to_text(text).endswith("\n")


@given(st.text(max_size=80))
def test_escaped_words_are_shown_as_they_are(text):
    shown = " ".join(text.replace("\x00", "\ufffd").split())
    assert to_plain(f"x {escape(text)} x") == " ".join(f"x {shown} x".split())


def test_plain_text_keeps_headings_lists_tables_and_addresses():
    text = "## Head\n\nOne [two](/en/faq/) three.\n\n- a\n- b\n  1. c\n\n| K | V |\n|---|---|\n| x | *y* |\n\n> said"
    assert to_text(text, "https://portal.example") == (
        "Head\n====\n\nOne two (https://portal.example/en/faq/) three.\n\n- a\n- b\n  1. c\n\n- K: x\n  V: y\n\n"
        "> said\n"
    )


def test_an_address_is_not_said_twice():
    assert to_text("[80000070](tel:80000070) <https://a.example/>") == "80000070 https://a.example/\n"
