"""A case finds its unit: by the rules, by the page it was sent from, or by hand where neither fits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.feedback import letters
from participation.feedback.actions.moving import Conflict, lock_clocks, move
from participation.feedback.models import Case, RoutingRule
from participation.feedback.states import BEGINS_WITH, NOT_ROUTED, Kind, Priority
from portal.answerable import unit_for
from portal.clocks.actions import start_clocks, stop_clocks
from portal.clocks.models import Metric
from portal.organisations.models import Unit
from portal.search.folding import index_forms, query_forms

logger = logging.getLogger(__name__)
PROMISES = [Metric.FIRST_REPLY, Metric.RESOLUTION]
ABOUT_THE_PORTAL = (Kind.PORTAL_PROBLEM, Kind.BARRIER)
"""Kinds that are about the page itself, not about what it shows."""


@dataclass(frozen=True)
class Destination:
    """Where a case goes, and the rule that says so; without one it is because of the page it was sent from."""

    unit: Unit
    rule: RoutingRule | None = None


def route_waiting(limit: int = 500) -> int:
    """Route every received case, oldest first, each in its own transaction; returns how many were handled.

    Workers may run this side by side: a case another one holds is skipped, and a second run finds nothing.
    """
    handled = 0
    for pk in Case.objects.waiting_for_router().order_by("received_at", "pk").values_list("pk", flat=True)[:limit]:
        try:
            handled += route_by_rules(case_id=pk)
        except Exception:  # one case that cannot be routed must not hold up those behind it
            logger.exception("case %s could not be routed", pk)
    return handled


@transaction.atomic
def route_by_rules(*, case_id: int) -> bool:
    """Route one received case; False where another worker has or had it."""
    lock_clocks(case_id)
    case = (
        Case.objects.waiting_for_router().select_for_update(skip_locked=True, of=("self",)).filter(pk=case_id).first()
    )
    if case is None:
        return False
    _route(case)
    return True


def _route(case: Case) -> None:
    found = destination(case)
    if found is None:
        move(case, "hold")
    elif found.rule is None:
        route_case(case=case, unit=found.unit, because="page")
    else:
        route_case(case=case, unit=found.unit, priority=_priority(found.rule, case), rule=found.rule)


def destination(case: Case) -> Destination | None:
    """A rule written for corrections of data, else who answers for the page, else whichever rule fits; None: nobody.

    Somebody who writes from the page of a dataset expects those who hold the data to read it, whatever a rule for all
    complaints says; what is wrong with the page itself is not theirs.
    """
    rule = matching_rule(case)
    is_for_data = rule is not None and rule.kind == Kind.DATA_CORRECTION
    if case.page and not is_for_data and case.kind not in ABOUT_THE_PORTAL and (unit := _answering(case.page)):
        return Destination(unit)
    return Destination(rule.unit, rule) if rule else None


def _answering(page: str) -> Unit | None:
    """The unit that answers for the page, unless it is closed or nobody works there."""
    found = unit_for(page)
    if found is None:
        return None
    units = Unit.objects.active().filter(memberships__user__is_active=True).select_related("calendar")
    return units.filter(pk=found).first()


def _priority(rule: RoutingRule, case: Case) -> str:
    """The rule's, but one that was not written for this kind takes nothing from the priority the kind begins with."""
    return case.priority if not rule.kind and Kind(case.kind) in BEGINS_WITH else rule.priority


def matching_rule(case: Case) -> RoutingRule | None:
    """The first active rule, by position, whose every condition holds for the case."""
    rules = RoutingRule.objects.filter(is_active=True, unit__is_active=True).select_related("unit__calendar")
    forms = set(index_forms(case.text))
    return next((rule for rule in rules if _matches(rule, case, forms)), None)


def _matches(rule: RoutingRule, case: Case, forms: set[str]) -> bool:
    return (
        rule.kind in ("", case.kind)
        and rule.topic_id in (None, case.topic_id)
        and rule.governorate in ("", case.governorate)
        and (not rule.words or _mentions(rule.words, forms))
    )


def _mentions(wanted: str, forms: set[str]) -> bool:
    """Does one of the comma-separated words or phrases occur, whatever its article, ending or spelling?"""
    asked = (query_forms(phrase) for phrase in wanted.replace("،", ",").split(","))
    return any(groups and all(group & forms for group in groups) for groups in asked)


@transaction.atomic
def route_case(
    *,
    case: Case,
    unit: Unit,
    by: Any = None,
    priority: str | None = None,
    rule: RoutingRule | None = None,
    because: str = "",
    version: int | None = None,
) -> Case:
    """Put a case into a unit's queue: by a rule, or `by` somebody. Its first clock goes on; the old assignee is let go.

    `because`: another reason than a rule, a code of staffside.facts.ROUTED_BECAUSE.

    The citizen is told by when she will be answered once, when the case first reaches a unit.
    """
    first_time = case.routed_at is None
    if case.unit_id == unit.pk and case.state not in NOT_ROUTED:
        raise Conflict
    changes: dict[str, Any] = {"unit": unit, "assignee": None, "assigned_until": None}
    if first_time:
        changes["routed_at"] = timezone.now()
    if priority and case.priority != Priority.SAFETY:
        changes["priority"] = priority
        case.priority = priority
        changes["queue_rank"] = case.rank()
    data = {"unit": unit.code, "rule": rule.pk if rule else None, **({"because": because} if because else {})}
    move(case, "route", by=by, version=version, data=data, **changes)
    if first_time:
        stop_clocks(subject=case, metrics=[Metric.ACKNOWLEDGE], at=case.routed_at)
    start_clocks(subject=case, kind=case.kind, priority=case.priority, metrics=PROMISES, cycle=case.cycle,
                 started_at=case.reopened_at or case.received_at, calendar=unit.calendar)  # fmt: skip
    case.refresh_from_db()
    if first_time:
        letters.acknowledge(case)
    return case
