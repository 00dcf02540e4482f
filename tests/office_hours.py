"""A week far ahead in the default calendar, and clocks that start in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from participation.feedback.models import Case
from portal.clocks import registry
from portal.clocks.models import Clock
from portal.clocks.scheduling import reckon
from portal.clocks.tables import timetables

MUSCAT = ZoneInfo("Asia/Muscat")
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def at(when: str, week: int = 0) -> datetime:
    """`at("tue 09:45")`: a moment of the week that begins on Sunday, 6 January 2030; seconds may follow."""
    day, clock = when.split()
    hour, minute, *second = (int(part) for part in clock.split(":"))
    sunday = datetime(2030, 1, 6, hour, minute, *second, tzinfo=MUSCAT)
    return sunday + timedelta(days=DAYS.index(day) + 7 * week)


@transaction.atomic
def begin(case: Case, when: datetime) -> Case:
    """Let the case and its open clocks begin at `when`, as if it had come in then."""
    clocks = list(Clock.objects.about("feedback.case", case.pk).open())
    for clock in clocks:
        clock.started_at = when
    tables = timetables(clocks)
    for clock in clocks:
        reckon(clock, tables[clock.pk])
    Clock.objects.bulk_update(clocks, ["started_at", "due_at", "next_action_at", "state"])
    Case.objects.filter(pk=case.pk).update(received_at=when, queue_at=None)
    registry.subject("feedback.case").sync([case.pk])
    case.refresh_from_db()
    return case
