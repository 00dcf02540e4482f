"""Following one's own request: reading it, withdrawing it, having the answer reconsidered."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opendata.data_requests import links
from opendata.data_requests.actions.asking import ask_reconsideration, withdraw_request
from opendata.data_requests.actions.moving import Conflict
from opendata.data_requests.choices import State
from opendata.data_requests.forms import ReconsiderForm
from opendata.data_requests.listing import answers_of
from opendata.data_requests.models import DataRequest
from opendata.data_requests.promises import answer_clock
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.http import public_form, throttled, too_many
from portal.references import secret_matches
from portal.tracking import TrackForm

NOBODY = "0" * 64


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for one's request. An unknown reference and a wrong proof get the same answer after the same work."""
    template = "opendata/data_requests/track.html"
    if request.method != "POST":
        form = TrackForm(initial={"reference": request.GET.get("reference", "")[:40]})
        return render(request, template, {"form": form})
    if throttled(request, "lookup"):
        return too_many(request)
    form = TrackForm(request.POST)
    if form.is_valid():
        asked = _find(form.cleaned_data["reference"], form.cleaned_data["proof"])
        if asked is not None:
            return redirect("data_requests:mine", token=links.tracking_token(asked, links.AFTER_LOOKUP))
        form.add_error(
            None,
            _("No request fits this reference together with this code, e-mail or telephone. Check both and try again."),
        )
    return render(request, template, {"form": form}, status=422)


def _find(reference: str, proof: str) -> DataRequest | None:
    asked = DataRequest.objects.filter(reference=reference, disposed_at=None).first()
    email, phone = blind_index(normalise_email(proof)), blind_index(normalise_phone(proof))
    matches = [
        secret_matches(proof, asked.secret_hash if asked else NOBODY),
        # An empty index says that no such contact was left; it must never equal another empty one.
        bool(email) and constant_time_compare(email, asked.email_index if asked else NOBODY),
        bool(phone) and constant_time_compare(phone, asked.phone_index if asked else NOBODY),
    ]
    return asked if any(matches) else None


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponseBase:
    """The request as its sender sees it. Opening the page changes nothing: mail scanners open every link."""
    asked = links.request_of(token)
    if asked is None:
        response = render(request, "opendata/data_requests/expired.html", status=404)
    elif request.method != "POST":
        response = _show(request, asked, token)
    else:
        response = _act(request, asked, token)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _act(request: HttpRequest, asked: DataRequest, token: str) -> HttpResponse:
    if throttled(request, "reply"):
        return too_many(request)
    try:
        match request.POST.get("do", ""):
            case "withdraw":
                withdraw_request(asked=asked)
                return _back(token, "withdrawn")
            case "reconsider":
                form = ReconsiderForm(request.POST)
                if not form.is_valid():
                    return _show(request, asked, token, form=form)
                ask_reconsideration(asked=asked, reason=form.cleaned_data["reason"])
                return _back(token, "reconsidering")
    except Conflict:
        fresh = links.request_of(token)
        if fresh is None:
            return render(request, "opendata/data_requests/expired.html", status=404)
        notice = _("This is no longer possible: the state of your request has changed. See below.")
        kept = ReconsiderForm(initial={"reason": request.POST.get("reason", "")[:4000]})
        return _show(request, fresh, token, notice=notice, kept=kept)
    raise Http404


def _back(token: str, done: str) -> HttpResponse:
    response = redirect("data_requests:mine", token=token)
    response.headers["Location"] += f"?done={done}"
    return response


def _done(key: str) -> str:
    return {
        "withdrawn": _("Your request was withdrawn. Nobody works on it any more."),
        "reconsidering": _(
            "The answer will be reconsidered, as you asked: somebody else than before looks at your request again."
        ),
    }.get(key, "")


def _show(
    request: HttpRequest, asked: DataRequest, token: str, *, form: ReconsiderForm | None = None, notice: str = "",
    kept: ReconsiderForm | None = None,
) -> HttpResponse:  # fmt: skip
    clock = answer_clock(asked) if asked.is_unfinished else None
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "reconsider_form": form or kept or ReconsiderForm(),
        "notice": notice,
        "done": "" if notice or form else _done(request.GET.get("done", "")),
        "answers": answers_of(asked),
        "events": asked.events.all(),
        "clock": clock if clock is not None and clock.is_open else None,
        "may_withdraw": asked.state in (State.RECEIVED, State.ACCEPTED),
        "may_reconsider": asked.reconsider_until is not None,
    }
    status = 409 if notice else 422 if form else 200
    return render(request, "opendata/data_requests/mine.html", context, status=status)
