"""Reminding the leads of a unit of decisions to look at again and of late releases; of each due thing once."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from opendata.inventory.choices import Notice
from opendata.inventory.models import Asset, AssetQuerySet, Reminder
from portal.audit.actions import record
from portal.mail.actions import compose, hurry
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit
from portal.working_days.hours import is_open
from portal.working_days.models import Calendar

logger = logging.getLogger(__name__)
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = {Notice.REVIEW: "review_on", Notice.LATE: "release_on"}
"""The column that says when it was due."""


def remind(now: datetime | None = None) -> int:
    """Tell of everything due and not told of, within working hours; returns how many reminders were given.

    Looks at what is true now, so a stand-still only delays. What cannot be told is logged and holds up no other.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    waiting = [(pk, kind) for kind in Notice for pk in not_told(kind, today).values_list("pk", flat=True)]
    if not waiting or not is_open(Calendar.objects.default().working_hours(), now):
        return 0
    return sum(_tried(pk, kind, now) for pk, kind in waiting)


def not_told(kind: str, today: date) -> AssetQuerySet:
    """Assets of which something is due that nobody was told of for that day."""
    rows = Asset.objects.to_review(today) if kind == Notice.REVIEW else Asset.objects.late(today)
    told = Reminder.objects.filter(asset=OuterRef("pk"), kind=kind, due_on=OuterRef(DAY[Notice(kind)]))
    return rows.filter(~Exists(told)).order_by("pk")


def _tried(pk: int, kind: Notice, now: datetime) -> int:
    try:
        return _remind_once(pk, kind, now)
    except Exception:
        logger.exception("data asset %s could not be reminded of", pk)
        return 0


@transaction.atomic
def _remind_once(pk: int, kind: Notice, now: datetime) -> int:
    """Row and letters in one transaction; 0 where another worker has told, or nobody can be told yet."""
    rows = not_told(kind, timezone.localdate(now)).select_for_update(of=("self",), skip_locked=True)
    asset = rows.select_related("unit__organisation").filter(pk=pk).first()
    if asset is None or not (readers := _readers(asset.unit)):
        return 0
    due_on: Any = getattr(asset, DAY[kind])
    try:
        with transaction.atomic():
            Reminder.objects.create(asset=asset, kind=kind, due_on=due_on, at=now, recipients=len(readers))
    except IntegrityError:  # its row came between our look and our lock
        return 0
    path = reverse("admin:inventory_asset_change", args=[pk])
    context = {"asset": asset, "kind": kind.value, "due_on": due_on, "url": settings.SITE_URL + path}
    OutgoingMail.objects.bulk_create(
        compose(to=email, language=language, template="inventory/due", context=context, about=asset)
        for email, language in readers
    )
    record(verb="asset.reminded", subject=asset, data={"kind": kind, "due_on": due_on.isoformat()})
    hurry()
    return 1


def _readers(unit: Unit) -> list[tuple[str, str]]:
    """Addresses and languages of those who lead the unit and may decide; else of the unit itself."""
    leading = Membership.objects.filter(unit=unit, role__in=[Role.LEAD, Role.HEAD])
    entrusted = get_user_model().objects.with_perm("inventory.decide_asset", backend=BACKEND, include_superusers=False)
    people = entrusted.filter(pk__in=leading.values("user"), is_active=True).exclude(email="").order_by("pk")
    found = [(person.email, person.language) for person in people]
    return found or ([(unit.email, "ar")] if unit.email else [])
