"""What others show of announcements: the feed "news" and the participation map."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from participation.news.models import Announcement
from portal.agenda import Latest, Tool
from portal.feeds.registry import FeedEntry, FeedTopic


def entries(limit: int) -> list[FeedEntry]:
    """The announcements that are current now, newest first."""
    rows = Announcement.objects.visible().newest_first().defer("body", "body_ar", "body_en")
    return [
        FeedEntry(
            key=f"news.announcement:{row.pk}",
            title=row.title,
            summary=row.summary,
            path=row.path,
            published_at=row.publish_at,  # type: ignore[arg-type]
            updated_at=row.revised_at,
        )
        for row in rows[:limit]
    ]


def latest() -> Latest | None:
    """The newest announcement."""
    newest = next(iter(entries(1)), None)
    return Latest(newest.title, newest.published_at, newest.path) if newest else None


TOPIC = FeedTopic(
    slug="news",
    title=_("News"),
    description=_("Announcements of the government bodies that answer on this portal."),
    page="news:list",
    entries=entries,
    position=10,
)
TOOL = Tool(
    key="news",
    title=_("News"),
    description=_("What has changed, what is planned, and what is open for your opinion."),
    url_name="news:list",
    action=_("Read the news"),
    position=60,
    latest=latest,
)
