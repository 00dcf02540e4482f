"""The list of feeds and the feeds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.bilingual import LANGUAGE_CODES
from portal.feeds.addresses import MIME_TYPES, feed_address
from portal.feeds.collecting import Channel, channel, channels
from portal.feeds.documents import write_feed
from portal.feeds.freshness import conditional
from portal.http import public


@public
@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    """What a feed is, and the address of each in both languages."""
    rows = [{"channel": each, "languages": [_addresses(each, code) for code in LANGUAGE_CODES]} for each in channels()]
    return render(request, "feeds/list.html", {"rows": rows})


def _addresses(channel: Channel, language: str) -> dict[str, str]:
    return {
        "code": language,
        "rss": feed_address(channel.slug, "rss", language),
        "atom": feed_address(channel.slug, "atom", language),
    }


@public
@require_safe
def rss(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A topic's entries as RSS 2.0, in the language of the address."""
    return _document(request, slug, "rss")


@public
@require_safe
def atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same as Atom."""
    return _document(request, slug, "atom")


def _document(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    found = channel(slug)
    if found is None:
        raise Http404
    return conditional(request, write_feed(found, kind, get_language() or "ar"), MIME_TYPES[kind])
