"""Who of the staff may do what in the inventory."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from opendata.inventory.choices import Access, State
from opendata.inventory.models import Agency, Asset, Upload
from portal.organisations.access import role_in, unit_ids

Verbs = frozenset[str]


def visible_asset(user: Any, pk: int | str) -> Asset:
    """The asset, if the user may see it; else the same 404 as for one that does not exist."""
    try:
        return Asset.objects.visible_to(user).select_related("organisation", "unit").get(pk=pk)
    except (Asset.DoesNotExist, ValueError):
        raise Http404 from None


def own_upload(user: Any, pk: int) -> Upload:
    """The file, if it is of a unit in which the user may enter assets; else 404."""
    try:
        upload = Upload.objects.select_related("unit__organisation").get(pk=pk)
    except Upload.DoesNotExist:
        raise Http404 from None
    if not belongs(user, upload.unit_id):
        raise Http404
    return upload


def belongs(user: Any, unit_id: int | None) -> bool:
    """Does the user work in the unit, or administer the portal? Overseeing is not enough to change anything."""
    return user.is_superuser or role_in(user, unit_id) is not None


def may_edit(user: Any, asset: Asset) -> bool:
    """May the user change what the asset says?"""
    return user.has_perm("inventory.change_asset") and belongs(user, asset.unit_id)


def may_decide(user: Any, unit_id: int | None) -> bool:
    """May the user assess, schedule and withhold assets of the unit?"""
    return user.has_perm("inventory.decide_asset") and belongs(user, unit_id)


def may_describe(user: Any, agency: Agency) -> bool:
    """May the user write the agency's profile: whoever works in one of its units and may change agencies."""
    if not user.has_perm("inventory.change_agency"):
        return False
    return user.is_superuser or agency.organisation.units.filter(pk__in=unit_ids(user)).exists()


def possible(user: Any, asset: Asset) -> Verbs:
    """The steps the user may take with the asset as it is now."""
    if not may_decide(user, asset.unit_id):
        return frozenset()
    is_open = asset.access == Access.OPEN
    found = {
        State.INVENTORIED: {"assess"},
        State.ASSESSED: {"assess", "schedule" if is_open else "withhold"},
        State.SCHEDULED: {"schedule", "withhold", "reopen"},
        State.WITHHELD: {"confirm", "reopen"},
    }.get(State(asset.state), set())
    title = set() if is_open else {"show_title" if asset.hidden_ground else "redact_title"}
    return frozenset(found | title)
