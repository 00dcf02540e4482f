"""Did you mean: only what is published, only where nothing was found, in the spelling of the page."""

from __future__ import annotations

import pytest

from portal.search import indexing
from portal.search.query import did_you_mean
from portal.search.spelling import corrected, learn, slips
from tests.portal.search.pages import Shelf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("fees", "fees", 0),
        ("fes", "fees", 1),
        ("fese", "fees", 1),
        ("fex", "fees", 2),
        ("رخضه", "رخصه", 1),
        ("", "ab", 2),
    ],
)
def test_it_counts_slips(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count


@pytest.fixture
def known(shelf: Shelf) -> Shelf:
    shelf.put("1", "رخصة القيادة", "رسوم الرخصة وتجديدها", language="ar")
    shelf.put("1", "Driving licence", "Fees and renewal of a licence")
    indexing.refresh()
    learn()
    return shelf


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("licnece", "licence"),
        ("drivin licemce now", "Driving licence now"),
        ("رخضة", "رخصة"),
        ("رسوم الرخضة", "رسوم الرخصة"),
        ("licence", None),
        ("licences", None),
        ("zzzzzz", None),
        ("lic", None),
        ("12345", None),
    ],
)
def test_it_knows_the_word_that_was_meant(known: Shelf, typed: str, meant: str | None) -> None:
    assert corrected(typed) == meant


def test_it_offers_only_a_question_that_finds_something(known: Shelf) -> None:
    assert did_you_mean("licnece", language="en") == "licence"
    known.pages.clear()
    assert did_you_mean("licnece", language="en") is None


def test_words_that_left_with_their_page_are_forgotten(known: Shelf) -> None:
    known.pages.clear()
    assert learn() == 0
    assert corrected("licnece") is None
