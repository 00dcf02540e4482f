"""The list of announcements: current ones or the archive, narrowed by topic and year, with the links to do so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from participation.news.models import Announcement, AnnouncementQuerySet
from portal.organisations.models import Topic

PAGE_SIZE = 20


@dataclass(frozen=True)
class Choice:
    """What the reader asked for, from the address."""

    is_archive: bool
    topic: Topic | None
    year: int | None

    @classmethod
    def read(cls, query: QueryDict) -> Choice:
        """Raises Http404 for a topic or a year that cannot be."""
        topic = None
        if slug := query.get("topic"):
            topic = Topic.objects.filter(slug=slug).first()
            if topic is None:
                raise Http404
        year = query.get("year", "")
        if year and not re.fullmatch(r"2[01]\d\d", year, re.ASCII):
            raise Http404
        return cls(query.get("archive") == "1", topic, int(year) if year else None)

    @property
    def is_narrow(self) -> bool:
        """Whether the reader chose a topic or a year."""
        return self.topic is not None or self.year is not None

    def url(self, **changes: Any) -> str:
        """The address of the same list with some choices changed."""
        wanted = {"archive": self.is_archive, "topic": self.topic and self.topic.slug, "year": self.year} | changes
        if wanted["archive"]:
            wanted["archive"] = 1
        query = urlencode({name: value for name, value in wanted.items() if value})
        return reverse("news:list") + (f"?{query}" if query else "")


def listing(query: QueryDict, at: datetime | None = None) -> dict[str, Any]:
    """The context of the list page, in a fixed number of queries."""
    at = at or timezone.now()
    choice = Choice.read(query)
    every = Announcement.objects.expired(at) if choice.is_archive else Announcement.objects.visible(at)
    rows = every
    if choice.topic:
        rows = rows.filter(topic=choice.topic)
    if choice.year:
        rows = rows.filter(publish_at__year=choice.year)
    rows = rows.newest_first() if choice.is_archive else rows.pinned_first()
    return {
        "choice": choice,
        "page": _page(rows, query),
        "periods": _periods(choice),
        "topics": _topics(choice, every),
        "years": _years(choice, every),
        "archive_url": choice.url(archive=True, topic=None, year=None),
    }


def _page(rows: AnnouncementQuerySet, query: QueryDict) -> Page[Announcement]:
    shown = rows.select_related("topic", "unit").defer("body", "body_ar", "body_en")
    return Paginator(shown, PAGE_SIZE).get_page(query.get("page"))


def _link(label: Any, url: str, is_current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "current": is_current}


def _periods(choice: Choice) -> list[dict[str, Any]]:
    return [
        _link(pgettext("announcement", "Current"), choice.url(archive=False, year=None), not choice.is_archive),
        _link(_("Archive"), choice.url(archive=True, year=None), choice.is_archive),
    ]


def _topics(choice: Choice, rows: AnnouncementQuerySet) -> list[dict[str, Any]]:
    """Topics that have something in this list; none where there is nothing to choose."""
    found = list(Topic.objects.filter(pk__in=rows.order_by().values("topic")))
    if choice.topic and choice.topic not in found:
        found.append(choice.topic)
    if not found:
        return []
    links = [_link(topic, choice.url(topic=topic.slug), topic == choice.topic) for topic in found]
    return [_link(_("All topics"), choice.url(topic=None), choice.topic is None), *links]


def _years(choice: Choice, rows: AnnouncementQuerySet) -> list[dict[str, Any]]:
    """The years of the list, newest first, where there are several."""
    years = {moment.year for moment in rows.datetimes("publish_at", "year")} | ({choice.year} if choice.year else set())
    if len(years) < 2 and not choice.year:
        return []
    links = [_link(year, choice.url(year=year), year == choice.year) for year in sorted(years, reverse=True)]
    return [_link(_("All years"), choice.url(year=None), choice.year is None), *links]
