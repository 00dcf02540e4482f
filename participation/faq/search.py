"""Finding entries: by the words of a search, and by what a long message is about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, models, transaction

from participation.faq.models import Entry
from portal.richtext import to_html
from portal.search.folding import (
    MOST_QUERY_TOKENS,
    PREFIX,
    STOP_WORDS,
    fold,
    index_forms,
    query_forms,
    to_tsquery_string,
    tokens,
)
from portal.search.suggestions import Suggestion

LONGEST_TEXT = 3_000
"""Characters of a message that are looked at: what it asks is said early."""
MOST_WORDS = 120
MOST_CANDIDATES = 60
PATIENCE = 400
"""Milliseconds the database gets to find suggestions; somebody is waiting to send a message."""
GOOD_ENOUGH = 0.55
"""Share of a question, by weight of its words, that a message must mention before the answer is put in its way."""
CLOSE = 0.3
SHORT = 8
"""Words that say anything, up to which a whole text is taken for a question."""

Word = frozenset[str]
"""One word of a text, as the forms it is looked for under."""


def find(query: str) -> list[Entry]:
    """Published entries with every word of the query; first those whose question has it as a phrase."""
    asked = to_tsquery_string(query)
    if asked is None:
        return []
    wanted = _query(asked)
    rows = Entry.objects.published().filter(search=wanted).select_related("topic").defer("search")
    found = list(rows.annotate(rank=SearchRank(models.F("search"), wanted)).order_by("-rank", "-asked_count", "pk"))
    phrase = fold(query)
    return sorted(found, key=lambda entry: not any(phrase in fold(words) for words in entry.phrasings))


def closest(text: str, *, limit: int, least: float = CLOSE) -> list[tuple[float, Entry]]:
    """Published entries that a text most likely asks, best first, each with its share from 0 to 1."""
    text = text[:LONGEST_TEXT]
    words = _words(text)[:MOST_WORDS]
    candidates = _candidates(words)
    if not candidates:
        return []
    scale = _Scale(words, set(index_forms(text)), [set(index_forms(" ".join(row.phrasings))) for row in candidates])
    scored = [(scale.share(entry.phrasings, number), entry) for number, entry in enumerate(candidates)]
    best = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: (-pair[0], -pair[1].asked_count))
    return best[:limit]


def suggestions_for(text: str, limit: int) -> list[Suggestion]:
    """Answers for somebody about to send a text; only those that fit well. Gives up rather than keep them waiting."""
    with _in_good_time():
        found = closest(text, limit=limit, least=GOOD_ENOUGH)
    return [
        Suggestion(title=entry.question, url=entry.get_absolute_url(), extract=to_html(entry.answer, top=4), rank=share)
        for share, entry in found
    ]


@dataclass
class _Scale:
    """Weighs what a text and a question share. A rare word says more than one that stands in half of all questions."""

    words: list[Word]
    forms: set[str]
    asked: list[set[str]]
    """The forms of each candidate's question, however it is asked."""

    def share(self, phrasings: list[str], number: int) -> float:
        """How much of a question the text mentions, or how much of a short text stands in the question."""
        shares = [self._part(_words(phrasing), self.forms) for phrasing in phrasings]
        if len(self.words) <= SHORT:
            shares.append(self._part(self.words, self.asked[number]))
        return max(shares)

    def _part(self, words: list[Word], forms: set[str]) -> float:
        """The weight of the words found; nothing for one of several, which any longer text may mention."""
        found = [word for word in words if word & forms]
        enough = 2 if len(self.words) <= SHORT else 3
        if not words or len(found) < min(enough, len(words)):
            return 0.0
        return sum(map(self._weight, found)) / sum(map(self._weight, words))

    def _weight(self, word: Word) -> float:
        return math.log(1 + len(self.asked) / max(1, sum(not word.isdisjoint(forms) for forms in self.asked)))


def _candidates(words: list[Word]) -> list[Entry]:
    """Entries whose question or answer has any of the words, those with more of them first."""
    forms = sorted({form for word in words for form in word})
    if not forms:
        return []
    wanted = _query(" | ".join(forms))
    rows = Entry.objects.published().filter(search=wanted).select_related("topic").defer("search")
    ranked = rows.annotate(rank=SearchRank(models.F("search"), wanted, weights=[0.0, 0.05, 0.0, 1.0]))
    return list(ranked.order_by("-rank", "pk")[:MOST_CANDIDATES])


def _words(text: str) -> list[Word]:
    """The words of a text that say anything, in order of appearance; of any length, where `query_forms` has an end."""
    said = [token for token in dict.fromkeys(tokens(text)) if token not in STOP_WORDS]
    parts = [said[at : at + MOST_QUERY_TOKENS] for at in range(0, len(said), MOST_QUERY_TOKENS)]
    groups = [group for part in parts for group in query_forms(" ".join(part))]
    return [frozenset(form for form in group if not form.endswith(PREFIX)) for group in groups]


def _query(text: str) -> SearchQuery:
    return SearchQuery(text, search_type="raw", config="simple")


@contextmanager
def _in_good_time() -> Iterator[None]:
    """Statements inside may take PATIENCE milliseconds each; one that takes longer raises OperationalError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
