"""The desk's panel of policies: what waits for review, and what is due to be reviewed again."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from policies.pages.models import PolicyVersion
from policies.pages.reminding import due_for_review
from policies.pages.states import Stage
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """For those who may review, of the policies of their units; an administrator sees those without a unit too."""
    user = request.user
    if not user.has_perm("pages.publish_policyversion") or not (user.is_superuser or unit_ids(user)):
        return
    units = set(unit_ids(user)) | ({None} if user.is_superuser else set())
    waiting = PolicyVersion.objects.visible_to(user).filter(stage=Stage.IN_REVIEW).select_related("policy", "author")
    versions = [row for row in waiting.without_texts() if row.policy.unit_id in units]
    due = [row for row in due_for_review() if row.policy.unit_id in units]
    if not versions and not due:
        return
    yield Panel(
        key="policies",
        title=_("Policies to review"),
        template="policies/pages/desk/panel.html",
        context={"versions": versions, "due": due},
        count=str(len(versions) + len(due)),
        url=reverse("admin:pages_policy_changelist"),
        is_urgent=bool(due),
    )
