"""The desk's panel: accounts of my units that somebody has to see to."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from participation.social.models import Account
from participation.social.states import Standing
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

SHOWN = 10


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """One panel, or none where every account is in order."""
    units = unit_ids(request.user)
    if not units or not request.user.has_perm("social.view_account"):
        return
    found = Account.objects.in_sight().filter(unit__in=units).select_related("unit").order_by("authorised_until", "id")
    rows = list(found[: SHOWN + 1])
    if not rows:
        return
    yield Panel(
        key="accounts",
        title=_("Social-media accounts to see to"),
        template="participation/social/desk/panel.html",
        context={"accounts": rows[:SHOWN]},
        count=str(len(rows)) if len(rows) <= SHOWN else f"{SHOWN}+",
        url=reverse("admin:social_account_changelist"),
        is_urgent=any(row.standing == Standing.EXPIRED for row in rows),
    )
