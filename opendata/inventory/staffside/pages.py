"""The staff pages beside the form of an asset: its buttons, each with its own small form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from opendata.inventory.access import may_decide, possible, visible_asset
from opendata.inventory.actions.changing import Conflict, NotPossible
from opendata.inventory.models import Asset
from opendata.inventory.showing import dataset_url
from opendata.inventory.staffside.verb_forms import VerbForm
from opendata.inventory.staffside.verbs import ORDER, VERBS, Verb
from portal.audit.models import AuditEvent

ACT = "opendata/inventory/desk/act.html"


def panel(user: Any, asset: Asset) -> dict[str, Any]:
    """What the form shows beside the fields: what was decided, the buttons that would do something, the history."""
    verbs = possible(user, asset)
    return {
        "asset": asset,
        "is_public": asset.state != "inventoried",
        "dataset_url": dataset_url(asset),
        "verbs": [verb for verb in ORDER if verb.key in verbs],
        "events": list(AuditEvent.objects.about(asset).select_related("actor")),
    }


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponseBase:
    """Ask what a step needs to know, then take it. What no longer fits is said, and nothing typed is lost."""
    asset = visible_asset(request.user, pk)
    if key not in VERBS:
        raise Http404
    if not may_decide(request.user, asset.unit_id):
        raise PermissionDenied
    verb = VERBS[key]
    if request.method != "POST":
        if key not in possible(request.user, asset):
            messages.info(request, _("This step does not fit the data asset as it is now."))
            return _back(asset)
        return _ask(request, site, verb, verb.form(asset))
    form = verb.form(asset, request.POST)
    if not form.is_valid():
        return _ask(request, site, verb, form, 422)
    try:
        verb.perform(asset=asset, by=request.user, revision=form.cleaned_data["revision"], **form.arguments())
    except Conflict as error:
        return _again(request, site, verb, error)
    except NotPossible as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _ask(request, site, verb, form, 422)
    messages.success(request, str(verb.done))
    return _back(asset)


def _again(request: HttpRequest, site: AdminSite, verb: Verb, error: Conflict) -> HttpResponse:
    """Somebody was quicker: the form with all that was typed, and what changed since."""
    asset = visible_asset(request.user, request.resolver_match.kwargs["pk"])  # type: ignore[union-attr]
    typed = request.POST.copy()
    seen = str(typed["revision"])
    typed["revision"] = str(asset.revision)
    form = verb.form(asset, typed)
    form.add_error(None, str(error))
    since = int(seen) if seen.isdecimal() else 0
    events = AuditEvent.objects.about(asset).filter(data__revision__gt=since).select_related("actor")
    return _ask(request, site, verb, form, 409, events=list(events))


def _back(asset: Asset) -> HttpResponse:
    return redirect("admin:inventory_asset_change", asset.pk)


def _ask(
    request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": verb.label,
        "opts": Asset._meta,
        "asset": form.asset,
        "verb": verb,
        "form": form,
        **more,
    }
    return render(request, ACT, context, status=status)
