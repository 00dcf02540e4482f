"""The pages on which staff publish a commitment and add to its history; each is read before it is sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from participation.outcomes.actions import Conflict, change_status, publish_commitment
from participation.outcomes.models import Commitment, StatusChange
from participation.outcomes.reading import story
from participation.outcomes.staffside.forms import StatusForm
from portal.bilingual import LANGUAGE_CODES, in_language

FOLDER = "participation/outcomes/desk"
NAMES = {"ar": "العربية", "en": "English"}


def readings(template: str, make: Any) -> list[dict[str, str]]:
    """A template as readers of each language see it; `make()` gives its context and is called in that language."""
    found = []
    for code in LANGUAGE_CODES:
        with in_language(code):
            html = render_to_string(template, make())
        found.append({"code": code, "name": NAMES[code], "dir": "rtl" if code == "ar" else "ltr", "html": html})
    return found


def as_read(commitment: Commitment) -> list[dict[str, str]]:
    """The commitment as the public reads it."""
    return readings(f"{FOLDER}/reading.html", lambda: story(commitment))


def publish_page(request: HttpRequest, site: AdminSite, commitment: Commitment) -> HttpResponse:
    """What would be published, in both languages; sent, it is."""
    if commitment.is_published:
        return _back(commitment)
    if request.method == "POST":
        try:
            publish_commitment(commitment=commitment, by=request.user)
        except Conflict:
            return _back(commitment)
        messages.success(request, _("It is published, and everybody can follow what becomes of it."))
        return _back(commitment)
    context = {**_frame(request, site, commitment), "title": _("Check before publishing")}
    return render(request, f"{FOLDER}/publish.html", {**context, "readings": as_read(commitment)})


def status_page(request: HttpRequest, site: AdminSite, commitment: Commitment) -> HttpResponse:
    """The form, what it will look like, and then the new row."""
    if not commitment.is_published:
        return redirect("admin:outcomes_commitment_publish", commitment.pk)
    if request.method != "POST":
        return _show(request, site, commitment, StatusForm(initial=_now(commitment)))
    form = StatusForm(request.POST)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return _show(request, site, commitment, form, status=200 if form.is_valid() else 422)
    if form.cleaned_data["version"] != commitment.version:
        return _conflict(request, site, commitment, form)
    if request.POST.get("step") != "send":
        return _preview(request, site, commitment, form)
    values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        change_status(commitment=commitment, by=request.user, **values)
    except Conflict:
        commitment.refresh_from_db()
        return _conflict(request, site, commitment, form)
    messages.success(request, _("The history has a new entry, and everybody can read it."))
    return _back(commitment)


def _now(commitment: Commitment) -> dict[str, Any]:
    names = ("decision", "status", "due_on", "version")
    return {name: getattr(commitment, name) for name in names}


def _show(
    request: HttpRequest, site: AdminSite, commitment: Commitment, form: StatusForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_frame(request, site, commitment), "title": _("Change the status"), "form": form, **more}
    return render(request, f"{FOLDER}/status.html", context, status=status)


def _preview(request: HttpRequest, site: AdminSite, commitment: Commitment, form: StatusForm) -> HttpResponse:
    row = StatusChange(commitment=commitment, number=commitment.version + 1)
    for name, value in form.cleaned_data.items():
        if name != "version":
            setattr(row, name, value)
    if row.decision == "declined":
        row.status = ""
    context = {**_frame(request, site, commitment), "title": _("Check the new status before publishing"), "form": form}
    context["readings"] = readings("participation/outcomes/change.html", lambda: {"row": row})
    context["moved"] = row.due_on != commitment.due_on
    context["row"] = row
    return render(request, f"{FOLDER}/status_preview.html", context)


def _conflict(request: HttpRequest, site: AdminSite, commitment: Commitment, form: StatusForm) -> HttpResponse:
    """Somebody was quicker. What was typed stays, and goes on from what holds now."""
    data = request.POST.copy()
    data["version"] = str(commitment.version)
    latest = commitment.history.select_related("by").last()
    return _show(request, site, commitment, StatusForm(data), status=409, conflict=Conflict.message, latest=latest)


def _frame(request: HttpRequest, site: AdminSite, commitment: Commitment) -> dict[str, Any]:
    return {**site.each_context(request), "commitment": commitment, "opts": Commitment._meta}


def _back(commitment: Commitment) -> HttpResponse:
    return redirect("admin:outcomes_commitment_change", commitment.pk)
