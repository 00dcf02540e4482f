"""How a page stands among the results: what was asked for is marked, in the words of the page itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.search.words import Wanted, words_of

EXTRACT = 240
"""Characters of an extract, about."""
BEFORE = 80
LOOKED_AT = 20_000
"""Characters of a text in which the first hit is looked for."""


def marked(text: str, wanted: Wanted) -> SafeString:
    """The text as safe HTML, with `<mark>` round each word that was asked for, in whatever form."""
    return mark_safe("".join(_pieces(text, wanted)))  # noqa: S308 - every piece is escaped


def _pieces(text: str, wanted: Wanted) -> Iterator[str]:
    end = 0
    for word in words_of(text):
        if wanted.has(word.group()):
            yield f"{escape(text[end : word.start()])}<mark>{escape(word.group())}</mark>"
            end = word.end()
    yield escape(text[end:])


def extract(text: str, wanted: Wanted) -> SafeString:
    """The words round the first hit, marked; the beginning of the text where there is none."""
    text = " ".join(text[:LOOKED_AT].split())
    hit = next((word.start() for word in words_of(text) if wanted.has(word.group())), 0)
    start = _word_start(text, max(0, hit - BEFORE)) if hit > BEFORE else 0
    end = _word_end(text, start + EXTRACT)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + marked(text[start:end], wanted) + after)  # noqa: S308


def _word_start(text: str, at: int) -> int:
    """The beginning of the first whole word from here on."""
    space = text.find(" ", at, at + BEFORE)
    return at if space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    """The end of the last whole word up to here."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - BEFORE, at + 1)
    return at if space < 0 else space
