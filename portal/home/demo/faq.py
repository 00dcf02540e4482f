"""The questions and answers of the demonstration, with what readers said of them and how often they were asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from participation.faq.actions.editing import publish_entry, write_entry
from participation.faq.models import Entry, Match, Vote
from portal.bilingual import other_language
from portal.home.demo.content import load
from portal.organisations.models import Topic, Unit

DEALT_AFTER = timedelta(days=45)
MONTHS = 6
TEXTS = ("question_ar", "question_en", "answer_ar", "answer_en", "also_asked")


def tell_faq(now: datetime | None = None) -> int:
    """Store the entries that are missing; returns how many."""
    now = now or timezone.now()
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(Entry.objects.values_list("slug", flat=True))
    rows = [row for row in load("faq") if row["slug"] not in known]
    for number, row in enumerate(rows, start=1):
        texts = {name: row[name] for name in TEXTS}
        entry = Entry(slug=row["slug"], topic=topics[row["topic"]], unit=units[row["unit"]], position=number, **texts)
        write_entry(entry=entry, by=None)
        publish_entry(entry=entry, by=None)
        _give_history(entry, row, now)
    return len(rows)


def _give_history(entry: Entry, row: dict[str, Any], now: datetime) -> None:
    """As if it had been on the page since it was published."""
    dice = Random(f"faq {entry.slug}")  # noqa: S311 - dice, no secrets
    published_at = now - timedelta(days=row["days_ago"], hours=dice.randint(1, 6))
    moments = {"published_at": published_at, "revised_at_ar": published_at, "revised_at_en": published_at}
    if row["outdated"]:
        moments[f"revised_at_{other_language(row['outdated'])}"] = now - timedelta(days=6)
    Entry.objects.filter(pk=entry.pk).update(
        **moments,
        reviewed_at=now - timedelta(days=dice.randint(3, 40)),
        outdated=row["outdated"],
        helpful_count=row["helped"],
        unhelpful_count=row["did_not_help"],
        asked_count=row["asked"],
    )
    Vote.objects.bulk_create(_votes(entry, row, now, dice))
    Match.objects.bulk_create(_matches(entry, row, timezone.localdate(now), dice))


def _votes(entry: Entry, row: dict[str, Any], now: datetime, dice: Random) -> Iterator[Vote]:
    """Each opinion the counts speak of; those with a reason are the newest, old ones are dealt with."""
    why = row["why"]
    plain = [True] * row["helped"] + [False] * (row["did_not_help"] - len(why))
    for number, is_helpful in enumerate(plain):
        at = now - timedelta(days=dice.uniform(1, row["days_ago"]))
        yield Vote(
            entry=entry, key=f"demo-{entry.slug}-{number}", is_helpful=is_helpful, at=at,
            language=dice.choice(["ar", "ar", "en"]), dealt_at=now - DEALT_AFTER if at < now - DEALT_AFTER else None,
        )  # fmt: skip
    for number, said in enumerate(why):
        at = now - timedelta(days=dice.uniform(1, 20))
        yield Vote(entry=entry, key=f"demo-{entry.slug}-why-{number}", is_helpful=False, at=at, **said)


def _matches(entry: Entry, row: dict[str, Any], today: date, dice: Random) -> Iterator[Match]:
    """How often it was asked, over the last months; most people then found the answer or wrote all the same."""
    left, month = row["asked"], today.replace(day=1)
    for number in range(MONTHS, 0, -1):
        share = left if number == 1 else min(left, round(row["asked"] / MONTHS * dice.uniform(0.5, 1.5)))
        asked = share // 5
        suggested = share - asked
        answered = suggested * 2 // 5
        yield Match(
            entry=entry,
            month=month,
            suggested=suggested,
            asked=asked,
            answered=answered,
            sent=(suggested - answered) // 2,
        )
        left, month = left - share, (month - timedelta(days=1)).replace(day=1)
