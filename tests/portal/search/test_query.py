"""Asking: every way of writing finds, the best comes first, and nothing that is typed is an error."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search import indexing, registry
from portal.search.models import Synonym
from portal.search.query import PAGE_SIZE, search
from portal.search.registry import Document
from tests.portal.search.pages import Shelf

pytestmark = pytest.mark.django_db
PAIRS = json.loads((Path(__file__).parents[2] / "cases" / "arabic_pairs.json").read_text())


def keys(text: str, language: str = "en", **options: Any) -> list[str]:
    return [str(result.document.pk) for result in search(text, language=language, **options).results]


def test_every_shared_pair_behaves_through_the_index(shelf: Shelf) -> None:
    for number, pair in enumerate(PAIRS):
        for place in ("title", "text"):
            shelf.put(f"{number}-{place}", **{"title": "ث", "text": "ث", place: pair["text"]}, language="ar")
    indexing.refresh()
    wrong = []
    for number, pair in enumerate(PAIRS):
        for place in ("title", "text"):
            shelf_of_one = f"{number}-{place}"
            found = _every_key(pair["query"])
            if (shelf_of_one in found) != pair["match"]:
                wrong.append((place, pair))
    assert not wrong


def _every_key(query: str) -> set[str]:
    first = search(query, language="ar")
    pages = range(2, -(-first.total // PAGE_SIZE) + 1)
    results = [
        *first.results,
        *(result for page in pages for result in search(query, language="ar", number=page).results),
    ]
    return {str(result.document.pk) for result in results}


def test_the_best_fit_comes_first(shelf: Shelf) -> None:
    shelf.put("forms", "Something", "one licences, two fee")
    shelf.put("typed", "Something else", "the fees of a licence")
    shelf.put("in-title", "Licence: old and new fees")
    shelf.put("phrase", "About licence fees in short", days_old=2_000)
    shelf.put("half", "Licence", "fee")
    indexing.refresh()
    assert keys("licence fees") == ["phrase", "in-title", "typed", "half", "forms"]


def test_of_equal_fits_the_younger_comes_first_but_more_of_the_title_counts_more(shelf: Shelf) -> None:
    shelf.put("old", "A lamp", "street", days_old=900)
    shelf.put("new", "Something", "street lamps, a lamp", days_old=1)
    shelf.put("newer", "Other thing", "street lamps, a lamp")
    indexing.refresh()
    assert keys("street lamp") == ["old", "newer", "new"]


def test_the_language_of_the_page_comes_first_and_a_page_stands_once(shelf: Shelf) -> None:
    shelf.put("both", "Rate 2030")
    shelf.put("both", "نسبة 2030", language="ar")
    shelf.put("arabic", "2030", language="ar")
    indexing.refresh()
    english = search("2030", language="en")
    assert [(r.document.pk, r.document.language) for r in english.results] == [("both", "en"), ("arabic", "ar")]
    assert english.counts == {"leaflet": 2}
    assert english.results[1].url == "/ar/leaflets/arabic/"
    assert english.results[1].direction == "rtl"
    assert {r.document.language for r in search("2030", language="ar").results} == {"ar"}


def test_what_was_hidden_is_not_shown_though_the_index_lags(shelf: Shelf) -> None:
    shelf.put("1", "Secret plan")
    shelf.put("2", "Public plan")
    indexing.refresh()
    shelf.take("1")
    assert keys("plan") == ["2"]
    shelf.change("2", title="Plan <b>changed</b>")
    assert str(search("plan", language="en").results[0].title) == "<mark>Plan</mark> &lt;b&gt;changed&lt;/b&gt;"
    shelf.take("2")
    assert keys("plan") == []


def test_synonyms_find_each_other_across_the_languages(shelf: Shelf) -> None:
    shelf.put("1", "تجديد الرخصة", language="ar")
    shelf.put("2", "How to get a permit")
    shelf.put("3", "Driving permits for visitors")
    indexing.refresh()
    assert keys("permit") == ["2", "3"] or keys("permit") == ["3", "2"]
    Synonym.objects.create(words="رخصة، licence, permit")
    Synonym.objects.create(words="driving permit, motor card")
    assert set(keys("permit")) == {"1", "2", "3"}
    assert set(keys("الرخص", "ar")) == {"1", "2", "3"}
    assert keys("licences renewal") == []
    assert keys("motor card") == ["3"]
    assert keys("motor") == []
    assert str(search("licence", language="ar").results[0].title) == "تجديد <mark>الرخصة</mark>"


def test_it_narrows_by_kind_and_counts_all_kinds(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.search import registry
    from portal.search.registry import Source

    other = Shelf()
    registry._sources["poster"] = Source("poster", "Posters", other.documents, model="")
    shelf.put("1", "A plan")
    other.put("1", "The plan")
    indexing.refresh()
    everything = search("plan", language="en")
    assert everything.counts == {"leaflet": 1, "poster": 1}
    posters = search("plan", language="en", kind="poster")
    assert [result.source.kind for result in posters.results] == ["poster"]
    assert (posters.total, posters.counts) == (1, everything.counts)
    assert search("plan", language="en", kind="no such kind").total == 2


def test_it_pages_through_the_results(shelf: Shelf) -> None:
    for number in range(PAGE_SIZE + 2):
        shelf.put(str(number), f"Plan {number}")
    indexing.refresh()
    first, second = search("plan", language="en"), search("plan", language="en", number=2)
    assert (len(first.results), len(second.results), first.total) == (PAGE_SIZE, 2, PAGE_SIZE + 2)
    assert search("plan", language="en", number=10**9).number == 2
    assert search("plan", language="en", number=-3).number == 1
    assert search("nothing", language="en", number=7).number == 1


def test_it_asks_as_much_for_three_results_as_for_one(shelf: Shelf) -> None:
    counts = []
    for key in ("1", "2", "3"):
        shelf.put(key, "Plan")
        indexing.refresh()
        shelf.calls.clear()
        with CaptureQueriesContext(connection) as queries:
            search("plan", language="en")
        counts.append((len(queries), len(shelf.calls)))
    assert counts[0] == counts[2]
    assert counts[0][1] == 1


def test_a_kind_may_give_results_in_the_languages_shown_alone(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[set[str], set[str]]] = []

    def shown(keys: Iterable[int | str], languages: Collection[str]) -> Iterable[Document]:
        asked.append((set(map(str, keys)), set(languages)))
        return shelf.documents(keys)

    monkeypatch.setitem(registry._sources, "leaflet", replace(registry._sources["leaflet"], shown=shown))
    for key in ("1", "2"):
        shelf.put(key, "Plan")
        shelf.put(key, "Plan خطة", language="ar")
    indexing.refresh()
    assert set(keys("plan")) == {"1", "2"}
    assert asked == [({"1", "2"}, {"en"})]


HARD = st.text(max_size=300) | st.text(
    alphabet="'\"&|!():*<->\\ \x00%_\u202e\u200f\u0640abcبياتالو٠1٬,٫@._/😀ﷺ½²ªⅫ\ufdfa", max_size=400
)


@given(text=HARD | st.builds(lambda t: t * 2_000, st.text(max_size=10)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_is_an_error(shelf: Shelf, text: str) -> None:
    shelf.put("1", "بيانات abc")
    search(text, language="ar", kind=text, number=len(text))


@given(term=HARD, text=HARD)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_synonym_makes_a_question_an_error(shelf: Shelf, term: str, text: str) -> None:
    Synonym.objects.all().delete()
    Synonym.objects.create(words=f"{term[:100]}x, abc".replace("\x00", ""))
    search(f"{text} {term}", language="ar")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "&|!()", "ـــ", "\u202e", "😀", "a" * 10_000, "ب " * 5_000, "' OR 1=1 --"]
)
def test_a_question_without_sense_finds_nothing(shelf: Shelf, text: str) -> None:
    shelf.put("1", "Something")
    indexing.refresh()
    assert search(text, language="en").results == []
