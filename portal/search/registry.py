"""What can be found: each area registers in apps.py the kinds of pages it publishes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

CHUNK = 500
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Document:
    """One page in one language, as it is indexed and shown among results."""

    pk: int | str
    """Key of the object it shows, the same in both languages."""
    language: str
    title: str
    text: str
    """Plain text of the page; Markdown is taken out before."""
    path: str
    """Address without the language prefix."""
    published_at: datetime
    organisation: str = ""
    keywords: str = ""
    """More words it is found by, which are never shown."""


@dataclass(frozen=True)
class Source:
    """A kind of page. Texts are lazy.

    `documents(keys)` gives, for these keys (None: for all), the documents of what is visible to everybody *now*, in
    each language that is current. A key without documents is not shown: that is how hidden items leave at once.
    Keys come back as the text they are stored as.
    """

    kind: str
    """Stable, stands in addresses: "news"."""
    label: object
    documents: Callable[[Iterable[int | str] | None], Iterable[Document]]
    model: str
    """Label of the model whose audited changes have it indexed again, such as "news.announcement"."""
    position: int = 100
    versions: Callable[[Iterable[int | str] | None], Iterable[tuple[int | str, object]]] | None = None
    """Cheaply, the key of everything visible *now* (of these keys), and what changes whenever its documents do.

    The sweep then reads only what changed; without it, everything.
    """
    page: str = ""
    """Address of the list of such pages, without the language prefix, where there is one: "/news/"."""
    is_dated: bool = True
    """Whether readers are shown when it was published."""
    shown: Callable[[Iterable[int | str], Collection[str]], Iterable[Document]] | None = None
    """The documents of these keys in these languages, for a page of results; their texts may be a minute old.

    For kinds whose documents are costly to make; without it, `documents` is asked.
    """

    def results(self, keys: Iterable[int | str], languages: Collection[str]) -> Iterable[Document]:
        """Of these keys what is visible now, at least in these languages."""
        return self.shown(keys, languages) if self.shown else self.documents(keys)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a kind of page."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """Every kind, in the order of the filters."""
    return sorted(_sources.values(), key=lambda source: (source.position, source.kind))


def source(kind: str) -> Source | None:
    """The kind of this name."""
    return _sources.get(kind)


def kinds_of(model: str) -> list[str]:
    """The kinds whose objects are rows of this model."""
    return [source.kind for source in _sources.values() if source.model == model]


def chosen(rows: QuerySet[Row], keys: Iterable[int | str] | None) -> Iterable[Row]:
    """Those of the rows that have these keys; without keys all of them, a few at a time."""
    return rows.iterator(CHUNK) if keys is None else rows.filter(pk__in=list(keys))
