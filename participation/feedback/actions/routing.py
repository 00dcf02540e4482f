"""A case finds its unit: by the rules, or by hand where no rule fits."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.feedback import letters
from participation.feedback.actions.moving import Conflict, lock_clocks, move
from participation.feedback.models import Case, RoutingRule
from participation.feedback.states import BEGINS_WITH, NOT_ROUTED, Kind, Priority
from portal.clocks.actions import start_clocks, stop_clocks
from portal.clocks.models import Metric
from portal.organisations.models import Unit
from portal.search.folding import index_forms, query_forms

logger = logging.getLogger(__name__)
PROMISES = [Metric.FIRST_REPLY, Metric.RESOLUTION]


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
    rule = matching_rule(case)
    if rule is None:
        move(case, "hold")
        return
    route_case(case=case, unit=rule.unit, priority=_priority(rule, case), rule=rule)


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
    version: int | None = None,
) -> Case:
    """Put a case into a unit's queue: by a rule, or `by` somebody. Its first clock goes on; the old assignee is let go.

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
    move(case, "route", by=by, version=version, data={"unit": unit.code, "rule": rule.pk if rule else None}, **changes)
    if first_time:
        stop_clocks(subject=case, metrics=[Metric.ACKNOWLEDGE], at=case.routed_at)
    start_clocks(subject=case, kind=case.kind, priority=case.priority, metrics=PROMISES, cycle=case.cycle,
                 started_at=case.reopened_at or case.received_at, calendar=unit.calendar)  # fmt: skip
    case.refresh_from_db()
    if first_time:
        letters.acknowledge(case)
    return case
