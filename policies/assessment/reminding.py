"""Reminding an organisation of the deadline: two weeks before it, and on the first working day after; each once."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from policies.assessment.models import Assessment, Reminder
from policies.assessment.states import Notice
from portal.audit.actions import record
from portal.mail.actions import compose, hurry
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Organisation, Role
from portal.working_days.hours import is_open
from portal.working_days.models import Calendar

logger = logging.getLogger(__name__)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def remind(now: datetime | None = None) -> int:
    """Tell every organisation that has not submitted, within working hours; returns how many reminders were given.

    Looks at what is true now, so a stand-still only delays. What cannot be told is logged and holds up no other.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    waiting = [
        (pk, kind) for kind in Notice for pk in Assessment.objects.not_told(kind, today).values_list("pk", flat=True)
    ]
    if not waiting or not is_open(Calendar.objects.default().working_hours(), now):
        return 0
    return sum(_tried(pk, kind, now) for pk, kind in waiting)


def _tried(pk: int, kind: Notice, now: datetime) -> int:
    try:
        return _remind_once(pk, kind, now)
    except Exception:
        logger.exception("assessment %s could not be reminded of", pk)
        return 0


@transaction.atomic
def _remind_once(pk: int, kind: Notice, now: datetime) -> int:
    """Row and letters in one transaction; 0 where another worker has told, or nobody can be told yet."""
    rows = Assessment.objects.not_told(kind, timezone.localdate(now)).select_for_update(of=("self",), skip_locked=True)
    assessment = rows.select_related("organisation", "indicator_set").filter(pk=pk).first()
    if assessment is None or not (readers := _readers(assessment.organisation)):
        return 0
    closes_on = assessment.indicator_set.closes_on
    try:
        with transaction.atomic():
            Reminder.objects.create(
                assessment=assessment, kind=kind, closes_on=closes_on, at=now, recipients=len(readers)
            )
    except IntegrityError:  # its row came between our look and our lock
        return 0
    path = reverse("admin:assessment_assessment_change", args=[pk])
    context = {"assessment": assessment, "kind": kind, "url": settings.SITE_URL + path}
    OutgoingMail.objects.bulk_create(
        compose(to=email, language=language, template="assessment/due", context=context, about=assessment)
        for email, language in readers
    )
    record(verb="assessment.reminded", subject=assessment, data={"kind": kind, "closes_on": closes_on})
    hurry()
    return 1


def _readers(organisation: Organisation) -> list[tuple[str, str]]:
    """Addresses and languages of those who lead there and may submit; else of the organisation itself."""
    leading = Membership.objects.filter(unit__organisation=organisation, role__in=[Role.LEAD, Role.HEAD])
    entrusted = get_user_model().objects.with_perm(
        "assessment.change_assessment", backend=BACKEND, include_superusers=False
    )
    people = entrusted.filter(pk__in=leading.values("user"), is_active=True).exclude(email="").order_by("pk")
    found = [(person.email, person.language) for person in people]
    return found or ([(organisation.email, "ar")] if organisation.email else [])
