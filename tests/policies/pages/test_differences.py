"""What differs between two texts: found in the right place, nothing lost, nothing made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.pages.differences import ADDED, CHANGED, REMOVED, SAME, blocks, compare, stretches, words


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in words(old, new)]


def test_words_that_came_and_went_are_told_apart():
    assert pieces("We reply in time.", "We always reply on time.") == [
        (SAME, "We"), (ADDED, " always"), (SAME, " reply"), (REMOVED, " in"), (ADDED, " on"), (SAME, " time."),
    ]  # fmt: skip


def test_words_that_follow_each_other_are_one_change():
    assert pieces("one two three end", "four five six end") == [
        (REMOVED, "one two three"), (ADDED, "four five six"), (SAME, " end"),
    ]  # fmt: skip


def test_arabic_words_are_compared_as_words():
    assert (ADDED, " دائمًا") in pieces("نرد في المدة", "نرد دائمًا في المدة")


def test_a_changed_paragraph_stands_where_it_stood():
    rows = compare("## A\n\nfirst one here\n\nsecond\n\n- item", "## A\n\nfirst one there\n\n- item\n- new")
    assert [(row.kind, row.tag) for row in rows] == [
        (SAME, "h2"), (CHANGED, "p"), (REMOVED, "p"), (SAME, "li"), (ADDED, "li"),
    ]  # fmt: skip


def test_rows_of_a_table_and_addresses_of_links_count():
    assert {row.kind for row in compare("|a|\n|---|\n|1 x|", "|a|\n|---|\n|2 x|")} == {SAME, CHANGED}
    (row,) = compare("[here](/ar/a/)", "[here](/ar/b/)")
    assert row.kind == CHANGED


def test_what_did_not_change_is_folded_in_one_stretch():
    found = stretches(compare("a\n\nb\n\nc\n\nd", "a\n\nb\n\nc\n\nd and more"))
    assert (found[0].is_same, len(found[0].rows)) == (True, 3)


def test_a_long_paragraph_with_a_few_changes_is_compared_word_by_word():
    old = " ".join(f"word{number} and, the end{number}." for number in range(60))
    found = pieces(old, old.replace("word7 ", "other ").replace("word40 ", ""))
    assert [(kind, text) for kind, text in found if kind != SAME] == [
        (REMOVED, " word7"), (ADDED, " other"), (REMOVED, " word40"),
    ]  # fmt: skip


@pytest.mark.timeout(20)
def test_texts_that_would_take_long_to_compare_are_told_as_gone_and_come():
    assert pieces("a " * 20_000, "a b " * 10_000) == [(REMOVED, "a " * 20_000), (ADDED, "a b " * 10_000)]
    old, new = ("\n\n".join([line] * 5_000) for line in ("a", "a\n\nb"))
    assert {row.kind for row in compare(old, new)} == {SAME, ADDED}
    assert {row.kind for row in compare(old, old)} == {SAME}
    paragraphs = ("\n\n".join(f"{word}{number} " * 20 for number in range(300)) for word in ("old", "new"))
    assert {row.kind for row in compare(*paragraphs)} == {ADDED, REMOVED}


TEXT = st.text(alphabet="ab \n#-|*[]()يo", max_size=120)


@given(TEXT, TEXT)
def test_both_texts_can_be_put_together_again(old, new):
    rows = compare(old, new)
    before = ["".join(p.text for p in row.pieces if p.kind != ADDED) for row in rows if row.kind != ADDED]
    after = ["".join(p.text for p in row.pieces if p.kind != REMOVED) for row in rows if row.kind != REMOVED]
    assert after == [block.text for block in blocks(new)]
    assert before == [block.text for block in blocks(old)]


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text):
    assert all(row.kind == SAME for row in compare(text, text))
