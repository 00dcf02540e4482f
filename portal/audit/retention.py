"""How long the trail of what staff did is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEvent
from portal.retention.registry import Rule, before, days, register

TRAIL_DAYS = days("audit.trail", 10 * 365)


def events_due(at: datetime) -> QuerySet[AuditEvent]:
    """Events long past."""
    return AuditEvent.objects.filter(at__lt=before(at, TRAIL_DAYS))


def delete(events: QuerySet[AuditEvent]) -> int:
    """Delete these events."""
    return events.delete()[0]


TRAIL = Rule(
    "audit.trail", "audit.auditevent", ("actor", "verb", "subject_kind", "subject_id", "data"),
    title=_("Which member of staff did what, and when"),
    purpose=_("To be able to check who decided what, and who looked at contact details."),
    basis=_("Public servants answer for what they do. Names, contacts and texts of citizens are not in it."),
    days=TRAIL_DAYS, counted_from=_("the day it was done"),
    due=events_due, dispose=delete, about=("subject_kind", "subject_id"), goes_with_subject=False,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(TRAIL)
