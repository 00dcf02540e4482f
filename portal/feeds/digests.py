"""The daily digest: once a working day, what is new on the topics somebody chose. Nothing empty, nothing twice.

Level-triggered: a run looks for subscriptions whose day is not decided yet, so a stand-still only delays. Several
runs share the work through SKIP LOCKED; letters and the rows that say what was sent are written in one transaction.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.bilingual import in_language
from portal.feeds.addresses import absolute, entry_address
from portal.feeds.collecting import known
from portal.feeds.documents import clean, line
from portal.feeds.letters import addressed, print_digest
from portal.feeds.models import Choice, Delivery, Subscription
from portal.feeds.registry import FeedEntry, FeedTopic
from portal.mail.actions import hurry
from portal.mail.models import OutgoingMail
from portal.working_days.models import Calendar

logger = logging.getLogger(__name__)

BATCH = 200
LOOKBACK = timedelta(days=21)
"""Older entries are in no digest. Longer than any run of holidays, and short, for as long it is kept what was sent."""
PER_TOPIC = 200
SHOWN = 20
"""Entries of a topic a letter lists; of more it says how many. Somebody may fill in a hundred questions in a day."""

Picked = tuple[tuple[str, tuple[FeedEntry, ...]], ...]
"""What one subscriber gets: the slugs of the topics, each with its entries. Many subscribers get the same."""
Printer = Callable[[str, Picked], OutgoingMail]


def send_digests(now: datetime | None = None) -> int:
    """Write the digests of the working day that has begun; returns how many. Before opening time it does nothing."""
    day = day_of_digest(now or timezone.now())
    written = 0
    if day is None:
        return written
    printer: Printer = lru_cache(maxsize=512)(_print)
    while True:
        try:
            handled, letters = _write_batch(day, printer, BATCH)
        except Exception:
            logger.exception("a batch of digests failed; trying them one by one")
            handled, letters = _write_singly(day, printer)
        written += letters
        if not handled:
            return written


def day_of_digest(now: datetime) -> date | None:
    """The day whose digest may be written at this moment: a working day from the opening of the office on."""
    hours = Calendar.objects.default().working_hours()
    local = now.astimezone(hours.zone)
    opens = min((interval.opens for interval in hours.on(local.date())), default=None)
    return local.date() if opens is not None and local.hour * 60 + local.minute >= opens else None


def _write_singly(day: date, printer: Printer) -> tuple[int, int]:
    """Handle each for itself, so that one that fails is set aside until tomorrow and holds up no other."""
    handled = written = 0
    waiting = Subscription.objects.not_looked_at(day).order_by("looked_on", "pk").values_list("pk", flat=True)
    for pk in list(waiting[:BATCH]):
        try:
            one, letters = _write_batch(day, printer, 1, only=pk)
            handled, written = handled + one, written + letters
        except Exception:
            logger.exception("the digest of subscription %s failed", pk)
            handled += Subscription.objects.not_looked_at(day).filter(pk=pk).update(looked_on=day)
    return handled, written


@transaction.atomic
def _write_batch(day: date, printer: Printer, size: int, only: int | None = None) -> tuple[int, int]:
    rows = Subscription.objects.not_looked_at(day).order_by("looked_on", "pk").select_for_update(skip_locked=True)
    if only is not None:
        rows = rows.filter(pk=only)
    subscriptions = list(rows[:size])
    if not subscriptions:
        return 0, 0
    desk = _Desk.for_subscriptions(subscriptions, day)
    letters, deliveries = [], []
    for subscription in subscriptions:
        picked = desk.pick(subscription)
        if not picked:
            continue
        printed = printer(subscription.language, picked)
        letters.append(addressed(printed, subscription, dedupe_key=_dedupe_key(subscription, day)))
        deliveries += [
            Delivery(subscription=subscription, entry_key=entry.key, day=day)
            for _slug, entries in picked
            for entry in entries
        ]
    Delivery.objects.bulk_create(deliveries)
    OutgoingMail.objects.bulk_create(letters)
    Subscription.objects.filter(pk__in=[each.pk for each in subscriptions]).update(looked_on=day)
    if letters:
        hurry()
    return len(subscriptions), len(letters)


def _dedupe_key(subscription: Subscription, day: date) -> str:
    return f"digest:{subscription.pk}:{day.isoformat()}"


@dataclass
class _Desk:
    """Everything needed to decide about a batch, read in a few queries."""

    since: dict[int, dict[str, datetime]]
    fresh: dict[tuple[str, str], list[FeedEntry]]
    order: list[FeedTopic]
    sent: dict[int, set[str]]
    done: set[int]

    @classmethod
    def for_subscriptions(cls, subscriptions: list[Subscription], day: date) -> _Desk:
        since: dict[int, dict[str, datetime]] = defaultdict(dict)
        choices = Choice.objects.filter(subscription__in=subscriptions)
        for pk, topic, moment in choices.values_list("subscription", "topic", "since"):
            since[pk][topic] = moment
        order = known(slug for topics in since.values() for slug in topics)
        fresh = fresh_entries(order, {each.language for each in subscriptions})
        sent: dict[int, set[str]] = defaultdict(set)
        keys = {entry.key for entries in fresh.values() for entry in entries}
        told = Delivery.objects.filter(subscription__in=subscriptions, entry_key__in=keys)
        for pk, key in told.values_list("subscription", "entry_key"):
            sent[pk].add(key)
        by_key = {_dedupe_key(each, day): each.pk for each in subscriptions}
        written = OutgoingMail.objects.filter(dedupe_key__in=by_key).values_list("dedupe_key", flat=True)
        return cls(since, fresh, order, sent, {by_key[key] for key in written if key})

    def pick(self, subscription: Subscription) -> Picked:
        """What is new for somebody; an entry of two topics once. Nothing where the day's letter is written already."""
        if subscription.pk in self.done:
            return ()
        seen = set(self.sent[subscription.pk])
        picked = []
        for topic in self.order:
            since = self.since[subscription.pk].get(topic.slug)
            if since is None:
                continue
            candidates = self.fresh[topic.slug, subscription.language]
            entries = tuple(each for each in candidates if each.published_at > since and each.key not in seen)
            seen |= {each.key for each in entries}
            if entries:
                picked.append((topic.slug, entries))
        return tuple(picked)


