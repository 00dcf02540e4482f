"""What somebody asks, as the database is asked: words, their forms, and the words that mean the same.

Only folded letters and digits and the operators written here get into a query, so none can be a syntax error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.search.folding import PREFIX, fold, index_forms, query_forms, query_words
from portal.search.words import Wanted

LONGEST_QUESTION = 200
AS_WRITTEN = "1"
"""Behind a word of letters in the index: it stands so in the text. No token has both letters and digits."""

Forms = frozenset[str]
Term = tuple[Forms, ...]
"""The words of a term, each by any of its forms."""
Group = tuple[Term, ...]
"""Terms that mean the same: any will do."""


def as_written(words: Iterable[str]) -> list[str]:
    """How the index says that these words stand in a text just so; a number has no other form."""
    return [word if word.isdecimal() else word + AS_WRITTEN for word in words]


@dataclass(frozen=True)
class Question:
    """A question, read. Every group must be found."""

    phrase: str
    """The folded question, to be looked for in titles as it is."""
    words: tuple[str, ...]
    own: tuple[Forms, ...]
    """The forms of each word."""
    groups: tuple[Group, ...]
    """The same with the synonyms."""

    @property
    def anywhere(self) -> str:
        """For `to_tsquery`: every word, or one of its synonyms."""
        return " & ".join(_any(_all(term) for term in group) for group in self.groups)

    @property
    def in_own_words(self) -> str:
        """For `to_tsquery`: every word itself, in any form."""
        return _all(self.own)

    @property
    def each(self) -> list[str]:
        """For `to_tsquery`: word by word, in any form."""
        return [_any(sorted(forms)) for forms in self.own]

    @property
    def as_typed(self) -> str:
        """For `to_tsquery`: every word as it was typed."""
        return " & ".join(as_written(self.words))

    @property
    def wanted(self) -> Wanted:
        """To find in a text what the question means."""
        forms = {form for group in self.groups for term in group for word in term for form in word}
        beginnings = {form for form in forms if form.endswith(PREFIX)}
        return Wanted(forms - beginnings, {form.removesuffix(PREFIX) for form in beginnings})


def read_question(text: str, synonyms: Iterable[Sequence[str]] = ()) -> Question | None:
    """What a text asks; None where it has no word. `synonyms` are groups of terms, as `Synonym.terms` gives them."""
    text = text[:LONGEST_QUESTION]
    words, own = query_words(text), tuple(frozenset(forms) for forms in query_forms(text))
    if not words:
        return None
    return Question(fold(text), tuple(words), own, tuple(_grouped(own, _known_terms(synonyms))))


@dataclass(frozen=True)
class _Known:
    """A term of a group of synonyms, and the others."""

    words: tuple[set[str], ...]
    others: tuple[Term, ...]

    def stands_at(self, own: Sequence[Forms], start: int) -> bool:
        spoken = own[start : start + len(self.words)]
        return len(spoken) == len(self.words) and not any(map(_disjoint, spoken, self.words))


def _disjoint(asked: Forms, stored: set[str]) -> bool:
    """Beginnings of words are left out of account: "perm" is not yet "permit"."""
    return stored.isdisjoint(asked)


def _known_terms(synonyms: Iterable[Sequence[str]]) -> list[_Known]:
    known = []
    for group in synonyms:
        terms = {term: _complete(term) for term in group}
        for term in group:
            stored = tuple(set(index_forms(word)) for word in query_words(term))
            others = tuple(forms for other, forms in terms.items() if other != term and forms)
            if stored and others:
                known.append(_Known(stored, others))
    return known


def _complete(term: str) -> Term:
    """The forms of a term, none of them a beginning: somebody has written it to its end."""
    groups = query_forms(term)
    return tuple(frozenset(form for form in forms if not form.endswith(PREFIX)) for forms in groups)


def _grouped(own: Sequence[Forms], known: list[_Known]) -> Iterable[Group]:
    """The words from first to last, each run of them that is a known term together with what means the same."""
    start = 0
    while start < len(own):
        found = [term for term in known if term.stands_at(own, start)]
        length = max((len(term.words) for term in found), default=1)
        others = [other for term in found if len(term.words) == length for other in term.others]
        yield (tuple(own[start : start + length]), *dict.fromkeys(others))
        start += length


def _all(term: Iterable[Forms]) -> str:
    return " & ".join(_any(sorted(forms)) for forms in term)


def _any(parts: Iterable[str]) -> str:
    return f"({' | '.join(parts)})"
