"""The language of `fq` and `q`, read into a tree: what harvesters and people really send, and nothing else.

    query  := either either*                    what stands side by side must all fit
    either := both ("OR" both)*                 `a:1 OR a:2 b:3` means (a:1 or a:2) and b:3, as harvesters intend
    both   := one ("AND" one)*
    one    := ("-" | "+" | "!" | "NOT") one | "(" query ")" | field ":" value | word | "phrase"
    value  := word | "phrase" | "[" from " TO " until "]" | "{" from " TO " until "}" | "(" values ")"

Solr reads the first example otherwise and gives out datasets of every `a`; a filter must never let more through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opendata.ckan.wrong import not_understood

MOST_TOKENS = 2_000
DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<range>[\[{]\s*(?P<from>"[^"]*"|[^\s\]}"]+)\s+TO\s+(?P<until>"[^"]*"|[^\s\]}"]+)\s*[\]}])
    | (?P<phrase>"(?:[^"\\]|\\.)*")
    | (?P<field>[A-Za-z_]\w*:)(?=\S)
    | (?P<sign>[-+!](?=[^\s]))
    | (?P<open>\() | (?P<close>\))
    | (?P<all>\*:\*)
    | (?P<word>(?:[^\s()\[\]{}"\\:]|\\.|:(?=\S))+)
    )""",
    re.VERBOSE,
)
_WORDS = {"AND": "and", "&&": "and", "OR": "or", "||": "or", "NOT": "not"}


@dataclass(frozen=True)
class Range:
    """From one value to another; "*" is any. Square brackets include their end, braces do not."""

    start: str
    end: str
    with_start: bool
    with_end: bool


@dataclass(frozen=True)
class Term:
    """A field and what it must be; without a field, words to be found in the text."""

    field: str
    value: str | Range
    is_phrase: bool = False


@dataclass(frozen=True)
class All:
    """Everything fits."""


@dataclass(frozen=True)
class Not:
    part: Tree


@dataclass(frozen=True)
class And:
    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Tree, ...]


Tree = Term | All | Not | And | Or


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    span: Range | None = None


def read(text: str) -> Tree:
    """The tree of a query; raises Refused (Search Query Error) where it is outside the grammar."""
    reader = _Reader(_tokens(text))
    if reader.kind == "end":
        return All()
    tree = reader.query("")
    reader.take("end")
    return tree


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None or len(found) >= MOST_TOKENS:
            raise not_understood(f"Search query cannot be read from character {place + 1} on")
        found.append(_token(match))
        place = match.end()
    return [*found, _Token("end", "")]


def _token(match: re.Match[str]) -> _Token:
    kind = match.lastgroup or ""
    if match["range"]:
        text = match["range"]
        start, end = match["from"].strip('"'), match["until"].strip('"')
        return _Token("range", text, Range(start, end, text[0] == "[", text[-1] == "]"))
    text = match[kind]
    if kind == "word" and text in _WORDS:
        return _Token(_WORDS[text], text)
    if kind == "phrase":
        return _Token(kind, re.sub(r"\\(.)", r"\1", text[1:-1]))
    if kind == "field":
        return _Token(kind, text[:-1])
    if kind == "sign":
        return _Token("plus" if text == "+" else "not", text)
    return _Token(kind, text)


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._place].kind

    def take(self, kind: str = "") -> _Token:
        """The token here, which must be of this kind."""
        token = self._tokens[self._place]
        if kind and token.kind != kind:
            raise not_understood(f"Search query cannot be read at {token.text[:60]!r}")
        self._place += 1
        return token

    def query(self, field: str) -> Tree:
        parts = [self._either(field)]
        while self.kind not in ("end", "close"):
            parts.append(self._either(field))
        return _joined(And, parts)

    def _either(self, field: str) -> Tree:
        parts = [self._both(field)]
        while self.kind == "or":
            self.take()
            parts.append(self._both(field))
        return _joined(Or, parts)

    def _both(self, field: str) -> Tree:
        parts = [self._one(field)]
        while self.kind == "and":
            self.take()
            parts.append(self._one(field))
        return _joined(And, parts)

    def _one(self, field: str) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise not_understood(f"Search query is nested more than {DEEPEST} deep")
        try:
            return self._part(self.take(), field)
        finally:
            self._depth -= 1

    def _part(self, token: _Token, field: str) -> Tree:
        if token.kind in ("not", "plus"):
            part = self._one(field)
            return Not(part) if token.kind == "not" else part
        if token.kind == "open":
            tree = self.query(field)
            self.take("close")
            return tree
        if token.kind == "field" and not field:
            return self._one(token.text)
        if token.kind == "all" and not field:
            return All()
        if token.kind == "range" and token.span and field:
            return Term(field, token.span)
        if token.kind in ("word", "phrase"):
            text = token.text if token.kind == "phrase" else re.sub(r"\\([^*?])", r"\1", token.text)
            return Term(field, text, token.kind == "phrase")
        raise not_understood(f"Search query cannot be read at {token.text[:60] or 'its end'!r}")


def _joined(kind: type[And] | type[Or], parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
