"""Who of the staff may do what with which policy. Editors write; a second person, who may publish, reviews."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from policies.pages.actions.reviewing import has_written
from policies.pages.models import Policy, PolicyVersion
from policies.pages.states import State
from portal.organisations.access import role_in


def visible_policy(user: Any, pk: int | str) -> Policy:
    """The policy, if the user may see it; else the same 404 as for one that does not exist."""
    try:
        return Policy.objects.visible_to(user).select_related("unit__organisation", "confirmed_by").get(pk=pk)
    except (Policy.DoesNotExist, ValueError):
        raise Http404 from None


def visible_version(user: Any, pk: int | str, *, lock: bool = False) -> PolicyVersion:
    """The same of a version; with `lock` nobody else changes it until this transaction ends."""
    related = ("policy__unit__organisation", "author", "editor", "reviewer")
    rows = PolicyVersion.objects.visible_to(user).select_related(*related)
    try:
        return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=pk)
    except (PolicyVersion.DoesNotExist, ValueError):
        raise Http404 from None


def belongs(user: Any, policy: Policy) -> bool:
    """Does the user work in the responsible unit, or administer the portal?"""
    return user.is_superuser or role_in(user, policy.unit_id) is not None


def may_write(user: Any, policy: Policy) -> bool:
    """May the user begin and change versions of this policy?"""
    return user.has_perm("pages.change_policyversion") and belongs(user, policy)


def may_publish(user: Any, policy: Policy) -> bool:
    """May the user review, approve, schedule, and find it still right?"""
    return user.has_perm("pages.publish_policyversion") and belongs(user, policy)


def granted(user: Any, version: PolicyVersion) -> set[str]:
    """The verbs the user's permissions give them on this version, whatever its state."""
    verbs: set[str] = set()
    if may_write(user, version.policy):
        verbs |= {"submit", "take_back"}
    if may_publish(user, version.policy):
        verbs |= {"return", "unschedule"}
        if not has_written(user, version):
            verbs.add("approve")
    return verbs


def possible(user: Any, version: PolicyVersion) -> set[str]:
    """Those of the granted verbs that would change something now."""
    fits = {
        State.DRAFT: {"submit"},
        State.IN_REVIEW: {"take_back", "return", "approve"},
        State.SCHEDULED: {"unschedule"},
    }
    return granted(user, version) & fits.get(version.state, set())
