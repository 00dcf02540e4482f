"""Archives of many datasets, made while they are sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)

from opendata.catalogue.serving import LOOKED_AT_AGAIN, is_known, opened, problem, readable
from opendata.inventory.models import Agency
from opendata.reusers.bulk import PLACES, Bulk, bulk

RETRY_SECONDS = 60
_places = threading.BoundedSemaphore(PLACES)


class _Sending:
    """An archive on its way; its place is free again when it ends, or when whoever asked goes away."""

    def __init__(self, wanted: Bulk) -> None:
        self._pieces = iter(wanted)
        self._closing = threading.Lock()
        self._is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Stop making it; the server calls this in every case."""
        with self._closing:
            if self._is_over:
                return
            self._is_over = True
        try:
            self._pieces.close()  # type: ignore[attr-defined]
        finally:
            _places.release()

    def __del__(self) -> None:
        self.close()  # where an error kept the answer from ever reaching the server


@readable
def everything(request: HttpRequest) -> HttpResponseBase:
    """The newest version of every dataset."""
    return _answer(request, bulk(), "open-data.zip")


@readable
def of_agency(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The newest version of every dataset of an agency."""
    if not Agency.objects.filter(slug=slug).exists():
        return problem(404, "Not found", "There is no such agency. /files/all.zip holds the datasets of all of them.")
    return _answer(request, bulk(slug), f"open-data-{slug}.zip")


def _answer(request: HttpRequest, wanted: Bulk, filename: str) -> HttpResponseBase:
    etag = f'"{wanted.sha256}"'
    response: HttpResponseBase
    if is_known(request, etag):
        response = HttpResponseNotModified()
    elif request.method == "HEAD":
        response = StreamingHttpResponse([], content_type="application/zip")  # of which nobody says a length
    elif not _places.acquire(blocking=False):
        response = problem(503, "Busy", "Too many archives are being made at the moment. Please try again in a minute.")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    else:
        response = StreamingHttpResponse(_Sending(wanted), content_type="application/zip")
    if response.status_code == 200:
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["ETag"] = f"W/{etag}"  # the same files, packed perhaps by another release of zlib
    response.headers["Accept-Ranges"] = "none"
    return opened(response, LOOKED_AT_AGAIN)
