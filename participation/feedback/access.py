"""Who may open which case, and what they may do with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from participation.feedback.models import Case
from participation.feedback.states import UNFINISHED, Kind, ReferralState, State, allowed
from portal.organisations.access import is_triager, leads, role_in, unit_ids

BY_MEMBERS = {
    "claim", "give_back", "route", "note", "reply", "ask", "refer", "accept_referral", "end_referral", "take_back",
    "close", "rule_out", "contact",
}  # fmt: skip
BY_LEADS = {"assign", "priority", "safety", "remove"}
BY_TRIAGERS = {
    "route", "note", "refer", "accept_referral", "end_referral", "take_back", "rule_out", "remove", "release",
    "priority", "safety", "contact",
}  # fmt: skip

TRANSITION_OF = {"end_referral": "pass_on"}
"""Verbs of the page whose transition has another name in states.py."""


def visible_case(user: Any, pk: int | str) -> Case:
    """The case, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Case.objects.visible_to(user).defer("search")
    related = ("topic", "unit__organisation", "unit__calendar", "assignee", "registered_by", "safety_confirmed_by")
    try:
        return rows.select_related(*related).get(pk=pk)
    except (Case.DoesNotExist, ValueError):
        raise Http404 from None


def granted(user: Any, case: Case) -> set[str]:
    """The verbs the user's role gives them on this case, whatever its state."""
    verbs: set[str] = set()
    if not user.has_perm("feedback.change_case") or case.disposed_at is not None:
        return verbs
    if role_in(user, case.unit_id):
        verbs |= BY_MEMBERS
    if leads(user, case.unit_id):
        verbs |= BY_LEADS
    if is_triager(user) and (case.unit_id is None or role_in(user, case.unit_id)):
        verbs |= BY_TRIAGERS
    return verbs


def possible(user: Any, case: Case, referral: Any = None) -> set[str]:
    """Those of the granted verbs that the case's state allows now; `referral` is the one under way, if any."""
    return {verb for verb in granted(user, case) if _fits(verb, user, case, referral)}


def _fits(verb: str, user: Any, case: Case, referral: Any) -> bool:
    unfinished = case.state in UNFINISHED
    match verb:
        case "note" | "contact":
            return verb == "note" or case.has_contact
        case "claim":
            return case.state in (State.OPEN, State.WAITING) and case.holder is None
        case "give_back":
            return case.state in (State.OPEN, State.WAITING) and case.holder == user and case.assigned_until is not None
        case "assign":
            return unfinished and case.unit_id is not None
        case "priority":
            return unfinished
        case "safety":
            return unfinished and case.kind == Kind.DATA_CORRECTION and case.safety_confirmed_by_id is None
        case "accept_referral":
            return referral is not None and referral.state == ReferralState.SENT
        case "end_referral" | "take_back" if referral is None:
            return False
    return TRANSITION_OF.get(verb, verb) in allowed(case.state)


def may_assign_somewhere(user: Any) -> bool:
    """Does the user lead any unit?"""
    return any(leads(user, pk) for pk in unit_ids(user))


def led_units(user: Any) -> list[int]:
    """Ids of the units whose work the user hands out."""
    return [pk for pk in unit_ids(user) if leads(user, pk)]
