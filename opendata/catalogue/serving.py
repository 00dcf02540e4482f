"""Answering with files that never change: strong ETags, parts, any other site may read them, caches may keep them.

With `SENDFILE_PREFIX` set, the proxy in front sends the bytes itself (X-Accel-Redirect); it knows the store under that
internal location.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from opendata.catalogue.ranges import Multipart, Range, read_part, read_ranges

FOR_EVER = "public, max-age=31536000, immutable"
LOOKED_AT_AGAIN = "public, no-cache"
"""Kept, but asked about each time; the ETag makes that cheap."""
SHORTLY = "public, max-age=300"
_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag"


@dataclass(frozen=True)
class Served:
    """A file of the store as it is answered with."""

    path: Path
    sha256: str
    size: int
    media_type: str
    filename: str
    """What it is saved as."""


def opened(response: HttpResponseBase, cache: str = FOR_EVER) -> Any:
    """Any site may read it, caches may keep it, and no browser guesses what it is."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cache
    return response


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
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(made(), content_type="application/json")
    response.headers["ETag"] = etag
    return opened(response, cache)


def answer_bytes(
    request: HttpRequest, content: bytes, sha256: str, media_type: str, *, cache: str = FOR_EVER
) -> HttpResponse:
    """Something small, whole."""
    etag = f'"{sha256}"'
    response = HttpResponse(status=304) if is_known(request, etag) else HttpResponse(content, content_type=media_type)
    response.headers["ETag"] = etag
    return opened(response, cache)


def answer_file(request: HttpRequest, served: Served) -> HttpResponseBase:
    """The file, the parts of it that were asked for, or that whoever asks has it already."""
    etag = f'"{served.sha256}"'
    if is_known(request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    elif prefix := getattr(settings, "SENDFILE_PREFIX", ""):
        response = HttpResponse(content_type=served.media_type)
        response.headers["X-Accel-Redirect"] = f"{prefix}{served.sha256[:2]}/{served.sha256}"
    else:
        response = _from_here(request, served, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    if response.status_code in (200, 206):
        response.headers["Content-Disposition"] = content_disposition_header(True, served.filename) or "attachment"
    return opened(response)


def begins_a_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Is this the beginning of a file somebody fetches? Later parts of it, and questions about it, are not counted."""
    if request.method != "GET" or response.status_code not in (200, 206):
        return False
    if "X-Accel-Redirect" in response.headers:  # the proxy gives the parts, and answers 206 itself
        return request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    return response.status_code == 200 or response.headers.get("Content-Range", "").startswith("bytes 0-")


def _from_here(request: HttpRequest, served: Served, etag: str) -> HttpResponseBase:
    parts = None
    asked = request.headers.get("Range") if request.method == "GET" else None
    if asked and request.headers.get("If-Range", etag).strip() == etag:
        parts = read_ranges(asked, served.size)
    if parts == []:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{served.size}"})
    if parts:
        return _partly(served, parts)
    response = HttpResponse() if request.method == "HEAD" else FileResponse(served.path.open("rb"))
    response.headers["Content-Type"] = served.media_type
    response.headers["Content-Length"] = str(served.size)
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
