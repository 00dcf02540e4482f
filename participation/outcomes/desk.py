"""The desk's panel: promises of my units that are overdue or fall due within two weeks."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from participation.outcomes.models import IN_SIGHT, Commitment
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

SHOWN = 10


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """One panel, or none where nothing is due."""
    units = unit_ids(request.user)
    if not units or not request.user.has_perm("outcomes.view_commitment"):
        return
    due = Commitment.objects.due_by(timezone.localdate() + IN_SIGHT).filter(unit__in=units)
    rows = list(due.select_related("unit").order_by("due_on", "id")[:SHOWN])
    if not rows:
        return
    yield Panel(
        key="commitments",
        title=_("Promises due"),
        template="participation/outcomes/desk/panel.html",
        context={"commitments": rows},
        count=str(due.count()) if len(rows) == SHOWN else str(len(rows)),
        url=reverse("admin:outcomes_commitment_changelist") + "?due=soon",
        is_urgent=rows[0].is_overdue,
    )