def fresh_entries(topics: Iterable[FeedTopic], languages: Iterable[str]) -> dict[tuple[str, str], list[FeedEntry]]:
    """What is visible now and not too old, by topic and language. Read anew for each batch: an entry that is
    withdrawn while the digests are being written is in none of those that follow.

    A topic that cannot be read is logged and left out; its entries come with the next digest.
    """
    oldest = timezone.now() - LOOKBACK
    found = {}
    for language in sorted(languages):
        with in_language(language):
            for topic in topics:
                try:
                    with transaction.atomic():
                        entries = topic.entries(PER_TOPIC)
                except Exception:
                    logger.exception("the topic %s cannot be read", topic.slug)
                    entries = []
                found[topic.slug, language] = [each for each in entries if each.published_at >= oldest]
    return found


def _print(language: str, picked: Picked) -> OutgoingMail:
    """The letter for everybody who gets the same."""
    topics = {topic.slug: topic for topic in known(slug for slug, _entries in picked)}
    sections = [
        {
            "title": topics[slug].title,
            "url": absolute(topics[slug].page, language),
            "entries": [_row(each, language) for each in entries[:SHOWN]],
            "more": max(0, len(entries) - SHOWN),
        }
        for slug, entries in picked
    ]
    with in_language(language):
        html = render_to_string("mail/feeds/list.html", {"sections": sections})
        text = render_to_string("mail/feeds/list.txt", {"sections": sections}).strip()
    return print_digest(language, html=html, text=text, count=sum(len(entries) for _slug, entries in picked))


def _row(entry: FeedEntry, language: str) -> dict[str, object]:
    return {
        "title": line(entry.title),
        "summary": clean(entry.summary).strip(),
        "url": entry_address(entry.path, language),
        "at": entry.published_at,
    }
