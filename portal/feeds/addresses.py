"""Absolute addresses and lasting names of feeds and entries. Readers store them: they must never change."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from portal.bilingual import in_language

KINDS = ("rss", "atom")
MIME_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
NAMED_SINCE = 2026
"""A tag: URI (RFC 4151) names a year in which its maker held the host name. Another year would make every entry
of every feed new to every reader."""


def absolute(name: str, language: str, *args: object) -> str:
    """The address with this name in a language, with the host."""
    with in_language(language):
        return settings.SITE_URL + reverse(name, args=args)


def feed_address(slug: str, kind: str, language: str) -> str:
    """Where the RSS or Atom feed of a topic is."""
    return absolute(f"feeds:{kind}", language, slug)


def entry_address(path: str, language: str) -> str:
    """Where an entry's page is; its path has no language prefix."""
    return f"{settings.SITE_URL}/{language}{path}"


def entry_id(key: str, language: str) -> str:
    """The lasting name of an entry: the same in every feed that has it, another in the other language."""
    return _tag(f"{language}/entry/{key}")


def feed_id(slug: str, language: str) -> str:
    """The lasting name of a feed."""
    return _tag(f"{language}/feed/{slug}")


def _tag(name: str) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{NAMED_SINCE}:{quote(name, safe='/:.-_~')}"
