"""The door of every address of the API: methods, parameters, limits and errors, the same everywhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from opendata.api.answering import METHODS, finished
from opendata.api.endpoints import Endpoint
from opendata.api.parameters import pairs_of, values_of
from opendata.api.wrong import Wrong, too_many
from opendata.catalogue.limits import PAGE, TooMany, admit, charge
from opendata.catalogue.serving import preflight
from portal.http import View, public

UNPAID = (400, 404, 410)
"""What a query is refused with before it was paid for. It costs the least, so that nobody makes the portal read without
end."""
LONG = 2_000
"""Characters of a query whose reading costs more than to look first whether anything is left to pay for it."""


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
            except TooMany as error:
                response = too_many(error).response()
            return finished(request, response)

        return public(csrf_exempt(guarded))

    return decorate


def _answer(request: HttpRequest, endpoint: Endpoint, view: View, names: dict[str, Any]) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        raise Wrong("method-not-allowed", f"This API only reads. Ask with {METHODS}.", headers={"Allow": METHODS})
    asked = request.META.get("QUERY_STRING", "")
    if endpoint.points and len(asked) > LONG:
        admit(request)
    try:
        pairs = pairs_of(asked)
        if endpoint.takes_filters:
            return view(request, pairs, **names)
        values = values_of(pairs, endpoint.parameters)
    except Wrong as wrong:
        if endpoint.points and wrong.kind.status in UNPAID:
            charge(request, PAGE)
        raise
    if endpoint.points:
        charge(request, endpoint.points)
    return view(request, values, **names)


@public
@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponseBase:
    """Below the API, but no address of it."""
    wrong = Wrong("not-found", "The API has no such address. /api/v1/ lists those there are.")
    return finished(request, wrong.response())
