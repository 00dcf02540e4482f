"""Answers that do not help, those with the largest share of "no" first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q

from participation.faq.models import Entry, Vote
from participation.faq.states import Reason

LEAST = 3
"""Fewer than so many "no" since somebody last dealt with them say nothing yet."""
MOST = 30
TEXTS = 8


@dataclass
class Row:
    """An entry with what its readers said since somebody last dealt with it; `seen` is the last vote shown."""

    entry: Entry
    no: int
    votes: int
    seen: int
    reasons: list[tuple[str, int]] = field(default_factory=list)
    texts: list[Vote] = field(default_factory=list)

    @property
    def share(self) -> int:
        """Percentage of readers the answer did not help."""
        return round(100 * self.no / self.votes)


def unhelpful(user: Any, *, limit: int = MOST) -> list[Row]:
    """The queue of the user's units, without the reasons."""
    mine = Entry.objects.published().visible_to(user)
    counts = Vote.objects.open().filter(entry__in=mine).order_by().values("entry")
    totals = counts.annotate(votes=Count("pk"), no=Count("pk", filter=Q(is_helpful=False)), seen=Max("pk"))
    worst = sorted(totals.filter(no__gte=LEAST), key=lambda row: (-row["no"] / row["votes"], -row["no"], row["entry"]))
    entries = Entry.objects.defer("search", "answer_ar", "answer_en").in_bulk([row["entry"] for row in worst[:limit]])
    return [Row(entries[row["entry"]], row["no"], row["votes"], row["seen"]) for row in worst[:limit]]


def with_reasons(rows: list[Row]) -> list[Row]:
    """Adds why: how often each reason was given, and the newest texts."""
    by_entry = {row.entry.pk: row for row in rows}
    votes = Vote.objects.open().filter(entry__in=by_entry, is_helpful=False)
    for entry, reason, count in votes.order_by().values_list("entry", "reason").annotate(Count("pk")):
        if reason:
            by_entry[entry].reasons.append((str(Reason(reason).label), count))
    for row in rows:
        row.reasons.sort(key=lambda pair: -pair[1])
    for vote in votes.exclude(text="").order_by("-pk")[: MOST * TEXTS * 4]:
        if len(by_entry[vote.entry_id].texts) < TEXTS:
            by_entry[vote.entry_id].texts.append(vote)
    return rows
