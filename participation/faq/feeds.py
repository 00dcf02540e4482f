"""What feeds and the participation map tell of the questions."""

from __future__ import annotations

from django.db.models.functions import Greatest
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participation.faq.models import Entry, EntryQuerySet
from portal.agenda import Latest, Tool
from portal.feeds.registry import FeedEntry, FeedTopic
from portal.richtext import to_plain

SUMMARY_WORDS = 60


def newest(limit: int) -> list[FeedEntry]:
    """Published questions, newest first, in the active language."""
    rows = Entry.objects.published().defer("search").order_by("-published_at", "-pk")[:limit]
    return [_feed_entry(entry) for entry in rows]


def _feed_entry(entry: Entry) -> FeedEntry:
    assert entry.published_at is not None
    revised = entry.revised_at
    return FeedEntry(
        key=f"faq.entry:{entry.pk}",
        title=entry.question,
        summary=Truncator(to_plain(entry.answer)).words(SUMMARY_WORDS),
        path=_path(entry),
        published_at=entry.published_at,
        updated_at=revised if revised and revised > entry.published_at else None,
    )


def _path(entry: Entry) -> str:
    """Its address without the language prefix."""
    return f"/faq/{entry.slug}/"


def latest() -> Latest | None:
    """The question published or changed last."""
    rows: EntryQuerySet = Entry.objects.published().defer("search", "answer_ar", "answer_en")
    code = get_language() or "ar"
    entry = rows.annotate(moved_at=Greatest("published_at", f"revised_at_{code}")).order_by("-moved_at").first()
    return Latest(entry.question, entry.moved_at, _path(entry)) if entry else None  # type: ignore[attr-defined]


TOPIC = FeedTopic(
    slug="faq",
    title=_("Frequently asked questions"),
    description=_("New questions and answers, and answers that have changed."),
    page="faq:list",
    entries=newest,
    position=50,
)
TOOL = Tool(
    key="faq",
    title=_("Frequently asked questions"),
    description=_("The questions people ask most, answered by the units that know."),
    url_name="faq:list",
    action=_("Find an answer"),
    position=60,
    latest=latest,
)
