"""Answers for programs of any site: ETag, Link, what caches may keep, and HEAD without a body."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from opendata.catalogue import serving
from opendata.catalogue.serving import LOOKED_AT_AGAIN, compact, is_known, opened

METHODS = ", ".join(serving.METHODS)
_EXPOSED = "Content-Disposition, Content-Length, ETag, Link, Retry-After"


def answer_json(request: HttpRequest, told: Any, *, after: str | None = None) -> HttpResponse:
    """Something small, whole; or that whoever asks has it already. `after` is the address of the next page."""
    content = compact(told)
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if is_known(request, etag):
        return answer_known(etag, LOOKED_AT_AGAIN)
    return headed(HttpResponse(content, "application/json"), etag, LOOKED_AT_AGAIN, after)


def answer_known(etag: str, cache: str) -> HttpResponse:
    """Whoever asks has it. Nothing is said of a media type: caches would take it over for what they keep."""
    return headed(HttpResponseNotModified(), etag, cache)


def headed(response: HttpResponseBase, etag: str, cache: str, after: str | None = None) -> Any:
    """With the headers of what was found."""
    opened(response, cache)
    response.headers["ETag"] = etag
    if after is not None:
        response.headers["Link"] = f'<{after}>; rel="next"'
    return response


def finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """As it leaves: readable for scripts of any site, in both languages, and without a body where HEAD was asked."""
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    response.headers.setdefault("Content-Language", "ar, en")
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
