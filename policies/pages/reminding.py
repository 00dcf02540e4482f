"""Telling the responsible unit that a policy is due for review: one letter for each day it falls due."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from policies.pages.models import PolicyVersion, ReviewReminder
from portal.audit.actions import record
from portal.bilingual import in_language
from portal.mail.actions import compose, hurry
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit
from portal.working_days.hours import is_open
from portal.working_days.models import Calendar

logger = logging.getLogger(__name__)

TOLD = [[Role.LEAD, Role.HEAD], [Role.OFFICER]]
"""Who is told: the first of these that somebody with an address holds in the unit, else the unit's own address."""


def remind_reviews(now: datetime | None = None) -> int:
    """Tell every unit that works at this moment of its reviews that are due and untold; returns how many were told of.

    Looks at what is true now, so a stand-still only delays. What cannot be told is logged and holds up no other.
    """
    now = now or timezone.now()
    due = [version for version in due_for_review(now) if version.policy.unit is not None]
    working = _working({version.policy.unit for version in due if version.policy.unit}, now)
    return sum(_tried(version, now) for version in due if version.policy.unit_id in working)


def due_for_review(now: datetime | None = None) -> list[PolicyVersion]:
    """The versions in force whose review is due, the longest due first."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    rows = PolicyVersion.objects.current(now).select_related("policy__unit").without_texts()
    found = [(row.review_due_on, row.pk, row) for row in rows if row.review_due_on and row.review_due_on <= today]
    return [row for _due, _pk, row in sorted(found, key=lambda each: each[:2])]


def _working(units: set[Unit], now: datetime) -> set[int]:
    """Ids of those units whose working hours it is."""
    if not units:
        return set()
    default = Calendar.objects.default().pk
    calendars = {unit.pk: unit.calendar_id or default for unit in units}
    hours = Calendar.objects.working_hours_by_calendar(calendars.values())
    return {pk for pk, calendar in calendars.items() if is_open(hours[calendar], now)}


def _tried(version: PolicyVersion, now: datetime) -> int:
    try:
        return _remind_once(version, now)
    except Exception:
        logger.exception("policy %s could not be reminded of", version.policy.slug)
        return 0


@transaction.atomic
def _remind_once(version: PolicyVersion, now: datetime) -> int:
    """Row and letters in one transaction; 0 where its day was told of already, or nobody can be told yet."""
    policy, due_on = version.policy, version.review_due_on
    readers = _readers(policy.unit)  # type: ignore[arg-type]
    if not readers or ReviewReminder.objects.filter(policy=policy, due_on=due_on).exists():
        return 0
    try:
        with transaction.atomic():
            ReviewReminder.objects.create(policy=policy, due_on=due_on, at=now, recipients=len(readers))
    except IntegrityError:  # another worker was quicker
        return 0
    path = reverse("admin:pages_policy_change", args=[policy.pk])
    OutgoingMail.objects.bulk_create(
        _letter(version, email, language, settings.SITE_URL + path) for email, language in readers
    )
    record(verb="policy.reminded", subject=policy, data={"due_on": due_on})
    hurry()
    return 1


def _letter(version: PolicyVersion, email: str, language: str, url: str) -> OutgoingMail:
    with in_language(language):
        context = {"title": str(version), "version": version, "url": url}
    return compose(to=email, language=language, template="pages/review_due", context=context, about=version.policy)


def _readers(unit: Unit) -> list[tuple[str, str]]:
    """Addresses and languages of those who are told."""
    members = Membership.objects.filter(unit=unit, user__is_active=True).exclude(user__email="").select_related("user")
    people = list(members.order_by("user_id"))
    for roles in TOLD:
        if found := [(member.user.email, member.user.language) for member in people if member.role in roles]:
            return found
    return [(unit.email, "ar")] if unit.email else []
