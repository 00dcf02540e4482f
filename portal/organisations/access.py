"""Who may see what: everything a member of staff sees is scoped by their memberships."""

from __future__ import annotations

from typing import Any

from portal.organisations.models import Membership, Role


def unit_ids(user: Any) -> list[int]:
    """Ids of the units in which the user holds any role; asked once per request and kept on the user."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_roles_by_unit"):
        user._roles_by_unit = dict(Membership.objects.filter(user=user).values_list("unit_id", "role"))
        triage = Membership.objects.filter(user=user, unit__is_triage=True).exists() if user._roles_by_unit else False
        user._is_triager = triage
    return list(user._roles_by_unit)


def role_in(user: Any, unit_id: int | None) -> str | None:
    """The user's role in a unit, or None."""
    unit_ids(user)
    return getattr(user, "_roles_by_unit", {}).get(unit_id)


def is_triager(user: Any) -> bool:
    """Does the user work in the call centre, which sees what no rule could route?"""
    unit_ids(user)
    return getattr(user, "_is_triager", False)


def leads(user: Any, unit_id: int | None) -> bool:
    """May the user assign other people's work in this unit?"""
    return role_in(user, unit_id) in (Role.LEAD, Role.HEAD)
