"""What a feed or a digest says: the entries of a topic, or of every topic, in a stable order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.feeds.registry import ALL, FeedEntry, FeedTopic, topic, topics

LIMIT = 50
"""Entries a feed holds. A reader that looks in once a week misses nothing."""


@dataclass(frozen=True)
class Listed:
    """An entry with the topic it belongs to."""

    entry: FeedEntry
    topic: FeedTopic


@dataclass(frozen=True)
class Channel:
    """One feed: a topic's own, or the one of every topic. Texts are lazy."""

    slug: str
    title: object
    description: object
    page: str
    """Name of the address of the page it follows."""
    topics: tuple[FeedTopic, ...]

    def latest(self, limit: int = LIMIT) -> list[Listed]:
        """What is visible now in the active language, newest first; an entry of two topics once."""
        found: dict[str, Listed] = {}
        for each in self.topics:
            for entry in each.entries(limit):
                found.setdefault(entry.key, Listed(entry, each))
        return sorted(found.values(), key=_newest_first)[:limit]


def _newest_first(listed: Listed) -> tuple[float, str]:
    return -listed.entry.published_at.timestamp(), listed.entry.key


def channel(slug: str) -> Channel | None:
    """The feed of this slug."""
    if slug == ALL:
        return Channel(
            ALL,
            _("Everything new"),
            _("Whatever is published on the portal, on every topic."),
            "feeds:list",
            tuple(topics()),
        )
    found = topic(slug)
    return None if found is None else _of_topic(found)


def channels() -> list[Channel]:
    """Every feed, the one of every topic first; none where nothing is published at all."""
    everything = channel(ALL)
    listed = [_of_topic(each) for each in topics()]
    return [everything, *listed] if everything is not None and listed else []


def known(slugs: Iterable[str]) -> list[FeedTopic]:
    """The topics among these slugs that there are, in the order of the list."""
    wanted = set(slugs)
    return [each for each in topics() if each.slug in wanted]


def _of_topic(found: FeedTopic) -> Channel:
    return Channel(found.slug, found.title, found.description, found.page, (found,))
