"""Who of the staff may do what with which assessment."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from policies.assessment.actions import has_worked_on
from policies.assessment.models import Assessment
from policies.assessment.states import State
from portal.organisations.access import leads, unit_ids
from portal.organisations.models import Unit


def visible_assessment(user: Any, pk: int | str) -> Assessment:
    """The assessment, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Assessment.objects.visible_to(user)
    related = ("indicator_set", "organisation", "submitted_by", "decided_by")
    try:
        return rows.select_related(*related).get(pk=pk)
    except (Assessment.DoesNotExist, ValueError):
        raise Http404 from None


def _units(user: Any, assessment: Assessment) -> list[int]:
    """Units of the organisation in which the user works."""
    units = Unit.objects.filter(organisation=assessment.organisation_id, pk__in=unit_ids(user))
    return list(units.values_list("pk", flat=True))


def may_fill_in(user: Any, assessment: Assessment) -> bool:
    """May the user change the answers? Who works in the organisation and is entrusted with it, until it is sent."""
    if not assessment.is_filled_in or not user.has_perm("assessment.change_assessment"):
        return False
    return user.is_superuser or bool(_units(user, assessment))


def may_submit(user: Any, assessment: Assessment) -> bool:
    """May the user submit it? Whoever leads a unit of the organisation."""
    if not may_fill_in(user, assessment):
        return False
    return user.is_superuser or any(leads(user, unit) for unit in _units(user, assessment))


def may_review(user: Any, assessment: Assessment) -> bool:
    """May the user accept or return it? The authority's reviewers, but nobody who filled it in or submitted it."""
    if assessment.state != State.SUBMITTED or not user.has_perm("assessment.review_assessment"):
        return False
    return not has_worked_on(user, assessment)


def may_read_answers(user: Any, assessment: Assessment) -> bool:
    """May the user read the evidence? The organisation always, the authority what was submitted to it."""
    if user.is_superuser or _units(user, assessment):
        return True
    return assessment.state in (State.SUBMITTED, State.ACCEPTED) and user.has_perm("assessment.review_assessment")


def possible(user: Any, assessment: Assessment) -> set[str]:
    """The verbs the user may use on it as it is now."""
    verbs = {"submit"} if may_submit(user, assessment) else set()
    return verbs | ({"accept", "return"} if may_review(user, assessment) else set())
