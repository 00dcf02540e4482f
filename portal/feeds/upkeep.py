"""What no longer matters is deleted: requests nobody confirmed, letters that arrived, notes of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.bilingual import LANGUAGE_CODES, in_language
from portal.feeds.actions import LIFETIME, forget_requests
from portal.feeds.digests import LOOKBACK, PER_TOPIC
from portal.feeds.letters import DIGEST
from portal.feeds.models import Delivery, SubscriptionRequest
from portal.feeds.registry import topics
from portal.mail.models import MailState, OutgoingMail
from portal.retention.registry import unheld

BATCH = 1000
KEEP_LETTERS = timedelta(days=7)
KEEP_FAILED_LETTERS = timedelta(days=30)


def tidy(now: datetime | None = None) -> None:
    """Delete all of it, a batch at a time; a second run does nothing."""
    now = now or timezone.now()
    discard_requests(now)
    delete_old_letters(now)
    prune_deliveries(now)


def discard_requests(now: datetime) -> int:
    """Delete requests, and with them addresses, that were not confirmed in time; returns how many."""
    old = SubscriptionRequest.objects.filter(requested_at__lt=now - LIFETIME)
    return _by_batches(old, forget_requests)


def delete_old_letters(now: datetime) -> int:
    """Delete digests sent a while ago: each is a copy of what is public, with an address on it."""
    sent = models.Q(state=MailState.SENT, sent_at__lt=now - KEEP_LETTERS)
    failed = models.Q(state=MailState.FAILED, created_at__lt=now - KEEP_FAILED_LETTERS)
    old = OutgoingMail.objects.filter(sent | failed, template=DIGEST)
    return _by_batches(old, lambda ids: OutgoingMail.objects.filter(pk__in=ids).delete()[0])


def _by_batches(old: models.QuerySet[Any], delete: Callable[[list[int]], int]) -> int:
    """Delete rows that no legal hold keeps; each batch asks anew, in its own transaction."""
    total = 0
    while True:
        with transaction.atomic():
            ids = list(unheld(old).order_by("pk").values_list("pk", flat=True)[:BATCH])
            total += delete(ids) if ids else 0
        if len(ids) < BATCH:
            return total


def prune_deliveries(now: datetime) -> int:
    """Delete notes of entries too old for any digest; returns how many.

    An entry that was given a later date may come up again, so its note is kept. Where a topic cannot be read nothing
    is known, and nothing is deleted.
    """
    oldest = now - LOOKBACK
    current = set()
    for language in LANGUAGE_CODES:
        with in_language(language):
            for topic in topics():
                current |= {each.key for each in topic.entries(PER_TOPIC) if each.published_at >= oldest}
    limit = timezone.localdate(oldest) - timedelta(days=1)
    old = Delivery.objects.filter(day__lt=limit).exclude(entry_key__in=current)
    return _by_batches(old, lambda ids: Delivery.objects.filter(pk__in=ids).delete()[0])
