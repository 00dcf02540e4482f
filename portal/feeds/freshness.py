"""Answering a reader that has a feed already: 304 while it is the same."""

from __future__ import annotations

import hashlib
import logging
import time

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag

logger = logging.getLogger(__name__)

MAX_AGE = 60
"""Seconds a feed may come from a cache on the way. Short, because what is withdrawn must go from there as well."""
REMEMBERED = 30 * 86400


def conditional(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    """The body with its validators, or 304 where the reader's copy is the same."""
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    changed = changed_at(request.path, etag)
    response = HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    response.headers["ETag"] = etag
    if changed is not None:
        response.headers["Last-Modified"] = http_date(changed)
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


def changed_at(name: str, etag: str) -> int | None:
    """When the feed became what it is, in seconds since 1970; None where that cannot be known.

    Not the date of the newest entry: that stays or goes back when an entry is withdrawn, and a reader that asks by
    date alone would keep the entry for ever.
    """
    key = f"feeds:changed:{name}"
    try:
        kept = cache.get(key)
        if kept and kept[0] == etag:
            return int(kept[1])
        now = max(int(time.time()), kept[1] + 1 if kept else 0)
        cache.set(key, (etag, now), REMEMBERED)
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("cache unavailable: %s", type(error).__name__)
        return None
    return now
