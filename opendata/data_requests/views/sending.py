"""Asking for data: the form and its confirmation."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opendata.data_requests import links
from opendata.data_requests.actions.intake import submit_request
from opendata.data_requests.forms import AskForm
from opendata.data_requests.models import DataRequest
from opendata.data_requests.suggesting import Suggestion, suggestions_for
from opendata.inventory.models import Asset
from portal.encryption import UnreadableValue, decrypt
from portal.http import public, public_form, throttled
from portal.references import secret_matches


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form. Sent well, it leads to the confirmation page; sent badly, it comes back with everything in it."""
    asset = _asset(request.GET.get("asset", ""))
    if request.method != "POST":
        return _show(request, AskForm(asset=asset))
    form = AskForm(request.POST, asset=asset)
    valid = form.is_valid()
    if throttled(request, "flood"):
        form.add_error(
            None,
            _("Very many messages come from your network. Nothing you wrote is lost: wait a little and send again."),
        )
        return _show(request, form, status=429)
    if not valid:
        return _show(request, form)
    if found := _suggestions(form):
        form.put("seen", "yes")
        return _show(request, form, suggestions=found, status=200)
    suspicion = form.suspicion(many=throttled(request, "submit"))
    done = submit_request(entry=form.entry(), form_token=form.form_token.text, suspicion=suspicion)
    return redirect(links.confirmation_url(done.asked, done.secret))


def _asset(key: str) -> Asset | None:
    """The row of the inventory the address names; none where the public knows of no such row."""
    if not (key.isascii() and key.isdecimal() and len(key) < 16):
        return None
    return Asset.objects.public().select_related("organisation", "unit", "dataset").filter(pk=key).first()


def _suggestions(form: AskForm) -> list[Suggestion]:
    """What may answer it already, shown once before it is sent."""
    if form.cleaned_data["seen"] or form.suspicion():
        return []
    if DataRequest.objects.filter(form_token=form.form_token.text).exists():
        return []
    return suggestions_for(form.cleaned_data["title"], form.asset)


def _show(
    request: HttpRequest, form: AskForm, *, suggestions: Sequence[Suggestion] = (), status: int = 422
) -> HttpResponse:
    context = {
        "form": form,
        "asset": form.asset,
        "suggestions": suggestions,
        "breadcrumbs": [{"label": _("Requests for data"), "url": reverse("data_requests:list")}],
    }
    return render(request, "opendata/data_requests/new.html", context, status=status if form.is_bound else 200)


@public
@never_cache
@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """What to keep and what happens next. The key in the address is the tracking secret, encrypted."""
    asked = DataRequest.objects.select_related("organisation").filter(reference=reference).first()
    secret = _secret(request.GET.get("key", ""))
    if asked is None or not secret_matches(secret, asked.secret_hash):
        raise Http404
    token = links.tracking_token(asked, links.AFTER_LOOKUP)
    context = {"asked": asked, "secret": secret, "tracking_token": token}
    return render(request, "opendata/data_requests/sent.html", context)


def _secret(key: str) -> str:
    try:
        return decrypt(key)
    except (UnreadableValue, InvalidToken, UnicodeEncodeError):
        return ""
