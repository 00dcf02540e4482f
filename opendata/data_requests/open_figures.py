"""Requests as a table for anyone: how many each agency got, what it answered, and how long that took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Max, OuterRef, Q, Subquery

from opendata.data_requests.choices import UNFINISHED, Outcome, State
from opendata.data_requests.models import DataRequest
from opendata.data_requests.promises import SUBJECT
from portal.clocks.models import Clock, ClockState, Metric
from portal.figures.registry import Column, OpenTable

COLUMNS = (
    Column("agency", "text", "رمز الجهة", "Agency code"),
    Column("agency_ar", "text", "الجهة بالعربية", "Agency in Arabic"),
    Column("agency_en", "text", "الجهة بالإنجليزية", "Agency in English"),
    Column("received", "integer", "الطلبات الواردة", "Requests received"),
    Column("waiting", "integer", "بانتظار الرد", "Waiting for an answer"),
    Column("released", "integer", "رُدّ عليها بالنشر", "Answered: released"),
    Column("planned", "integer", "رُدّ عليها بنشر مخطط", "Answered: release planned"),
    Column("partly", "integer", "رُدّ عليها بنشر جزئي", "Answered: partly released"),
    Column("not_held", "integer", "البيانات ليست لدى الجهة", "Answered: not held"),
    Column("refused", "integer", "مرفوضة", "Answered: refused"),
    Column("withdrawn", "integer", "سحبها أصحابها", "Withdrawn"),
    Column("merged", "integer", "دُمجت في طلب آخر", "Merged into another"),
    Column("in_time", "integer", "رُدّ عليها في موعدها", "Answered in time"),
    Column("late", "integer", "رُدّ عليها متأخرة", "Answered late"),
    Column("median_hours", "number", "وسيط ساعات العمل حتى الرد", "Median working hours to the answer"),
)
"""Counts of acts of agencies. What was taken out of view is left out: it is no request."""


def tables() -> Iterator[OpenTable]:
    """The table of requests, for portal.figures.registry."""
    newest = DataRequest.objects.aggregate(received=Max("received_at"), finished=Max("finished_at"))
    yield OpenTable(
        slug="data-requests",
        title_ar="طلبات البيانات بحسب الجهة",
        title_en="Requests for data by agency",
        description_ar="عدد طلبات البيانات لدى كل جهة، وبمَ رُدّ عليها، وكم من ساعات العمل استغرق الرد.",
        description_en="How many requests for data each agency got, what it answered, and in how many working hours.",
        columns=COLUMNS,
        rows=rows,
        updated_at=max(filter(None, newest.values()), default=None),
        frequency="daily",
    )


class _Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def rows() -> Iterator[tuple[Any, ...]]:
    """One row for each agency asked, in the order of the columns. One query."""
    clock = Clock.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), metric=Metric.FIRST_REPLY, cycle=1,
                                 state=ClockState.STOPPED)  # fmt: skip
    kept = DataRequest.objects.exclude(state=State.REMOVED).exclude(organisation=None).order_by()
    marked = kept.annotate(
        minutes=Subquery(clock.values("worked_minutes")[:1]),
        missed=Subquery(clock.filter(breached_at__isnull=False, excused_at__isnull=True).values("pk")[:1]),
    )
    judged = Q(minutes__isnull=False)
    counts: dict[str, Any] = {
        "received": Count("pk"),
        "waiting": Count("pk", filter=Q(state__in=UNFINISHED)),
        **{kind: Count("pk", filter=Q(state=State.ANSWERED, outcome=kind)) for kind in Outcome.values},
        "withdrawn": Count("pk", filter=Q(state=State.WITHDRAWN)),
        "merged": Count("pk", filter=Q(state=State.MERGED)),
        "in_time": Count("pk", filter=judged & Q(missed__isnull=True)),
        "late": Count("pk", filter=judged & Q(missed__isnull=False)),
        "median": _Median(F("minutes")),
    }
    names = ("organisation__code", "organisation__name_ar", "organisation__name_en")
    found = marked.values(*names).annotate(**{f"of_{name}": value for name, value in counts.items()})
    for row in found.order_by("organisation__code"):
        median = row.pop("of_median")
        yield (*(row[name] for name in names), *(row[f"of_{column.name}"] for column in COLUMNS[3:-1]),
               None if median is None else round(median / 60, 1))  # fmt: skip
