"""A tree of the grammar as a question to each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils import timezone

from opendata.catalogue.listing import LONGEST_QUERY, steps_of
from opendata.ckan.searching.grammar import All, And, Not, Or, Range, Term, Tree
from opendata.ckan.searching.moments import read_moment
from opendata.ckan.searching.rows import FIELDS, MOMENTS, Row
from opendata.ckan.wrong import not_understood
from portal.forms import clean_text

MOST_TEXTS, MOST_TERMS = 10, 500
"""Questions put to the index of words for one search, and conditions looked at for each dataset."""
ANY = "*"
Fits = Callable[[Row], bool]
_IN_TEXT = ("", "text", "_text_")
_IN_TITLE = "title"
_IN_TITLE_STEP = 2
"""From this step on all words are in the title (steps_of)."""


@dataclass
class Search:
    """Turns trees into questions; remembers how well each dataset fits the words that were asked for."""

    now: datetime = field(default_factory=lambda: timezone.now().astimezone(UTC))
    steps: dict[int, int] = field(default_factory=dict)
    _texts: dict[str, dict[int, int]] = field(default_factory=dict)
    _terms: int = 0

    def fits(self, tree: Tree) -> Fits:
        """Whether a row fits the tree. Raises Refused (Search Query Error)."""
        if isinstance(tree, All):
            return lambda row: True
        if isinstance(tree, Not):
            part = self.fits(tree.part)
            return lambda row: not part(row)
        if isinstance(tree, And):
            parts = [self.fits(one) for one in _gathered(tree.parts)]
            return lambda row: all(part(row) for part in parts)
        if isinstance(tree, Or):
            parts = [self.fits(one) for one in tree.parts]
            return lambda row: any(part(row) for part in parts)
        return self._term(tree)

    def words(self, text: str) -> Fits:
        """Whether a row has all these words."""
        found = self._found(text)
        return lambda row: row.pk in found

    def _term(self, term: Term) -> Fits:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise not_understood(f"Search query has more than {MOST_TERMS} conditions")
        if term.field in MOMENTS:
            return _moment(term, self.now)
        if term.field in FIELDS:
            return _values(term)
        if term.field not in (*_IN_TEXT, _IN_TITLE) or isinstance(term.value, Range):
            raise not_understood(f"undefined field {term.field[:60]}")
        if term.value == ANY:
            return lambda row: True
        if term.field == _IN_TITLE:
            found = self._found(term.value)
            return lambda row: found.get(row.pk, 0) >= _IN_TITLE_STEP
        return self.words(term.value)

    def _found(self, text: str) -> dict[int, int]:
        if text not in self._texts:
            if len(self._texts) >= MOST_TEXTS:
                raise not_understood(f"Search query asks for more than {MOST_TEXTS} texts")
            words = clean_text(text.replace(ANY, " "), lines=False).strip()[:LONGEST_QUERY]
            self._texts[text] = steps_of(words) or {}
            for key, step in self._texts[text].items():
                self.steps[key] = max(step, self.steps.get(key, 0))
        return self._texts[text]


def _gathered(parts: tuple[Tree, ...]) -> Iterator[Tree]:
    """Words side by side are one question; the rest stays as it is."""
    words: list[str] = []
    for part in parts:
        if isinstance(part, Term) and not part.field and isinstance(part.value, str) and part.value != ANY:
            words.append(part.value)
        else:
            yield part
    if words:
        yield Term("", " ".join(words))


def _values(term: Term) -> Fits:
    values = FIELDS[term.field]
    wanted = term.value
    if isinstance(wanted, Range):
        if (wanted.start, wanted.end) != (ANY, ANY):
            raise not_understood(f"{term.field} cannot be asked for by a range")
        wanted = ANY
    if wanted == ANY and not term.is_phrase:
        return lambda row: bool(values(row))
    if term.is_phrase or not re.search(r"[*?]", wanted):
        return lambda row: wanted in values(row)
    pattern = re.compile(_pattern(wanted), re.DOTALL)
    return lambda row: any(pattern.fullmatch(value) for value in values(row))


def _pattern(text: str) -> str:
    """`*` is any letters, `?` one. What stands between two `*` is looked for where it comes first, and never again:
    tried at every place, a few of them would take for ever."""
    first, *rest = re.split(r"\*+", text)
    between = "".join(f"(?>.*?{_letters(part)})" for part in rest[:-1])
    return _letters(first) + between + (f".*{_letters(rest[-1])}" if rest else "")


def _letters(text: str) -> str:
    return re.escape(text).replace(r"\?", ".")


def _moment(term: Term, now: datetime) -> Fits:
    value_of = MOMENTS[term.field]
    if not isinstance(term.value, Range):
        if term.value == ANY:
            return lambda row: True
        wanted = read_moment(term.value, now)
        return lambda row: value_of(row) == wanted
    span = term.value
    start = None if span.start == ANY else read_moment(span.start, now)
    end = None if span.end == ANY else read_moment(span.end, now)

    def fits(row: Row) -> bool:
        at = value_of(row)
        after = start is None or at > start or (span.with_start and at == start)
        before = end is None or at < end or (span.with_end and at == end)
        return after and before

    return fits
