"""Requests as everybody reads them, and supporting one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opendata.data_requests import listing, supporters
from opendata.data_requests.actions.asking import support_request
from opendata.data_requests.actions.moving import Conflict
from opendata.data_requests.choices import State
from opendata.data_requests.models import DataRequest
from opendata.data_requests.promises import answer_clock
from portal.clocks.explanation import explain_clock
from portal.http import public, public_form, throttled, too_many
from portal.references import read_reference

NOT_SUPPORTED = (State.MERGED, State.WITHDRAWN, State.REMOVED)


@public
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    return render(request, "opendata/data_requests/list.html", listing.requests(request.GET))


@public
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponseBase:
    """One request: what was asked, by when it is answered, its history, its answers. Not worded yet: that alone."""
    canonical = read_reference(reference)
    if canonical is None:
        raise Http404
    if canonical != reference:
        return redirect("data_requests:request", canonical)
    asked = _asked(canonical)
    if not asked.is_shown:
        response = render(request, "opendata/data_requests/unlisted.html", {"asked": asked, **_crumbs()})
        response.headers["X-Robots-Tag"] = "noindex"
        return response
    return render(request, "opendata/data_requests/request.html", _context(request, asked))


def _asked(reference: str) -> DataRequest:
    rows = DataRequest.objects.select_related("organisation", "merged_into", "asset")
    unread = [*listing.PRIVATE, *(f"merged_into__{name}" for name in listing.PRIVATE)]
    asked = rows.defer(*unread).filter(reference=reference).first()
    if asked is None:
        raise Http404
    return asked


def _context(request: HttpRequest, asked: DataRequest) -> dict[str, Any]:
    clock = answer_clock(asked) if asked.is_unfinished else None
    return {
        "asked": asked,
        "events": asked.events.all(),
        "answers": listing.answers_of(asked),
        "clock": clock if clock is not None and clock.is_open else None,
        "merged_count": asked.merged.count(),
        "may_support": asked.state not in NOT_SUPPORTED,
        "done": _done(request.GET.get("done", "")),
        **_crumbs(),
    }


def _crumbs() -> dict[str, Any]:
    return {"breadcrumbs": [{"label": _("Requests for data"), "url": reverse("data_requests:list")}]}


def _done(key: str) -> str:
    return {
        "supported": _("Thank you: your support is counted."),
        "again": _("This browser supports the request already. It counts once."),
        "over": _("This request cannot be supported any more."),
    }.get(key, "")


@public
@require_safe
def due(request: HttpRequest, reference: str) -> HttpResponse:
    """Why it is due then: every hour counted, every closure skipped."""
    asked = _asked(reference)
    clock = answer_clock(asked) if asked.is_shown else None
    if clock is None:
        raise Http404
    context = {"asked": asked, "clock": clock, "rows": explain_clock(clock), **_crumbs()}
    return render(request, "opendata/data_requests/due.html", context)


@public_form
@never_cache
@require_POST
def support(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Count this browser once. It gets a cookie first and is sent here again: only what comes back with it counts."""
    asked = _asked(reference)
    if not asked.is_shown:
        raise Http404
    if throttled(request, "vote"):
        return too_many(request)
    identity = supporters.read_supporter(request)
    if identity is None:
        return _give_cookie(request, asked)
    try:
        counted = support_request(asked=asked, key=supporters.support_key(asked, identity))
    except Conflict:
        return _back(asked, "over")
    return _back(asked, "supported" if counted else "again")


class _SendAgain(HttpResponseRedirect):
    """Let the browser send the same form again, by itself."""

    status_code = 307


def _give_cookie(request: HttpRequest, asked: DataRequest) -> HttpResponse:
    if "again" in request.GET:
        return render(request, "opendata/data_requests/no_cookie.html", {"asked": asked, **_crumbs()}, status=422)
    response = _SendAgain(f"{request.path}?again=yes")
    supporters.set_supporter(response)
    return response


def _back(asked: DataRequest, done: str) -> HttpResponse:
    return redirect(f"{asked.get_absolute_url()}?done={done}")
