"""The staff page of a version, and withdrawing it in two steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from opendata.catalogue.access import may_approve, may_withdraw, visible_version
from opendata.catalogue.actions.withdrawing import withdraw_version
from opendata.catalogue.models import Version
from opendata.catalogue.staffside import erasing_page
from opendata.catalogue.staffside.verb_forms import WithdrawForm
from portal.audit.models import AuditEvent

PAGE = "opendata/catalogue/staff/version.html"
WITHDRAW = "opendata/catalogue/staff/withdraw.html"


def show(request: HttpRequest, site: AdminSite, pk: int | str) -> HttpResponse:
    """What was published, and the way to withdraw it."""
    version = visible_version(request.user, pk)
    context = {
        **_frame(request, site, version),
        "title": str(version),
        "files": list(version.files.all()),
        "may_withdraw": may_withdraw(request.user, version),
        "may_erase": erasing_page.may_see(request.user, version),
        "events": list(AuditEvent.objects.about(version).select_related("actor")),
    }
    return render(request, PAGE, context)


def withdraw(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Ask for the reason; show what will happen and ask once more; then do it."""
    version = visible_version(request.user, pk)
    if not may_approve(request.user, version.dataset):
        raise PermissionDenied
    if version.is_withdrawn:
        messages.info(request, _("This version was withdrawn already."))
        return redirect("admin:catalogue_version_change", version.pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, site, version, form, is_second=False, status=422 if form.is_bound else 200)
    if "confirmed" not in request.POST:
        return _ask(request, site, version, form, is_second=True)
    if withdraw_version(version=version, by=request.user, **form.cleaned_data):
        messages.success(request, _("The version is withdrawn. Its public page says when and why."))
    return redirect("admin:catalogue_version_change", version.pk)


def _ask(
    request: HttpRequest, site: AdminSite, version: Version, form: WithdrawForm, *, is_second: bool, status: int = 200
) -> HttpResponse:
    left = (
        Version.objects.standing()
        .filter(dataset=version.dataset_id)
        .exclude(pk=version.pk)
        .order_by("-sequence")
        .first()
    )
    context = {
        **_frame(request, site, version),
        "title": _("Withdraw this version"),
        "form": form,
        "is_second": is_second,
        "is_latest": version.dataset.latest_id == version.pk,
        "left": left,
    }
    return render(request, WITHDRAW, context, status=status)


def _frame(request: HttpRequest, site: AdminSite, version: Version) -> dict[str, Any]:
    return {**site.each_context(request), "opts": Version._meta, "version": version}
