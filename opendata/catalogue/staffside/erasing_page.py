"""The staff page on which the contents of a withdrawn version are destroyed: one asks, another one confirms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.catalogue.access import may_approve, may_upload, visible_version
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.erasing import ask_erasure, drop_erasure, erase_version
from opendata.catalogue.models import Erasure, Version
from opendata.catalogue.named_files import of_version, used
from opendata.catalogue.staffside.verb_forms import ARABIC, ENGLISH
from opendata.catalogue.words.failures import refusal_words
from portal.forms import CleanTextField, PortalForm

PAGE = "opendata/catalogue/staff/erase.html"
GROUND = gettext_lazy("The law or the ruling that wants it. The public reads it on the page of the version.")


class AskForm(PortalForm):
    """Why the contents have to be destroyed, and on which ground."""

    because = CleanTextField(
        label=gettext_lazy("Why must the contents be destroyed?"),
        max_length=600,
        help_text=gettext_lazy("Staff alone read it. Do not repeat any of the data."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    ground_ar = CleanTextField(
        label=gettext_lazy("Legal ground (Arabic)"), max_length=300, help_text=GROUND,
        widget=forms.Textarea(attrs=ARABIC),
    )  # fmt: skip
    ground_en = CleanTextField(
        label=gettext_lazy("Legal ground (English)"), max_length=300, help_text=GROUND,
        widget=forms.Textarea(attrs=ENGLISH),
    )  # fmt: skip


class ConfirmForm(PortalForm):
    """A button alone. `asked` is the wish its reader saw."""

    asked = forms.IntegerField(widget=forms.HiddenInput)


def may_see(user: Any, version: Version) -> bool:
    """May the user ask that its contents be destroyed, or decide about it?"""
    dataset = version.dataset
    return version.is_withdrawn and not version.is_erased and (may_upload(user, dataset) or may_approve(user, dataset))


def erase(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Ask for it; or, where somebody asked, do it or let the contents be kept."""
    version = visible_version(request.user, pk)
    if not (may_upload(request.user, version.dataset) or may_approve(request.user, version.dataset)):
        raise PermissionDenied
    if not version.is_withdrawn or version.is_erased:
        return _nothing_to_do(request, version)
    erasure = Erasure.objects.filter(version=version).select_related("asked_by").first()
    return _ask(request, site, version) if erasure is None else _decide(request, site, version, erasure)


def _ask(request: HttpRequest, site: AdminSite, version: Version) -> HttpResponseBase:
    if request.POST.keys() & {"asked", "drop"}:  # a decision about what is no longer asked for
        return _nothing_to_do(request, version)
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, site, version, form, status=422 if form.is_bound else 200)
    try:
        done = ask_erasure(version=version, by=request.user, **form.cleaned_data)
    except Refused as error:
        return _refused(request, site, version, form, error)
    if not done:
        return _nothing_to_do(request, version)
    messages.success(request, _("It is noted. Somebody else who may approve releases has to confirm it."))
    return _back(version)


def _decide(request: HttpRequest, site: AdminSite, version: Version, erasure: Erasure) -> HttpResponseBase:
    may_confirm = may_approve(request.user, version.dataset) and erasure.asked_by_id != request.user.pk
    if request.method == "POST" and not (may_confirm or erasure.asked_by_id == request.user.pk):
        raise PermissionDenied
    if "drop" in request.POST:
        if not drop_erasure(version=version, by=request.user):
            return _nothing_to_do(request, version)
        messages.success(request, _("The contents are kept."))
        return _back(version)
    form = ConfirmForm(request.POST if "asked" in request.POST else None, initial={"asked": erasure.pk})
    more = {"erasure": erasure, "may_confirm": may_confirm, "may_drop": may_confirm or not _is_others(request, erasure)}
    if not form.is_valid():
        return _page(request, site, version, form, status=409 if request.method == "POST" else 200, **more)
    try:
        done = erase_version(version=version, by=request.user, asked=form.cleaned_data["asked"])
    except Refused as error:
        return _refused(request, site, version, form, error, **more)
    if not done:
        return _nothing_to_do(request, version)
    messages.success(request, _("The contents are destroyed. The public page of the version says so."))
    return _back(version)


def _is_others(request: HttpRequest, erasure: Erasure) -> bool:
    return erasure.asked_by_id != request.user.pk


def _refused(
    request: HttpRequest, site: AdminSite, version: Version, form: forms.Form, error: Refused, **more: Any
) -> HttpResponse:
    for reason in error.reasons:
        form.add_error(None, refusal_words(reason.code, reason.params))
    return _page(request, site, version, form, status=422, **more)


def _nothing_to_do(request: HttpRequest, version: Version) -> HttpResponse:
    messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(version)


def _back(version: Version) -> HttpResponse:
    return redirect("admin:catalogue_version_change", version.pk)


def _page(
    request: HttpRequest, site: AdminSite, version: Version, form: forms.Form, *, status: int, **more: Any
) -> HttpResponse:
    held = of_version(version)
    shared = len(used(held, without=version))
    context = {
        **site.each_context(request),
        "opts": Version._meta,
        "version": version,
        "title": _("Destroy the contents of this version"),
        "form": form,
        "going": len(held) - shared,
        "shared": shared,
        **more,
    }
    return render(request, PAGE, context, status=status)
