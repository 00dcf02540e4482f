"""The addresses of CKAN's API: read by anyone, from any site, without cookies; never answered by a redirect."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from opendata.catalogue import limits
from opendata.catalogue.addresses import absolute
from opendata.catalogue.downloads import count_download
from opendata.catalogue.serving import LOOKED_AT_AGAIN, opened
from opendata.ckan.actions import ACTIONS
from opendata.ckan.asked import Parameters, read
from opendata.ckan.datastore.dump import Dump, dump
from opendata.ckan.datastore.search import Rows, Search, datastore_search
from opendata.ckan.resources import ROWS
from opendata.ckan.streaming import Long, dumps, encoded, envelope
from opendata.ckan.wrong import BadRequest, Refused, too_many
from portal.http import public

JSON = "application/json;charset=utf-8"
DUMP_HELP = "Parameters: format (csv, tsv, json or xml), bom, and those of datastore_search"
METHODS = "GET, HEAD, POST, OPTIONS"
Asked = TypeVar("Asked", Search, Dump)


@public
@csrf_exempt
def root(request: HttpRequest) -> HttpResponseBase:
    """Which API this is."""
    return _allowed(request) or _answer(request, 200, {"version": 3})


@public
@csrf_exempt
def action(request: HttpRequest, name: str = "") -> HttpResponseBase:
    """Does what the name says; the answer is CKAN's envelope."""
    if refusal := _allowed(request):
        return refusal
    help_url = absolute(f"/api/3/action/help_show?name={quote(name)}")
    try:
        if name not in ACTIONS:
            raise BadRequest(f"Bad request: Action name not known: {name[:100]}")
        found = _rows(request) if name == "datastore_search" else ACTIONS[name](read(request))
    except BadRequest as error:
        return _answer(request, error.status, str(error))
    except Refused as refused:
        return _refusal(request, refused, help_url)
    if not isinstance(found, Long | Rows):
        return _answer(request, 200, {"help": help_url, "success": True, "result": found})
    pieces = () if request.method == "HEAD" else envelope(help_url, found)
    return _opened(StreamingHttpResponse(pieces, content_type=JSON))


@public
@csrf_exempt
def datastore_dump(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """A file of rows."""
    if refusal := _allowed(request):
        return refusal
    try:
        found = _paid(request, functools.partial(dump, identifier))
        with limits.timed(request):
            pieces = () if request.method == "HEAD" else found.pieces()
    except BadRequest as error:
        return _answer(request, error.status, str(error))
    except Refused as refused:
        return _refusal(request, refused, DUMP_HELP)
    if found.is_whole and request.method == "GET":
        count_download(found.table.resource.dataset.pk, ROWS)
    response = _opened(StreamingHttpResponse(pieces, content_type=found.media_type))
    response.headers["Content-Disposition"] = content_disposition_header(True, found.filename)
    return response


def _rows(request: HttpRequest) -> Rows:
    """The answer to `datastore_search`; raises Refused."""
    search = _paid(request, datastore_search)
    with limits.timed(request):
        return search.rows()


def _paid(request: HttpRequest, ask: Callable[[Parameters], Asked]) -> Asked:
    """What is asked of a table, once it is paid for; what is refused costs the least. Raises Refused."""
    try:
        limits.admit(request)
        try:
            asked = ask(read(request))
        except (BadRequest, Refused):
            limits.charge(request, limits.PAGE)
            raise
        limits.charge(request, limits.price(asked.query, asked.table.source.rows))
    except limits.TooMany as error:
        raise too_many(error.seconds) from None
    return asked


def _allowed(request: HttpRequest) -> HttpResponseBase | None:
    """What is answered where nothing is asked: to a browser that wants to know whether it may, and to writers."""
    if request.method == "OPTIONS":
        return _opened(HttpResponse())
    if request.method not in METHODS.split(", "):
        response = _answer(request, 405, "Method not allowed: this API is read only")
        response.headers["Allow"] = METHODS
        return response
    return None


def _refusal(request: HttpRequest, refused: Refused, help: str) -> HttpResponse:
    response = _answer(request, refused.status, {"help": help, "success": False, "error": refused.error})
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _answer(request: HttpRequest, status: int, content: Any) -> HttpResponse:
    response = HttpResponse(encoded(dumps(content)), status=status, content_type=JSON)
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return _opened(response)


def _opened(response: HttpResponseBase) -> Any:
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-CKAN-API-Key"
    return opened(response, LOOKED_AT_AGAIN)
