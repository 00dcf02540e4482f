"""Reminding the responsible unit: of silence, and of an authorisation that ends or has ended; each once a date."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.social.models import Account, Reminder
from participation.social.states import Notice
from portal.audit.actions import record
from portal.mail.actions import compose, hurry
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit
from portal.working_days.hours import is_open
from portal.working_days.models import Calendar

logger = logging.getLogger(__name__)

TOLD = ([Role.LEAD, Role.HEAD], [Role.OFFICER])
"""Who is told: the first of these that somebody with an address holds in the unit, else the unit's own address."""


def remind(now: datetime | None = None) -> int:
    """Tell every unit that works at this moment; returns how many reminders were given.

    Looks at what is true now, so a stand-still only delays. What cannot be told is logged and holds up no other.
    """
    now = now or timezone.now()
    given = 0
    for kind in Notice:
        rows = list(Account.objects.not_told(kind, timezone.localdate(now)).select_related("unit"))
        working = _working({row.unit for row in rows}, now)
        given += sum(_tried(row.pk, kind, now) for row in rows if row.unit_id in working)
    return given


def _working(units: set[Unit], now: datetime) -> set[int]:
    """Ids of those units whose working hours it is."""
    if not units:
        return set()
    default = Calendar.objects.default().pk
    calendars = {unit.pk: unit.calendar_id or default for unit in units}
    hours = Calendar.objects.working_hours_by_calendar(calendars.values())
    return {pk for pk, calendar in calendars.items() if is_open(hours[calendar], now)}


def _tried(pk: int, kind: Notice, now: datetime) -> int:
    try:
        return _remind_once(pk, kind, now)
    except Exception:
        logger.exception("account %s could not be reminded of", pk)
        return 0


@transaction.atomic
def _remind_once(pk: int, kind: Notice, now: datetime) -> int:
    """Row and letters in one transaction; 0 where another worker has told, or nobody can be told yet."""
    rows = Account.objects.not_told(kind, timezone.localdate(now)).select_for_update(of=("self",), skip_locked=True)
    account = rows.select_related("unit").filter(pk=pk).first()
    if account is None or not (readers := _readers(account.unit)):
        return 0
    about_on = account.active_day if kind in (Notice.QUIET, Notice.INACTIVE) else account.authorised_until
    try:
        with transaction.atomic():
            Reminder.objects.create(account=account, kind=kind, about_on=about_on, at=now, recipients=len(readers))
    except IntegrityError:  # its row came between our look and our lock
        return 0
    path = reverse("admin:social_account_change", args=[pk])
    context = {"account": account, "kind": kind, "about_on": about_on, "url": settings.SITE_URL + path}
    OutgoingMail.objects.bulk_create(
        compose(to=email, language=language, template="social/reminder", context=context, about=account)
        for email, language in readers
    )
    record(verb="account.reminded", subject=account, data={"kind": kind, "about": about_on})
    hurry()
    return 1


def _readers(unit: Unit) -> list[tuple[str, str]]:
    """Addresses and languages of those who are told."""
    members = Membership.objects.filter(unit=unit, user__is_active=True).exclude(user__email="").select_related("user")
    people = list(members.order_by("user_id"))
    for roles in TOLD:
        if found := [(member.user.email, member.user.language) for member in people if member.role in roles]:
            return found
    return [(unit.email, "ar")] if unit.email else []
