"""Feed topics: each area registers in apps.py what it publishes, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FeedEntry:
    """One thing that was published, worded in the active language."""

    key: str
    """Stable for ever and the same in both languages, such as "news.announcement:12"; the guid is made of it.
    At most 200 characters."""
    title: str
    summary: str
    """Plain text."""
    path: str
    """Address without the language prefix, such as "/news/eid-hours/"."""
    published_at: datetime
    updated_at: datetime | None = None


@dataclass(frozen=True)
class FeedTopic:
    """What a feed is about. Texts are lazy. `entries(limit)` gives what is visible now, newest first.

    The slug stands in addresses and subscriptions: at most 60 letters, digits and hyphens, never changed afterwards.
    """

    slug: str
    title: object
    description: object
    page: str
    """Name of the address of its page, such as "news:list"."""
    entries: Callable[[int], list[FeedEntry]]
    position: int = 100


ALL = "all"
"""Slug of the feed that holds every topic; no topic may take it."""

_topics: dict[str, FeedTopic] = {}


def register(topic: FeedTopic) -> None:
    """Add a topic; its feeds are feeds/<slug>.rss and .atom in each language."""
    if topic.slug == ALL:
        raise ValueError(f"The slug {ALL!r} is the feed of every topic.")
    _topics[topic.slug] = topic


def topics() -> list[FeedTopic]:
    """Every topic, in the order of the list of feeds."""
    return sorted(_topics.values(), key=lambda topic: (topic.position, topic.slug))


def topic(slug: str) -> FeedTopic | None:
    """The topic of this slug."""
    return _topics.get(slug)
