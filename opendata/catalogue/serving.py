"""Answering with files that never change: strong ETags, parts, any other site may read them, caches may keep them.

A file of which the store has a packed copy comes packed to whoever takes gzip, under an ETag of its own (as RFC 9110
wants of another representation). Parts are always those of the file itself.

With `SENDFILE_PREFIX` set, the proxy in front sends the bytes itself (X-Accel-Redirect); it knows the store under that
internal location.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from opendata.catalogue.ranges import Multipart, Range, read_part, read_ranges
from opendata.catalogue.taking import takes_gzip
from opendata.storing import PACKED
from portal.http import View, public

FOR_EVER = "public, max-age=31536000, immutable"
LOOKED_AT_AGAIN = "public, no-cache"
"""Kept, but asked about each time; the ETag makes that cheap."""
SHORTLY = "public, max-age=300"
_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Encoding, Content-Length, Content-Range, ETag"


METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Served:
    """A file of the store as it is answered with."""

    path: Path
    sha256: str
    size: int
    media_type: str
    filename: str
    """What it is saved as."""
    packed: Path | None = None
    """Where it lies packed by gzip, once it does; None for what is never packed."""


def opened(response: HttpResponseBase, cache: str = FOR_EVER) -> Any:
    """Any site may read it, caches may keep it, and no browser guesses what it is."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cache
    return response


def readable(view: View) -> View:
    """Declare an address that anyone reads, pages of other sites too: before some requests for parts of a file, such
    as its last bytes, their browsers ask whether they may."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return preflight()
        if request.method not in METHODS:
            response = problem(405, "Method not allowed", "Files are only read.")
            response.headers["Allow"] = ", ".join(METHODS)
            return response
        return view(request, *args, **kwargs)

    return public(csrf_exempt(guarded))


def preflight() -> HttpResponse:
    """What such a browser is told: everything that reads is allowed, for a day."""
    response = opened(HttpResponse(status=204), "public, max-age=86400")
    del response.headers["Content-Type"]
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response.headers["Access-Control-Allow-Headers"] = "*"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def compact(told: Any) -> bytes:
    """JSON without spaces, with Arabic letters as they are."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """An error for programs (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
    return opened(response, LOOKED_AT_AGAIN)


def is_known(request: HttpRequest, etag: str) -> bool:
    """Does whoever asks have it already?"""
    asked = request.headers.get("If-None-Match", "")
    return asked.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in asked.split(",")]


def answer_known(request: HttpRequest, tag: str, made: Callable[[], str], *, cache: str) -> HttpResponse:
    """JSON that `tag` stands for; it is only made where whoever asks does not have it already."""
    etag = f'"{tag}"'
    if is_known(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(made(), content_type="application/json")
    response.headers["ETag"] = etag
    return opened(response, cache)


def answer_bytes(
    request: HttpRequest, content: bytes, sha256: str, media_type: str, *, cache: str = FOR_EVER
) -> HttpResponse:
    """Something small, whole."""
    etag = f'"{sha256}"'
    if is_known(request, etag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=media_type)
    response.headers["ETag"] = etag
    return opened(response, cache)


def answer_file(request: HttpRequest, served: Served) -> HttpResponseBase:
    """The file, the parts of it that were asked for, or that whoever asks has it already."""
    packed = _packed(request, served)
    own = f'"{served.sha256}"'
    etag = f'"{served.sha256}-gzip"' if packed else own
    known = next((one for one in (etag, own) if is_known(request, one)), "")
    parts = _parts(request, served, own)
    if known:
        response: HttpResponseBase = HttpResponseNotModified()
    elif parts == []:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{served.size}"})
    elif prefix := getattr(settings, "SENDFILE_PREFIX", ""):
        response = HttpResponse(content_type=served.media_type)
        ending = PACKED if packed else ""
        response.headers["X-Accel-Redirect"] = f"{prefix}{served.sha256[:2]}/{served.sha256}{ending}"
    else:
        response = _partly(served, parts) if parts else _whole(request, served, packed or served.path)
    if packed and not known:
        response.headers["Content-Encoding"] = "gzip"
    if served.packed:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["ETag"] = known or etag
    response.headers["Accept-Ranges"] = "bytes"
    if response.status_code in (200, 206):
        response.headers["Content-Disposition"] = disposition(served.filename)
    return opened(response, LOOKED_AT_AGAIN if response.status_code == 416 else FOR_EVER)


def disposition(filename: str) -> str:
    """What makes a browser save a file under this name."""
    return content_disposition_header(True, filename) or "attachment"


def lead_to(address: str) -> HttpResponse:
    """Where the file is given out at the moment: an address that soon works no more, so nobody keeps it."""
    return opened(HttpResponse(status=302, headers={"Location": address}), "no-store")


def _packed(request: HttpRequest, served: Served) -> Path | None:
    """The packed copy, where there is one and whoever asks takes it."""
    if served.packed is None or "Range" in request.headers:
        return None
    return served.packed if takes_gzip(request.headers.get("Accept-Encoding", "")) and served.packed.is_file() else None


def begins_a_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Is this the beginning of a file somebody fetches? Later parts of it, and questions about it, are not counted."""
    if request.method != "GET" or response.status_code not in (200, 206, 302):
        return False
    if "X-Accel-Redirect" in response.headers or response.status_code == 302:  # others give the parts, and say 206
        return request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    return response.status_code == 200 or response.headers.get("Content-Range", "").startswith("bytes 0-")


def _parts(request: HttpRequest, served: Served, etag: str) -> list[Range] | None:
    """Those that were asked for of this very file; None for all of it."""
    asked = request.headers.get("Range") if request.method == "GET" else None
    if asked and request.headers.get("If-Range", etag).strip() == etag:
        return read_ranges(asked, served.size)
    return None


def _whole(request: HttpRequest, served: Served, path: Path) -> HttpResponseBase:
    response = HttpResponse() if request.method == "HEAD" else FileResponse(path.open("rb"))
    response.headers["Content-Type"] = served.media_type
    response.headers["Content-Length"] = str(served.size if path == served.path else path.stat().st_size)
    return response


def _partly(served: Served, parts: list[Range]) -> HttpResponseBase:
    if len(parts) > 1:
        several = Multipart(served.path, parts, served.size, served.media_type)
        response = StreamingHttpResponse(several, status=206, content_type=several.content_type)
        response.headers["Content-Length"] = str(several.length)
        return response
    [(first, last)] = parts
    response = StreamingHttpResponse(read_part(served.path, parts[0]), status=206, content_type=served.media_type)
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Content-Range"] = f"bytes {first}-{last}/{served.size}"
    return response
