"""Who may open which request, and what they may do with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from opendata.data_requests.actions.answering import answered_before
from opendata.data_requests.choices import UNFINISHED, WITH_UNIT, Outcome, State
from opendata.data_requests.models import DataRequest
from opendata.inventory import access as inventory_access
from portal.organisations.access import is_triager, leads, role_in

CHANGE = "data_requests.change_datarequest"
ANSWERS = frozenset(f"answer_{kind}" for kind in Outcome.values)
BY_MEMBERS = {"claim", "give_back", "accept", "word", "route", "merge", "contact", *ANSWERS}
BY_LEADS = {"assign", "remove"}
BY_TRIAGERS = {"accept", "route", "merge", "remove", "contact"}


def visible_request(user: Any, pk: int | str) -> DataRequest:
    """The request, if the user may see it; else the same 404 as for one that does not exist."""
    related = ("asset", "organisation", "unit__organisation", "unit__calendar", "assignee", "merged_into")
    try:
        return DataRequest.objects.visible_to(user).defer("search").select_related(*related).get(pk=pk)
    except (DataRequest.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None


def granted(user: Any, asked: DataRequest) -> set[str]:
    """The verbs the user's role gives them on this request, whatever its state."""
    verbs: set[str] = set()
    if not user.has_perm(CHANGE) or asked.disposed_at is not None:
        return verbs
    if role_in(user, asked.unit_id):
        verbs |= BY_MEMBERS
    if leads(user, asked.unit_id):
        verbs |= BY_LEADS
    if is_triager(user) and asked.unit_id is None:
        verbs |= BY_TRIAGERS
    return verbs


def possible(user: Any, asked: DataRequest) -> set[str]:
    """Those of the granted verbs that the request's state allows the user now."""
    verbs = {verb for verb in granted(user, asked) - ANSWERS if _fits(verb, user, asked)}
    return verbs | (granted(user, asked) & _answers(user, asked))


def _fits(verb: str, user: Any, asked: DataRequest) -> bool:
    match verb:
        case "contact":
            return asked.has_contact
        case "claim":
            return asked.state in UNFINISHED and asked.holder is None
        case "give_back":
            return asked.state in UNFINISHED and asked.holder == user and asked.assigned_until is not None
        case "assign" | "route":
            return asked.state in UNFINISHED
        case "accept":
            return asked.state == State.RECEIVED
        case "word":
            return asked.is_shown and asked.state != State.MERGED
        case _:
            return asked.state in (State.RECEIVED, State.ACCEPTED)


def _answers(user: Any, asked: DataRequest) -> set[str]:
    if asked.may_follow_up:
        kinds = {Outcome.RELEASED} if asked.outcome == Outcome.PARTLY else {Outcome.RELEASED, Outcome.PARTLY}
        return {f"answer_{kind}" for kind in kinds}
    if asked.state not in WITH_UNIT:
        return set()
    if asked.state == State.REVIEWING and user.pk in answered_before(asked):
        return set()
    return set(ANSWERS)


def may_schedule(user: Any, asked: DataRequest) -> bool:
    """May the user set the day of release of the asset it asks for?"""
    return asked.asset is not None and "schedule" in inventory_access.possible(user, asked.asset)
