"""Every way of writing a word finds it, in Python and in PostgreSQL alike."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.folding import (
    MOST_BYTES,
    STOP_WORDS,
    fold,
    index_forms,
    matches,
    query_forms,
    to_index_text,
    to_tsquery_string,
    tokens,
)

SHARED_PAIRS = json.loads((Path(__file__).parents[2] / "cases" / "arabic_pairs.json").read_text())
MORE_PAIRS = [
    {"query": query, "text": text, "match": match, "why": why}
    for query, text, match, why in [
        ("وزارة", "أشكر وزارتهم", True, "ta marbuta returns when the pronoun goes"),
        ("شركة", "شركتين جديدتين", True, "dual of a feminine"),
        ("خدمات", "خدمة المراجعين", True, "plural asks for the singular"),
        ("طلب", "قدمت طلبًا أمس", True, "tanwin alef"),
        ("الكتروني", "الخدمات الإلكترونية", True, "nisba, feminine"),
        ("لجنة", "للجنة الوطنية", True, "li before a word that begins with lam"),
        ("البيانات", "وللبيانات شروط", True, "wa + li + al"),
        ("حج", "موسم الحج", True, "two letters after the article"),
        ("بطاقة", "البطاقه الشخصيه", True, "ha for ta marbuta"),
        ("دقم", "الدُّقم", True, "shadda and damma"),
        ("شكوى", "ﺷﻜﻮﻯ", True, "presentation forms"),
        ("2024", "عام 2024م", True, "the era letter glued to a year"),
        ("1,234", "1234 طلبا", True, "Western thousands comma"),
        ("complaint", "All complaints", True, "English plural"),
        ("agencies", "The agency", True, "English plural in -ies"),
        ("Businesses", "A business", True, "English plural in -es"),
        ("من نحن", "صفحة من نحن", True, "nothing but stop words: they count"),
        ("who we are", "Who we are", True, "the same in English"),
        ("covid19", "Covid-19", True, "words and numbers are apart"),
        ("عماني", "سلطنة عمان", False, "the nisba asks for less"),
        ("الله", "له", False, "the article of the name of God is not stripped"),
        ("خدم", "مكتب", False, "different words"),
        ("لبنان", "لبن طازج", False, "not a dual"),
        ("2024", "20245", False, "numbers are not prefixes"),
        ("في", "بيانات", False, "a lone stop word still has to be there"),
    ]
]
PAIRS = [pytest.param(pair, id=f"{pair['query']}|{pair['text']}") for pair in SHARED_PAIRS + MORE_PAIRS]
SHOWN = re.compile(r"[^\W_]*")
HARD_TEXT = st.text() | st.text(alphabet="'\"&|!():*<->\\ \x00%\u202e\u0640abcبياتالو٠1٬,٫@._/")


def found_by_database(query: str, text: str) -> bool:
    asked = to_tsquery_string(query)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)", [to_index_text(text), asked])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_meets_or_does_not(pair: dict[str, Any]) -> None:
    assert matches(pair["query"], pair["text"]) is pair["match"], pair["why"]


@pytest.mark.django_db
@pytest.mark.parametrize("pair", PAIRS)
def test_postgresql_agrees(pair: dict[str, Any]) -> None:
    assert found_by_database(pair["query"], pair["text"]) is pair["match"], pair["why"]


FOLDED = [
    ("آثارُ الأُمّةِ", "اثار الامه"),
    ("مسؤول، شيء؛ رئيس!", "مسوول شي رييس"),
    ("ی ک ۱۲", "ي ك 12"),
    ("Café ÉCOLE straße", "cafe ecole strasse"),
    ("info@mara.gov.om", "info mara gov om"),
    ("العَـــربية\u200f", "العربيه"),
    ("ﻋُﻤَﺎنﹰ", "عمان"),
    ("١٬٢٣٤٫٥", "1234 5"),
    ("ＡＢＣ１２", "abc12"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_it_folds_letters_digits_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_tokens_are_words_or_numbers() -> None:
    assert tokens("مرسوم 6/2022 رقم٧، covid19") == ["مرسوم", "6", "2022", "رقم", "7", "covid", "19"]


def test_stop_words_are_dropped_in_both_languages() -> None:
    assert {"في", "علي", "the", "and"} <= STOP_WORDS
    assert [min(group, key=len) for group in query_forms("the budget of 2026 في")] == ["budget", "2026"]


def test_only_the_word_being_typed_is_a_prefix() -> None:
    first, last = query_forms("بيانات السكا")
    assert not any(form.endswith(":*") for form in first)
    assert "السكا:*" in last
    assert "سكا:*" not in last


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(HARD_TEXT)
def test_a_text_finds_itself(text: str) -> None:
    assert matches(text, text) is bool(tokens(text))


@settings(deadline=None)
@given(HARD_TEXT)
def test_forms_are_plain_words(text: str) -> None:
    assert all(SHOWN.fullmatch(form) for form in index_forms(text))
    assert all(SHOWN.fullmatch(form.removesuffix(":*")) for group in query_forms(text) for form in group)


@pytest.mark.django_db
def test_no_query_is_a_syntax_error_and_postgresql_keeps_every_form() -> None:
    with connection.cursor() as cursor:

        @settings(deadline=None)
        @given(HARD_TEXT)
        def check(text: str) -> None:
            cursor.execute("SELECT tsvector_to_array(to_tsvector('simple', %s))", [to_index_text(text)])
            assert set(cursor.fetchone()[0]) == set(to_index_text(text).split())
            cursor.execute("SELECT to_tsquery('simple', %s)::text", [to_tsquery_string(text)])
            assert bool(cursor.fetchone()[0]) is bool(tokens(text))

        check()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["ا" * 1_000_000, " ".join(f"كلمة{n:x}" for n in range(200_000)), "و" * 5 + " ? " * 99]
)
def test_a_huge_text_is_cut_and_does_not_fail(text: str) -> None:
    assert len(to_index_text(text).encode()) <= MOST_BYTES
    assert found_by_database(text[:5], text)
    assert len(query_forms(text)) <= 16
    found_by_database(text, text)
