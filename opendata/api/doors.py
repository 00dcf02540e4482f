"""The door of every address of the API: methods, parameters, limits and errors, the same everywhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from opendata.api.answering import METHODS, finished
from opendata.api.endpoints import Endpoint
from opendata.api.limits import charge
from opendata.api.parameters import pairs_of, values_of
from opendata.api.wrong import Wrong
from opendata.catalogue.serving import preflight
from portal.http import View, public


def answers(endpoint: Endpoint) -> Callable[[View], View]:
    """Make a view answer an endpoint.

    It gets the values of the endpoint's parameters by name; where columns are parameters too, the pairs of names and
    texts as they stand in the address. It may raise `Wrong`.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, **names: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return finished(request, preflight())
            try:
                response = _answer(request, endpoint, view, names)
            except Wrong as wrong:
                response = wrong.response()
            return finished(request, response)

        return public(csrf_exempt(guarded))

    return decorate


def _answer(request: HttpRequest, endpoint: Endpoint, view: View, names: dict[str, Any]) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        raise Wrong("method-not-allowed", f"This API only reads. Ask with {METHODS}.", headers={"Allow": METHODS})
    pairs = pairs_of(request.META.get("QUERY_STRING", ""))
    if endpoint.takes_filters:
        return view(request, pairs, **names)
    values = values_of(pairs, endpoint.parameters)
    if endpoint.points:
        charge(request, endpoint.points)
    return view(request, values, **names)


@public
@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponseBase:
    """Below the API, but no address of it."""
    wrong = Wrong("not-found", "The API has no such address. /api/v1/ lists those there are.")
    return finished(request, wrong.response())
