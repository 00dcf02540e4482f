"""A kind of page that lives in memory, for tests of the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.search import registry
from portal.search.registry import Document, Source


@dataclass
class Shelf:
    """The pages of the kind "leaflet" that are public now."""

    pages: dict[tuple[str, str], Document] = field(default_factory=dict)
    calls: list[list[str] | None] = field(default_factory=list)
    """The keys each call asked for."""

    def put(self, key: str, title: str, text: str = "", language: str = "en", days_old: int = 0) -> None:
        published_at = timezone.now() - timedelta(days=days_old)
        document = Document(key, language, title, text, f"/leaflets/{key}/", published_at, "Ministry")
        self.pages[key, language] = document

    def change(self, key: str, language: str = "en", **changes: str) -> None:
        self.pages[key, language] = replace(self.pages[key, language], **changes)

    def take(self, key: str) -> None:
        self.pages = {page: document for page, document in self.pages.items() if page[0] != key}

    def documents(self, keys: Iterable[int | str] | None) -> Iterator[Document]:
        wanted = None if keys is None else [str(key) for key in keys]
        self.calls.append(wanted)
        return iter([document for (key, _), document in self.pages.items() if wanted is None or key in wanted])


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The only kind there is."""
    shelf = Shelf()
    source = Source("leaflet", "Leaflets", shelf.documents, model="search.synonym", page="/leaflets/")
    monkeypatch.setattr(registry, "_sources", {"leaflet": source})
    return shelf
