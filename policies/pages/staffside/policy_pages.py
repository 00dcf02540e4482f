"""The staff pages of a policy: its versions, beginning a new one, finding it still right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.pages.access import may_publish, may_write, visible_policy
from policies.pages.actions.reviewing import confirm_policy
from policies.pages.actions.writing import start_version
from policies.pages.models import Policy, PolicyVersion
from policies.pages.staffside.policy_list import Versions
from portal.audit.models import AuditEvent

ASK = "policies/pages/desk/ask.html"


def panel(user: Any, found: Versions) -> dict[str, Any]:
    """What the form of a policy shows beside its fields."""
    policy, current = found.policy, found.current
    due = current.review_due_on if current else None
    return {
        "versions": found.listed,
        "current": current,
        "coming": found.coming,
        "due": due,
        "is_due": due is not None and due <= timezone.localdate(),
        "may_write": may_write(user, policy) and found.coming is None,
        "may_confirm": may_publish(user, policy) and current is not None,
        "events": list(AuditEvent.objects.about(policy).select_related("actor")),
    }


def new_version(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Begin a version as a copy of the one in force; where one is on its way already, that one opens."""
    policy = visible_policy(request.user, pk)
    if not may_write(request.user, policy):
        raise PermissionDenied
    if request.method == "POST":
        version, is_new = start_version(policy=policy, by=request.user)
        if not is_new:
            messages.info(request, _("This version was begun already; there is one at a time."))
        return redirect("admin:pages_policyversion_change", version.pk)
    hint = _("It begins as a copy of the version in force, which stays as it is until the new one is approved.")
    return _ask(request, site, policy, {"title": _("Write a new version"), "hint": hint})


def still_right(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Note that the policy was reviewed and needs no change."""
    policy = visible_policy(request.user, pk)
    if not may_publish(request.user, policy):
        raise PermissionDenied
    current = PolicyVersion.objects.current().filter(policy=policy).select_related("policy").first()
    if current is None:
        return _back(policy)
    seen = current.last_reviewed
    if request.method == "POST":
        if request.POST.get("seen") == _stamp(seen) and confirm_policy(version=current, by=request.user, seen=seen):
            messages.success(request, _("It was reviewed today. The public page says so."))
        else:
            messages.info(request, _("Nothing was changed: somebody else has just reviewed it."))
        return _back(policy)
    hint = _("By this you say that you have read the whole policy and that it is still right. Its public page shows "
             "today as the day of the last review.")  # fmt: skip
    context = {"title": _("Reviewed, still right"), "hint": hint, "seen": _stamp(seen), "current": current}
    return _ask(request, site, policy, context)


def _stamp(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def _back(policy: Policy) -> HttpResponseBase:
    return redirect("admin:pages_policy_change", policy.pk)


def _ask(request: HttpRequest, site: AdminSite, policy: Policy, context: dict[str, Any]) -> HttpResponseBase:
    current = PolicyVersion.objects.current().filter(policy=policy).without_texts().first()
    frame = {**site.each_context(request), "opts": Policy._meta, "policy": policy, "name": current or policy}
    return render(request, ASK, {**frame, **context})
