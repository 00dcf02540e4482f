"""Writing the public log: one entry after another, each with the hash of the one before."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opendata.catalogue.models import DailyHead, LogEntry, Version
from opendata.trust import log, moments
from opendata.trust.canonical import canonical, sha256
from opendata.trust.keys import KeyRing

LOCK = 0x6D75_7368_6C6F_6701
"""Number of the advisory lock: one transaction at a time may add to the log."""


def append(*, kind: str, subject: str, version: Version | None = None, at: datetime | None = None) -> LogEntry:
    """Add an entry in the transaction of the act.

    The next one waits for the end of it, so that no number is used twice or left out.
    """
    _lock()
    last = LogEntry.objects.order_by("-sequence").first()
    named = {"version": version.number, "manifest_sha256": version.manifest_sha256} if version else {}
    found = log.entry(
        json.loads(last.entry) if last else None, at=at or timezone.now(), kind=kind, subject=subject, **named
    )
    return LogEntry.objects.create(
        sequence=found["sequence"], at=moments.read(found["at"]), version=version, entry=canonical(found).decode(),
        hash=sha256(found), previous_hash=found["previous"],
    )  # fmt: skip


def announce_keys(ring: KeyRing) -> int:
    """Put keys that came or went into the log, where it does not say so yet; returns how many entries that took.

    Call inside a transaction. Two that publish at once say it once: the second looks when the first is done.
    """
    _lock()
    about_keys = LogEntry.objects.filter(version=None).values_list("entry", flat=True)
    known = {(one["kind"], one["subject"]) for one in map(json.loads, about_keys)}
    added = 0
    for key in ring.keys:
        wanted = ["key_added", *(["key_retired"] if key.valid_until else [])]
        for kind in wanted:
            if (kind, key.kid) not in known:
                append(kind=kind, subject=key.kid)
                added += 1
    return added


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def entries() -> list[dict[str, Any]]:
    """The whole log, from its first entry on."""
    return [json.loads(entry) for entry in LogEntry.objects.order_by("sequence").values_list("entry", flat=True)]


@transaction.atomic
def sign_heads(ring: KeyRing, today: date | None = None) -> int:
    """Sign the head of every day that is over (in UTC) since the last one signed; returns how many.

    Days on which nothing happened have a head too, so that nobody can be shown a log that ends earlier.
    """
    _lock()
    first = LogEntry.objects.order_by("sequence").first()
    if first is None:
        return 0
    now = timezone.now()
    today = today or moments.read(moments.written(now)).date()
    newest = DailyHead.objects.order_by("-day").first()
    day = newest.day + timedelta(days=1) if newest else first.at.astimezone(UTC).date()
    signed = []
    while day < today:
        head = log.head(_last_of(day), day)
        signature = log.sign_head(head, ring, at=now)
        signed.append(DailyHead(day=day, sequence=head["sequence"], hash=head["sha256"], signature=signature))
        day += timedelta(days=1)
    DailyHead.objects.bulk_create(signed)
    return len(signed)


def _last_of(day: date) -> list[dict[str, Any]]:
    """The last entry up to the end of a day in UTC; none before the first one. Entries never go back in time."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    last = LogEntry.objects.filter(at__lt=end).order_by("-sequence").first()
    return [json.loads(last.entry)] if last else []
