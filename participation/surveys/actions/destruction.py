"""Single answers are destroyed on schedule; the totals remain."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from participation.surveys import letters
from participation.surveys.actions.counting import destroyed_months, recount_period
from participation.surveys.kinds import Kind, State
from participation.surveys.models import Draft, Invitation, Questionnaire, Tally
from participation.surveys.months import next_month, now_there, span, started_at
from portal.audit.actions import record
from portal.retention.registry import unheld
from portal.satisfaction import LIFETIME

logger = logging.getLogger(__name__)


def destroy_due() -> int:
    """Destroy what is due: answers of closed questionnaires and of months of the standing one; returns how many.

    A legal hold keeps everything. Answers collected on behalf of others are kept until their receipt, and the owner is
    told once that it is missing.
    """
    now = now_there()
    done = 0
    for row in Questionnaire.objects.filter(raw_destroyed_at=None, legal_hold="").exclude(state=State.DRAFT):
        try:
            done += sum(destroy_raw(questionnaire=row, period=period) for period in _due(row, now))
        except Exception:  # one that fails must not keep the others
            logger.exception("answers of questionnaire %s were not destroyed", row.pk)
    return done


def _due(row: Questionnaire, now: datetime) -> list[date | None]:
    if row.kind == Kind.SATISFACTION:
        counted = Tally.objects.filter(questionnaire=row, question=None).values_list("period", flat=True)
        months = {period for period in counted if period is not None} - destroyed_months(row)
        return [month for month in sorted(months) if _falls_due(row, month) <= now]
    is_settled = row.counted_at is not None or row.state == State.WITHDRAWN
    return [None] if is_settled and row.closes_at is not None and _falls_due(row, None) <= now else []


def _falls_due(row: Questionnaire, period: date | None) -> datetime:
    """When the answers are to be destroyed. A link from an answered case opens for 90 days: as long as it does, the
    ballot that tells it was used has to stay."""
    days = timedelta(days=row.keep_raw_days)
    if period is not None:
        return started_at(next_month(period)) + max(days, LIFETIME)
    assert row.closes_at is not None
    return row.closes_at + days


def destroy_raw(*, questionnaire: Questionnaire, period: date | None = None, by: Any = None) -> bool:
    """Destroy the single answers of a questionnaire, or of a month of the standing one. False where they must stay.

    They stay under a legal hold, without a receipt where they belong to others, before they are due, and where the
    totals do not agree with them: then somebody has to look first.
    """
    with transaction.atomic():
        row = Questionnaire.objects.select_for_update(of=("self",)).select_related("unit").get(pk=questionnaire.pk)
        if row.legal_hold or row.raw_destroyed_at is not None or period not in _due(row, now_there()):
            return False
        if not unheld(Questionnaire.objects.filter(pk=row.pk)).exists():
            return False
        if not _is_received(row, period):
            letters.to_owner(row, "receipt_missing", "receipt")
            return False
        if row.state != State.WITHDRAWN and recount_period(row, period):
            logger.error("questionnaire %s: totals differ from answers, which are therefore kept", row.pk)
            return False
        count = _delete(row, period)
        if row.kind != Kind.SATISFACTION:
            Questionnaire.objects.filter(pk=row.pk).update(raw_destroyed_at=now_there())
        data = {"ballots": count, **({"period": period.isoformat()} if period else {})}
        record(verb="questionnaire.destroyed", subject=row, by=by, data=data)
    return True


def _is_received(row: Questionnaire, period: date | None) -> bool:
    """Whether the organisation they belong to has said that it has them. Nothing is owed of what was withdrawn."""
    if row.on_behalf_of_id is None or row.state == State.WITHDRAWN:
        return True
    received = row.hand_overs.filter(received_at__isnull=False)
    return received.filter(made_at__gte=started_at(next_month(period))).exists() if period else received.exists()


def _delete(row: Questionnaire, period: date | None) -> int:
    start, end = span(period)
    values = {"questionnaire": row.pk, "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(DELETE_ANSWERS, values)
        cursor.execute(DELETE_BALLOTS, values)
        count = int(cursor.rowcount)
    if period is None:
        Draft.objects.filter(questionnaire=row).delete()
        Invitation.objects.filter(questionnaire=row).delete()
    return count


WHICH = """
    questionnaire_id = %(questionnaire)s
    AND (%(start)s::timestamptz IS NULL OR cast_hour >= %(start)s::timestamptz AND cast_hour < %(end)s::timestamptz)
"""
DELETE_ANSWERS = f"DELETE FROM surveys_answer USING surveys_ballot ballot WHERE ballot.id = ballot_id AND {WHICH}"  # noqa: S608
DELETE_BALLOTS = f"DELETE FROM surveys_ballot WHERE {WHICH}"  # noqa: S608 - constants only
