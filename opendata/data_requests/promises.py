"""What the clocks need to know of requests for data, and what requests learn from their clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opendata.data_requests import letters
from opendata.data_requests.actions.history import tell
from opendata.data_requests.choices import Happened, Kind
from opendata.data_requests.models import DataRequest
from portal.clocks.models import Clock, Metric
from portal.clocks.registry import SubjectInfo

SUBJECT = "data_requests.datarequest"


class RequestPromises:
    """Requests for data as a subject of portal.clocks. Acknowledged is what was accepted; the first reply answers."""

    kind = SUBJECT
    name = _("Requests for data")
    kinds = Kind.choices
    priorities: tuple[tuple[str, Any], ...] = ()
    default_hours = (
        ("", "", Metric.ACKNOWLEDGE, 14),
        ("", "", Metric.FIRST_REPLY, 70),
        (Kind.RECONSIDERATION, "", Metric.FIRST_REPLY, 70),
    )

    def describe(self, ids: Iterable[int]) -> Mapping[int, SubjectInfo]:
        rows = DataRequest.objects.filter(pk__in=list(ids)).select_related("assignee")
        return {
            row.pk: SubjectInfo(
                reference=row.reference,
                path=reverse("admin:data_requests_datarequest_change", args=[row.pk]),
                unit_id=row.unit_id,
                assignee_id=row.assignee_id if row.holder else None,
            )
            for row in rows
        }

    def sync(self, ids: Iterable[int]) -> None:
        """Copy the next due time and the level reached, with the rows locked in one order."""
        ids = list(ids)
        rows = DataRequest.objects.filter(pk__in=ids)
        list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        clocks = Clock.objects.open().filter(subject_kind=self.kind, subject_id=models.OuterRef("pk"))
        rows.update(
            due_at=_aggregate(clocks, models.Min("due_at")),
            escalation_level=Coalesce(_aggregate(clocks, models.Max("level")), 0),
        )

    @transaction.atomic
    def moved(self, moves: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        """Say it in the public history, and to those who left an address."""
        for asked in DataRequest.objects.unfinished().filter(pk__in=moves):
            old, new = moves[asked.pk]
            if new is not None:
                tell(asked, Happened.MOVED, due=new)
                letters.due_moved(asked, old, new)

    def suspended_by_incident(self) -> Iterable[int]:
        return []


def _aggregate(clocks: models.QuerySet[Clock], aggregate: Any) -> models.Subquery:
    return models.Subquery(clocks.order_by().values("subject_id").annotate(value=aggregate).values("value"))


def answer_clock(asked: DataRequest) -> Clock | None:
    """The promise of an answer in the present cycle, if one was made."""
    clocks = Clock.objects.about(SUBJECT, asked.pk).filter(metric=Metric.FIRST_REPLY, cycle=asked.cycle)
    return clocks.select_related("calendar").first()


def answer_due(asked: DataRequest) -> datetime | None:
    """By when it is answered; None where nothing is promised or the clock stands still."""
    clock = answer_clock(asked)
    return clock.due_at if clock is not None and clock.is_open else None
