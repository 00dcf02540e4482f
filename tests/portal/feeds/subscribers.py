"""People who subscribe, and the letters they find in their mailbox."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.encryption import blind_index
from portal.feeds.digests import send_digests
from portal.feeds.models import Choice, Subscription
from portal.mail.models import OutgoingMail
from portal.working_days.models import Calendar

_numbers = itertools.count(1)
ADDRESS = "maryam@citizen.example"


def subscribed(
    *topics: str, language: str = "en", email: str = "", since: datetime | None = None, **fields: Any
) -> Subscription:
    """A confirmed subscription, a week old."""
    email = email or f"citizen{next(_numbers)}@citizen.example"
    since = since or timezone.now() - timedelta(days=7)
    found = Subscription.objects.create(
        email=email, email_index=blind_index(email), language=language, confirmed_at=since,
        looked_on=since.date() - timedelta(days=1), **fields,
    )  # fmt: skip
    Choice.objects.bulk_create(Choice(subscription=found, topic=topic, since=since) for topic in topics or ["news"])
    return found


def letters(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template=template).order_by("pk"))


def link(mail: OutgoingMail, name: str) -> str:
    """The path of the link of this name in a letter; the same in text and HTML."""
    (found,) = set(re.findall(rf"http://testserver(/\w\w/feeds/{name}/[^\s\"<>]+)", mail.text + mail.html))
    return str(found)


def working_morning(days_on: int = 0, hour: int = 8) -> datetime:
    """A moment on the office's clock of a working day from today on; `days_on` counts working days."""
    hours = Calendar.objects.default().working_hours()
    day = timezone.localdate()
    while True:
        if hours.on(day):
            if not days_on:
                return datetime(day.year, day.month, day.day, hour, tzinfo=hours.zone).astimezone(UTC)
            days_on -= 1
        day += timedelta(days=1)


def run(days_on: int = 0, hour: int = 8) -> int:
    """Send the digests as on a working day from today on."""
    return send_digests(working_morning(days_on, hour))


def sent() -> list[OutgoingMail]:
    """The digests written so far."""
    return letters("feeds/digest")
