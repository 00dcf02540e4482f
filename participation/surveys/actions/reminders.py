"""Owners who owe the public an outcome are told so, once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from participation.surveys import letters
from participation.surveys.kinds import Kind
from participation.surveys.models import Questionnaire
from portal.agenda import outcomes_of
from portal.audit.actions import record

AFTER = timedelta(days=14)


def remind_missing_outcomes() -> int:
    """Write to the owners of what closed two weeks ago and has neither findings nor an outcome; returns how many."""
    now = timezone.now()
    closed = Questionnaire.objects.scheduled().filter(
        closes_at__lte=now - AFTER, counted_at__isnull=False, findings_published_at=None, reminded_at=None
    )
    rows = list(closed.exclude(kind=Kind.SATISFACTION).select_related("unit"))
    known = outcomes_of([row.path for row in rows])
    return sum(_remind(row) for row in rows if row.path not in known)


@transaction.atomic
def _remind(row: Questionnaire) -> bool:
    now = timezone.now()
    if not Questionnaire.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
        return False
    assert row.closes_at is not None
    letters.to_owner(row, "outcome_missing", "outcome", days=(now - row.closes_at).days)
    record(verb="questionnaire.reminded", subject=row)
    return True
