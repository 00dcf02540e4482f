"""Counting: from single answers to totals, once a questionnaire (or a month of the standing one) is over."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from participation.surveys import results
from participation.surveys.kinds import Kind, State
from participation.surveys.models import Ballot, Questionnaire, Tally, Turnout
from participation.surveys.months import month_of, next_month, now_there, span, started_at
from participation.surveys.totals import DAYS, RECOUNT, STORE, TOTALS
from portal.audit.actions import record
from portal.audit.models import AuditEvent

logger = logging.getLogger(__name__)


def count_closed() -> int:
    """Count whatever is closed and not counted, and the months of the standing survey that are over; returns how many.

    What fails is logged and left for the next time; the others are counted all the same.
    """
    now = now_there()
    whole = Questionnaire.objects.to_count(now).exclude(kind=Kind.SATISFACTION)
    due: list[tuple[Questionnaire, date | None]] = [(row, None) for row in whole]
    for row in Questionnaire.objects.scheduled().filter(kind=Kind.SATISFACTION, counted_at=None, opens_at__lte=now):
        due += [(row, month) for month in uncounted_months(row, now)]
    done = sum(_tried(row, period) for row, period in due)
    for row in Questionnaire.objects.to_count(now).filter(kind=Kind.SATISFACTION):
        end_standing(questionnaire=row)
    return done


def _tried(questionnaire: Questionnaire, period: date | None) -> bool:
    try:
        return count(questionnaire=questionnaire, period=period)
    except Exception:  # one that cannot be counted must not keep the others from being
        logger.exception("questionnaire %s was not counted", questionnaire.pk)
        return False


def uncounted_months(questionnaire: Questionnaire, now: datetime) -> list[date]:
    """Months of a standing survey that are over, have ballots, and have not been counted.

    Where the survey itself is closed, its last month is over too.
    """
    if questionnaire.opens_at is None:
        return []
    counted = set(_respondents(questionnaire).values_list("period", flat=True))
    months, month = [], month_of(questionnaire.opens_at)
    while _is_over(questionnaire, month, now):
        if month not in counted and _ballots(questionnaire, month).exists():
            months.append(month)
        month = next_month(month)
    return months


def _is_over(questionnaire: Questionnaire, month: date, now: datetime) -> bool:
    closes_at = questionnaire.closes_at
    if closes_at is not None and closes_at <= now:
        return month <= month_of(closes_at)
    return started_at(next_month(month)) <= now


def _ballots(questionnaire: Questionnaire, month: date) -> Any:
    start, end = span(month)
    return Ballot.objects.filter(questionnaire=questionnaire, cast_hour__gte=start, cast_hour__lt=end)


def count(*, questionnaire: Questionnaire, period: date | None = None) -> bool:
    """Write the totals of a closed questionnaire, or of one month of the standing survey, and publish its results.

    Waits for ballots that are being stored and keeps later ones out. False where there is nothing to do: not over by
    the database's clock, withdrawn, or counted by somebody else.
    """
    with transaction.atomic():
        row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
        now = now_there()
        if not _is_due(row, period, now):
            return False
        _write_totals(row, period)
        respondents = sum(_respondents(row).values_list("count", flat=True))
        changes: dict[str, Any] = {"respondents": respondents} | ({} if period else {"counted_at": now})
        Questionnaire.objects.filter(pk=row.pk).update(**changes)
        row.refresh_from_db()
        results.publish(row, period)
        data = {"period": period.isoformat() if period else None}
        record(verb="questionnaire.counted", subject=row, data=data)
    return True


def _is_due(row: Questionnaire, period: date | None, now: datetime) -> bool:
    if row.state != State.SCHEDULED or row.counted_at is not None:
        return False
    if period is None:
        return row.kind != Kind.SATISFACTION and row.closes_at is not None and row.closes_at <= now
    return _is_over(row, period, now) and not _respondents(row).filter(period=period).exists()


@transaction.atomic
def end_standing(*, questionnaire: Questionnaire) -> bool:
    """Note that a satisfaction survey that was closed has all its months counted."""
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    now = now_there()
    is_closed = row.counted_at is None and row.closes_at is not None and row.closes_at <= now
    if not is_closed or uncounted_months(row, now):
        return False
    Questionnaire.objects.filter(pk=row.pk).update(counted_at=now, respondents=row.respondents or 0)
    return True


def _respondents(questionnaire: Questionnaire) -> Any:
    """The tallies of ballots as such."""
    return Tally.objects.filter(questionnaire=questionnaire, question=None)


def _write_totals(questionnaire: Questionnaire, period: date | None) -> None:
    values = _values(questionnaire, period)
    Tally.objects.filter(questionnaire=questionnaire, period=period).delete()
    days = Turnout.objects.filter(questionnaire=questionnaire)
    if period is not None:
        days = days.filter(day__gte=period, day__lt=next_month(period))
    days.delete()
    with connection.cursor() as cursor:
        # Thousands of answers may have come since PostgreSQL last looked; not knowing it, it plans badly.
        cursor.execute("ANALYZE surveys_ballot, surveys_answer")
        cursor.execute(STORE, values)
        cursor.execute(DAYS, values)


def _values(questionnaire: Questionnaire, period: date | None) -> dict[str, Any]:
    start, end = span(period)
    zone = settings.TIME_ZONE
    return {"questionnaire": questionnaire.pk, "period": period, "start": start, "end": end, "zone": zone}


def live_tallies(questionnaire: Questionnaire, period: date | None = None) -> list[Tally]:
    """What the totals would be now, unsaved: for an early look. Whoever may have one is settled in access.py."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, _values(questionnaire, period))
        names = [column.name for column in cursor.description]
        return [Tally(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Difference:
    """A total that does not agree with the single answers; `counted` is what is stored, `found` what is there."""

    period: date | None
    question: int | None
    row: int | None
    option: int | None
    value: str
    profile: tuple[str, str, str]
    counted: int
    found: int

    def __str__(self) -> str:
        said = "/".join(str(part) for part in (self.question, self.row, self.option, self.value) if part)
        told = ", ".join(part for part in self.profile if part)
        month = f"{self.period:%Y-%m} " if self.period else ""
        return f"{month}{said or 'ballots'} [{told}]: counted {self.counted}, found {self.found}"


def recount(questionnaire: Questionnaire) -> list[Difference]:
    """Every total that differs from the single answers; none where they agree, or where the answers are destroyed."""
    return [
        difference for period in counted_periods(questionnaire) for difference in recount_period(questionnaire, period)
    ]


def counted_periods(questionnaire: Questionnaire) -> list[date | None]:
    """What was counted and can be compared: the whole, or months of the standing survey."""
    if questionnaire.raw_destroyed_at is not None:
        return []
    if questionnaire.kind != Kind.SATISFACTION:
        return [None] if questionnaire.counted_at is not None else []
    months = set(_respondents(questionnaire).exclude(period=None).values_list("period", flat=True))
    return sorted(months - destroyed_months(questionnaire))


def destroyed_months(questionnaire: Questionnaire) -> set[date]:
    """Months of the standing survey whose single answers were destroyed, as the audit trail has it."""
    events = AuditEvent.objects.about(questionnaire).filter(verb="questionnaire.destroyed", data__has_key="period")
    periods = events.values_list("data__period", flat=True)
    return {date.fromisoformat(period) for period in periods if period}


def recount_period(questionnaire: Questionnaire, period: date | None) -> list[Difference]:
    """The differences of the whole (None), or of one month of the standing survey."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, _values(questionnaire, period))
        return [_difference(*row) for row in cursor.fetchall()]


def _difference(*row: Any) -> Difference:
    period, question, line, option, value, *profile, counted, found = row
    return Difference(period, question, line, option, value, (profile[0], profile[1], profile[2]), counted, found)
