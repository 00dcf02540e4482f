"""Topics made for a test: a list of entries one can add to and take from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from portal.feeds import registry
from portal.feeds.registry import FeedEntry, FeedTopic

_numbers = itertools.count(1)
NASTY = [
    "nul \x00 bell \x07 escape \x1b vertical \x0b delete \x7f next \x85 end",
    "not characters \ufffe \uffff \ufdd0 \U0001ffff lone \ud800 surrogate",
    "<script>alert('x')</script> & <b>bold</b> <!-- comment --> <![CDATA[ x ]]> ]]>",
    "bidi \u202e override \u2066 isolate \u200f mark \u061c",
    "quotes \" ' ` « » “ ” and entities &amp; &lt; &nbsp; &#0; &bogus;",
    "emoji 🇴🇲 👩🏽‍💻 𝒜 and tags \U000e0041",
    "العربية: هل تُقبل «الحركات» ـــ والأرقام ١٢٣؟ لا‌ شيء ﷺ",
    "line\r\nbreaks\rand\u2028more\ttabs",
    "{{ settings.SECRET_KEY }} {% now 'Y' %} %(name)s",
]


def entry(key: str = "", **changes: Any) -> FeedEntry:
    """Something published a moment ago."""
    key = key or f"test.thing:{next(_numbers)}"
    values = {
        "key": key,
        "title": f"Title of {key}",
        "summary": f"Summary of {key}",
        "path": f"/news/{key.replace(':', '-').replace('.', '-')}/",
        "published_at": timezone.now(),
    }
    return FeedEntry(**{**values, **changes})


def ago(**amount: float) -> datetime:
    return timezone.now() - timedelta(**amount)


class Bilingual:
    """Words in the language of the moment, as the lazy texts of a topic are."""

    def __init__(self, ar: str, en: str) -> None:
        self.words = {"ar": ar, "en": en}

    def __str__(self) -> str:
        return self.words[get_language() or "ar"]


class Shelf:
    """What one topic has now; `in_language` holds what only one language has."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.everywhere: list[FeedEntry] = []
        self.only: dict[str, list[FeedEntry]] = {"ar": [], "en": []}
        self.asked = 0
        self.is_broken = False

    def entries(self, limit: int) -> list[FeedEntry]:
        self.asked += 1
        if self.is_broken:
            raise RuntimeError("this topic cannot be read")
        found = self.everywhere + self.only[get_language() or "ar"]
        return sorted(found, key=lambda each: each.published_at, reverse=True)[:limit]

    def add(self, key: str = "", **changes: Any) -> FeedEntry:
        new = entry(key, **changes)
        self.everywhere.append(new)
        return new

    def withdraw(self, gone: FeedEntry) -> None:
        self.everywhere.remove(gone)

    def replace(self, old: FeedEntry, **changes: Any) -> None:
        self.everywhere[self.everywhere.index(old)] = FeedEntry(**{**old.__dict__, **changes})


def put_up(slug: str, position: int = 100) -> Shelf:
    """Register a topic; its page is the list of feeds."""
    shelf = Shelf(slug)
    title: object = Bilingual("الأخبار", "News") if slug == "news" else f"Topic {slug}"
    topic = FeedTopic(slug, title, f"What is new with {slug}", "feeds:list", shelf.entries, position)
    registry.register(topic)
    return shelf


@contextmanager
def empty_registry() -> Iterator[None]:
    """No topics but those put up meanwhile."""
    before = dict(registry._topics)
    registry._topics.clear()
    try:
        yield
    finally:
        registry._topics.clear()
        registry._topics.update(before)
