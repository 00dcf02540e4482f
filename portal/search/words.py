"""Where the words of a text stand in it, and which of them a question means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.search.folding import index_forms

_MARKS = (
    "\\u0300-\\u036f\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed"
    "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufe00-\\ufe0f\\ufeff"
)
"""What stands within a word without parting it: harakat, tatweel, accents, joiners, direction marks."""
_NUMBER = r"\d+(?:(?:٬(?=\d)|,(?=\d{3}(?!\d)))\d+)*"
_WORD = re.compile(rf"{_NUMBER}|[^\W\d_](?:[^\W\d_]|[{_MARKS}])*")


def words_of(text: str) -> Iterator[re.Match[str]]:
    """The words and numbers of a text as they are written, with where they stand."""
    return _WORD.finditer(text)


class Wanted:
    """The forms a question looks for; tells of a word, as it is written, whether it is one of them."""

    def __init__(self, forms: set[str], beginnings: set[str]) -> None:
        self.forms = forms
        self.beginnings = tuple(beginnings)
        self._known: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        """Whether any form of the word is looked for."""
        known = self._known.get(word)
        if known is None:
            found = index_forms(word)
            known = not self.forms.isdisjoint(found) or any(form.startswith(self.beginnings) for form in found)
            self._known[word] = known
        return known
