"""The desk's panel of services: drafts to publish and entries nobody has confirmed for a year."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from policies.services.models import Service
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

MOST = 5
TEMPLATE = "policies/services/desk/panel.html"


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """One panel for those who may publish, or none where nothing waits."""
    user = request.user
    if not user.has_perm("services.publish_service") or not unit_ids(user):
        return
    waiting = Service.objects.drafts() | Service.objects.review_due()
    rows = waiting.filter(unit__in=unit_ids(user)).select_related("organisation").order_by("reviewed_on", "-id")
    found = list(rows[: MOST + 1])
    if found:
        count = str(len(found)) if len(found) <= MOST else f"{MOST}+"
        url = reverse("admin:services_service_changelist")
        yield Panel("services", _("Services to publish or review"), TEMPLATE, {"services": found[:MOST]}, count, url)
