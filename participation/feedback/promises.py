"""What the clocks need to know of cases, and what cases learn from their clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation.feedback import letters
from participation.feedback.models import Case
from participation.feedback.states import NOT_ROUTED, WITH_UNIT, Kind, Priority
from portal.clocks.models import Clock, Metric
from portal.clocks.registry import SubjectInfo


class CasePromises:
    """Cases as a subject of portal.clocks."""

    kind = "feedback.case"
    name = _("Cases")
    kinds = Kind.choices
    priorities = Priority.choices
    default_hours = [
        ("", "", Metric.ACKNOWLEDGE, 1),
        ("", "", Metric.FIRST_REPLY, 35),
        ("", "", Metric.RESOLUTION, 140),
        (Kind.COMPLAINT, "", Metric.FIRST_REPLY, 21),
        (Kind.COMPLAINT, "", Metric.RESOLUTION, 70),
        (Kind.INQUIRY, "", Metric.FIRST_REPLY, 14),
        (Kind.INQUIRY, "", Metric.RESOLUTION, 35),
        (Kind.PORTAL_PROBLEM, "", Metric.FIRST_REPLY, 2),
        (Kind.PORTAL_PROBLEM, "", Metric.RESOLUTION, 10),
        (Kind.DATA_CORRECTION, Priority.SAFETY, Metric.FIRST_REPLY, 4),
        (Kind.DATA_CORRECTION, Priority.SAFETY, Metric.RESOLUTION, 14),
        (Kind.BARRIER, "", Metric.ACKNOWLEDGE, 1),
        (Kind.BARRIER, "", Metric.FIRST_REPLY, 7),
        (Kind.BARRIER, "", Metric.RESOLUTION, 35),
    ]

    def describe(self, ids: Iterable[int]) -> Mapping[int, SubjectInfo]:
        cases = Case.objects.filter(pk__in=list(ids)).only("reference", "unit", "assignee", "assigned_until")
        return {
            case.pk: SubjectInfo(
                reference=case.reference,
                path=reverse("admin:feedback_case_change", args=[case.pk]),
                unit_id=case.unit_id,
                assignee_id=None if case.is_claim_over else case.assignee_id,
            )
            for case in cases
        }

    def sync(self, ids: Iterable[int]) -> None:
        """Copy the next due time and the level reached; a correction keeps the place in the queue it got first.

        The rows are locked first: of two that come from different clocks of one case the second reads what the
        first wrote.
        """
        ids = list(ids)
        list(Case.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))
        clocks = Clock.objects.open().filter(subject_kind=self.kind, subject_id=models.OuterRef("pk"))
        promised = clocks.exclude(metric=Metric.ACKNOWLEDGE)
        place = _aggregate(promised, models.Min("due_at"))
        queue_at = models.Case(
            models.When(
                models.Q(kind=Kind.DATA_CORRECTION) & ~models.Q(priority=Priority.SAFETY),
                then=Coalesce(models.F("queue_at"), place),
            ),
            default=place,
        )
        Case.objects.filter(pk__in=ids).update(
            due_at=_aggregate(clocks, models.Min("due_at")),
            escalation_level=Coalesce(_aggregate(clocks, models.Max("level")), 0),
            queue_at=queue_at,
        )

    def moved(self, moves: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        for case in Case.objects.filter(pk__in=moves, routed_at__isnull=False).select_related("unit", "topic"):
            old, new = moves[case.pk]
            if new is not None:
                letters.due_moved(case, old, new)

    def suspended_by_incident(self) -> Iterable[int]:
        states = (*NOT_ROUTED, *WITH_UNIT)
        corrections = Case.objects.filter(kind=Kind.DATA_CORRECTION, state__in=states)
        return corrections.exclude(priority=Priority.SAFETY).values_list("pk", flat=True)


def _aggregate(clocks: models.QuerySet[Clock], aggregate: Any) -> models.Subquery:
    return models.Subquery(clocks.order_by().values("subject_id").annotate(value=aggregate).values("value"))
