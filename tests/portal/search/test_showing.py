"""What was asked for is marked in the page's own words, and no markup comes in with them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.asking import read_question
from portal.search.showing import EXTRACT, extract, marked
from portal.search.words import Wanted


def wanted(question: str) -> Wanted:
    found = read_question(question)
    assert found is not None
    return found.wanted


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("مكتبه", "زرت المكتبةَ أمس", "زرت <mark>المكتبةَ</mark> أمس"),
        ("بيانات", "والبيانات المفتوحة", "<mark>والبيانات</mark> المفتوحة"),
        ("شكوي", "شَكْوَى رقم ٥", "<mark>شَكْوَى</mark> رقم ٥"),
        ("5", "شكوى رقم ٥", "شكوى رقم <mark>٥</mark>"),
        ("1234", "عددها ١٬٢٣٤ و1,234", "عددها <mark>١٬٢٣٤</mark> و<mark>1,234</mark>"),
        ("complaints", "A Complaint!", "A <mark>Complaint</mark>!"),
        ("lice", "Your licence", "Your <mark>licence</mark>"),
        ("script", "<script>x</script>", "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ("amp", "a & b", "a &amp; b"),
        ("قهوه", "قهـــوة", "<mark>قهـــوة</mark>"),
        ("nothing", "else", "else"),
    ],
)
def test_it_marks_whole_words_in_any_form(question: str, text: str, shown: str) -> None:
    assert marked(text, wanted(question)) == shown


def test_the_extract_stands_round_the_first_hit() -> None:
    text = "before " * 100 + "the licence " + "after " * 100
    shown = extract(text, wanted("licence"))
    assert "<mark>licence</mark>" in shown
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert len(re.sub("<.*?>", "", shown)) <= EXTRACT + 4


def test_the_extract_of_a_page_found_by_its_title_is_its_beginning() -> None:
    assert extract("First things first.", wanted("title")) == "First things first."
    assert extract("", wanted("title")) == ""


@given(st.text(max_size=600), st.text(min_size=1, max_size=40))
def test_no_markup_but_ours_gets_out_and_no_letter_is_lost(text: str, question: str) -> None:
    found = read_question(question)
    if found is None:
        return
    shown = marked(text, found.wanted)
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")
    plain = shown.replace("<mark>", "").replace("</mark>", "")
    from html import unescape

    assert unescape(plain) == text or "&" in text
    extract(text, found.wanted)
