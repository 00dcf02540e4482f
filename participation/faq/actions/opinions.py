"""What readers say of an answer, and how often its question is asked. Counts are kept on the rows they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.faq.models import Entry, Match, Vote
from participation.faq.states import Outcome
from portal.audit.actions import record

COUNTERS = {True: "helpful_count", False: "unhelpful_count"}


@transaction.atomic
def vote(*, entry: Entry, key: str, is_helpful: bool, language: str) -> Vote:
    """Count one reader's opinion; the same `key` counts once, and may change its mind."""
    row, is_new = Vote.objects.get_or_create(
        key=key, defaults={"entry": entry, "is_helpful": is_helpful, "language": language}
    )
    if is_new:
        _count(row.entry_id, **{COUNTERS[is_helpful]: 1})
    elif Vote.objects.filter(pk=row.pk, is_helpful=not is_helpful).update(is_helpful=is_helpful, reason="", text=""):
        row.is_helpful = is_helpful
        _count(row.entry_id, **{COUNTERS[is_helpful]: 1, COUNTERS[not is_helpful]: -1})
    return row


def _count(entry_id: int, **steps: int) -> None:
    Entry.objects.filter(pk=entry_id).update(**{name: F(name) + step for name, step in steps.items()})


def explain_vote(*, key: str, reason: str, text: str) -> bool:
    """Keep why an answer did not help; the last word of the same reader holds. False where no such "no" is known."""
    return bool(Vote.objects.filter(key=key, is_helpful=False).update(reason=reason, text=text))


@transaction.atomic
def deal_with(*, entry: Entry, seen: int, by: Any) -> int:
    """Somebody acted on the opinions up to the vote `seen`; later ones stay. Returns how many there were."""
    rows = Vote.objects.open().filter(entry=entry, pk__lte=seen)
    if count := rows.update(dealt_at=timezone.now(), dealt_by=by):
        record(verb="faq.dealt_with", subject=entry, by=by, data={"count": count})
    return count


@transaction.atomic
def count_match(*, slugs: Iterable[str], outcome: Outcome, month: date | None = None) -> int:
    """Count that a message asked what these entries answer, and what became of it. Returns how many entries it knew."""
    first = (month or timezone.localdate()).replace(day=1)
    ids = list(Entry.objects.filter(slug__in=list(slugs)).order_by("pk").values_list("pk", flat=True))
    Match.objects.bulk_create((Match(entry_id=pk, month=first) for pk in ids), ignore_conflicts=True)
    Match.objects.filter(entry__in=ids, month=first).update(**{outcome: F(outcome) + 1})
    if outcome in (Outcome.SUGGESTED, Outcome.ASKED):
        Entry.objects.filter(pk__in=ids).update(asked_count=F("asked_count") + 1)
    return len(ids)
