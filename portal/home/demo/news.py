"""Announcements of the demonstration: current, pinned, scheduled, past, a draft, and one taken down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from participation.news.models import Announcement
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.home.demo.content import load
from portal.home.demo.news_picture import stored_picture
from portal.organisations.models import Topic, Unit
from portal.staff.models import User

TEXTS = ("title", "summary", "body")
PLACE = re.compile(r"\{(\+\d+|\w+)\}")
HOUR = time(9, 0)
NOTICE = {"holiday": timedelta(days=12), "ramadan": timedelta(days=7)}
"""How long before a holiday, or Ramadan, its hours are announced."""
SPANS = {"ar": "من {} إلى {}", "en": "from {} to {}"}
ONE_DAY = {"ar": "يوم {}", "en": "on {}"}
DAY = "l j F Y"
FRIDAY, SATURDAY = 4, 5


@dataclass(frozen=True)
class When:
    """When an announcement came out and until when it holds, with the days its text names."""

    published: datetime
    ends: datetime | None
    days: dict[str, date]
    words: dict[str, dict[str, str]]


def tell_news(now: datetime | None = None) -> int:
    """Store what is missing; returns how many announcements were new. Known by their addresses."""
    now = now or timezone.now()
    known = set(Announcement.objects.values_list("slug", flat=True))
    people = {user.username: user for user in User.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    told = 0
    for row in load("news"):
        when = _when(row, now)
        if row["slug"] in known or ("anchor" in row and when is None):
            continue
        content = {"unit": units[row["unit"]], "topic": topics.get(row["topic"]), "author": people[row["author"]]}
        announcement = Announcement.objects.create(
            slug=row["slug"], **content, **_texts(row, when), **_dates(row, when, people), **_picture(row)
        )
        AuditEvent.objects.bulk_create(_events(announcement, now))
        told += 1
    return told


def _when(row: dict[str, Any], now: datetime) -> When | None:
    """None for a draft, and for a holiday of which the calendar knows none."""
    if "anchor" in row:
        return _anchored(row["anchor"], timezone.localdate(now))
    if "published" not in row:
        return None
    day = _working_day(timezone.localdate(now) + timedelta(days=row["published"]), ahead=row["published"] > 0)
    friday = _next_friday(timezone.localdate(now))
    ends = row.get("ends")
    last = friday + timedelta(days=1) if ends == "friday" else day + timedelta(days=ends) if ends else None
    return When(_at(day), _at(last) if last else None, {"friday": friday}, {})


def _anchored(anchor: str, today: date) -> When | None:
    """The latest holiday, or Ramadan, whose announcement is out by today."""
    calendar = load("calendar")
    rows = calendar["special_hours"] if anchor == "ramadan" else calendar["closures"]
    certain = [row for row in rows if row.get("status", "confirmed") == "confirmed"]
    begun = [row for row in certain if date.fromisoformat(row["first_day"]) - NOTICE[anchor] < today]
    if not begun:
        return None
    row = max(begun, key=lambda row: row["first_day"])
    first, last = (date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
    published = _working_day(first - NOTICE[anchor], ahead=False)
    words = {code: _words(row, first, last, code) for code in LANGUAGE_CODES}
    return When(_at(published), _at(last + timedelta(days=1)), {}, words)


def _words(row: dict[str, Any], first: date, last: date, code: str) -> dict[str, str]:
    """The name of a holiday, its hours if it has some, and its days."""
    with in_language(code):
        days = [date_format(day, DAY) for day in (first, last)]
    span = SPANS[code] if first < last else ONE_DAY[code]
    hours: dict[str, str] = {name: row[name] for name in ("opens", "closes") if name in row}
    return {"holiday": row[f"name_{code}"], "span": span.format(*days), **hours}


def _working_day(day: date, *, ahead: bool) -> date:
    """The day, or the nearest working day on that side of it."""
    while day.weekday() in (FRIDAY, SATURDAY):
        day += timedelta(days=1 if ahead else -1)
    return day


def _next_friday(today: date) -> date:
    """The first Friday at least two days away: maintenance is announced in time."""
    soonest = today + timedelta(days=2)
    return soonest + timedelta(days=(FRIDAY - soonest.weekday()) % 7)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, HOUR))


def _texts(row: dict[str, Any], when: When | None) -> dict[str, str]:
    """The texts with their days filled in, each in its language."""
    names = [*TEXTS, "image_alt"] if row.get("has_image") else TEXTS
    found: dict[str, str] = {}
    for code in LANGUAGE_CODES:
        with in_language(code):
            fill = partial(_filled, when, code)
            found |= {f"{name}_{code}": PLACE.sub(fill, row[f"{name}_{code}"]) for name in names}
    return found


def _filled(when: When | None, code: str, match: re.Match[str]) -> str:
    place = match[1]
    if place == "call_centre" or when is None:
        return str(settings.CALL_CENTRE)
    if place.startswith("+"):
        day = _working_day(timezone.localdate(when.published) + timedelta(days=int(place)), ahead=True)
        return date_format(day, DAY)
    return date_format(when.days[place], DAY) if place in when.days else when.words[code][place]


def _dates(row: dict[str, Any], when: When | None, people: dict[str, User]) -> dict[str, Any]:
    if when is None:
        return {}
    found = {
        "publish_at": when.published,
        "published_by": people[row["publisher"]],
        "expires_at": when.ends,
        "is_pinned": row.get("is_pinned", False),
        "created_at": when.published - timedelta(days=1),
        "updated_at": when.published - timedelta(hours=3),
    }
    return found | _taken_down(row, when, people)


def _taken_down(row: dict[str, Any], when: When, people: dict[str, User]) -> dict[str, Any]:
    if "hidden" not in row:
        return {}
    story = row["hidden"]
    at = when.published + timedelta(days=story["after"])
    return {
        "hidden_at": at, "hidden_by": people[story["by"]], "hidden_ground": story["ground"],
        "hidden_reason": story["reason"], "appealed_at": at + timedelta(hours=3),
        "appealed_by": people[row["author"]], "appeal_text": story["appeal"],
    }  # fmt: skip


def _picture(row: dict[str, Any]) -> dict[str, Any]:
    if not row.get("has_image"):
        return {}
    found = stored_picture()
    return {"image": found.attachment, "image_width": found.width, "image_height": found.height}


def _events(announcement: Announcement, now: datetime) -> Iterator[AuditEvent]:
    """The history the announcement would have."""
    told = [
        ("written", announcement.created_at, announcement.author),
        ("published", announcement.publish_at, announcement.published_by),
        ("pinned", announcement.publish_at if announcement.is_pinned else None, announcement.published_by),
        ("hidden", announcement.hidden_at, announcement.hidden_by),
        ("appealed", announcement.appealed_at, announcement.appealed_by),
    ]
    for verb, at, actor in told:
        if at is not None:
            scheduled = verb == "published" and at > now
            yield AuditEvent(
                at=min(at, now),
                actor=actor,
                verb=f"announcement.{'scheduled' if scheduled else verb}",
                subject_kind=announcement._meta.label_lower,
                subject_id=str(announcement.pk),
                data={},
            )
