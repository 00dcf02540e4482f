"""The page of a verb: ask before doing what a button says, then do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opendata.catalogue.access import granted, possible, visible_release
from opendata.catalogue.actions.changing import Conflict, Refused
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.models.datasets import TRANSLATED
from opendata.catalogue.staffside.verb_forms import VerbForm
from opendata.catalogue.staffside.verbs import VERBS, Verb
from opendata.catalogue.words.failures import refusal_words
from portal.bilingual import LANGUAGE_CODES
from portal.organisations.models import Governorate

ACT = "opendata/catalogue/staff/act.html"


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponseBase:
    """What is so already is left as it is; what was typed is shown again whatever happened meanwhile."""
    release = visible_release(request.user, pk)
    if key not in VERBS:
        raise Http404
    if key not in granted(request.user, release):
        raise PermissionDenied
    verb = VERBS[key]
    if key not in possible(request.user, release):
        return _nothing_to_do(request, site, release)
    seen = request.GET.get("seen", "")
    form = verb.form(release, request.POST if request.method == "POST" else None,
                     seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None)  # fmt: skip
    if not form.is_valid():
        return _ask(request, site, verb, form, status=422 if form.is_bound else 200)
    return _perform(request, site, verb, form)


def _perform(request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm) -> HttpResponseBase:
    try:
        done = verb.perform(form.release, request.user, form)
    except Refused as error:
        for reason in error.reasons:
            form.add_error(None, refusal_words(reason.code, reason.params))
        return _ask(request, site, verb, form, status=422)
    except Conflict as error:
        return _conflict(request, site, verb, form, str(error.message))
    if not done:
        return _nothing_to_do(request, site, form.release)
    messages.success(request, str(verb.done))
    return _back(form.release)


def _conflict(request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm, message: str) -> HttpResponseBase:
    """What was typed stays in the form; the release as it is now is a link away."""
    form.release.refresh_from_db()
    form.add_error(None, message)
    return _ask(request, site, verb, form, status=409)


def _nothing_to_do(request: HttpRequest, site: AdminSite, release: Release) -> HttpResponse:
    if typed := request.POST.get("because", "").strip():
        context = {**frame(request, site, release), "title": _("Nothing was changed"), "typed": typed}
        return render(request, "opendata/catalogue/staff/too_late.html", context, status=409)
    messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(release)


def _back(release: Release) -> HttpResponse:
    return redirect("admin:catalogue_release_change", release.pk)


def _ask(request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm, status: int) -> HttpResponse:
    context = {**frame(request, site, form.release), "title": verb.label, "verb": verb, "form": form}
    return render(request, ACT, context, status=status)


def frame(request: HttpRequest, site: AdminSite, release: Release) -> dict[str, Any]:
    """What every page about a release needs."""
    return {
        **site.each_context(request),
        "opts": Release._meta,
        "release": release,
        "chip": CHIPS[Stage(release.stage)],
        "said": said_of(release.dataset),
    }


def said_of(dataset: Any) -> list[dict[str, Any]]:
    """What is published together with the data, and approved with it: texts in both languages, licence, coverage."""
    texts = [
        {
            "label": capfirst(dataset._meta.get_field(name).verbose_name),
            "texts": [(code, getattr(dataset, f"{name}_{code}") or "") for code in LANGUAGE_CODES],
        }
        for name in TRANSLATED
    ]
    days = [date_format(day) if day else "…" for day in (dataset.covers_from, dataset.covers_until)]
    places = _(", ").join(str(Governorate(code).label) for code in dataset.governorates)
    facts = (
        (_("Licence"), dataset.get_licence_display()),
        (_("Time covered"), " – ".join(days) if dataset.covers_from or dataset.covers_until else _("Not stated")),
        (_("Places covered"), places or _("The whole country")),
        (pgettext("data", "Updated"), dataset.asset.get_frequency_display()),
    )
    return [*({"label": label, "value": value} for label, value in facts), *texts]


CHIPS = {
    Stage.UPLOADED: "info",
    Stage.READING: "info",
    Stage.UNREADABLE: "danger",
    Stage.REVIEW: "warning",
    Stage.APPROVAL: "warning",
    Stage.APPROVED: "info",
    Stage.BUILDING: "info",
    Stage.FAILED: "danger",
    Stage.PUBLISHED: "success",
    Stage.ABANDONED: "",
}
