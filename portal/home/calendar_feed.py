"""The calendar of participation for calendar programs (RFC 5545) and for machines (JSON)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe
from icalendar import Calendar, Event

from portal import agenda
from portal.agenda import Phase, Placed
from portal.http import public

KEPT = 300
"""Seconds a copy may be used without asking again."""


@public
@conditional_page
@require_safe
def ics(request: HttpRequest) -> HttpResponse:
    """Every activity that closes as one event from opening to closing; what stands open as the day it opens."""
    calendar = Calendar()
    for name, value in _head().items():
        calendar.add(name, value)
    for item in _everything():
        calendar.add_component(_event(item))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="participation-{get_language()}.ics"'
    patch_cache_control(response, public=True, max_age=KEPT)
    return response


@public
@conditional_page
@require_safe
def json(request: HttpRequest) -> HttpResponse:
    """`{language, title, url, activities: [...]}`, by opening time; texts are in the language of the address.

    Each activity: `key` (stable), `tool` and `tool_title`, `title`, `summary`, `held_by`, `url`, `phase` (upcoming,
    open, awaiting, done), `opens_at`, `closes_at` (null: it stands open), `outcome` (null, or title, url and
    published_at, which is null where the outcome stands on the page of the activity itself). Times are ISO 8601 in UTC.
    """
    response = JsonResponse(
        {
            "language": get_language(),
            "title": _("Calendar of participation"),
            "url": settings.SITE_URL + reverse("home:participation"),
            "activities": [_as_json(item) for item in _everything()],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, public=True, max_age=KEPT)
    return response


def _everything() -> list[Placed]:
    return agenda.placed(agenda.activities(), timezone.now())


def _head() -> dict[str, Any]:
    name = f"{_('Musharaka')}: {_('Calendar of participation')}"
    return {
        "PRODID": "-//Musharaka//Participation//" + str(get_language()).upper(),
        "VERSION": "2.0",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "NAME": name,
        "X-WR-CALNAME": name,
        "X-WR-TIMEZONE": settings.TIME_ZONE,
        "URL": settings.SITE_URL + reverse("home:participation"),
        "REFRESH-INTERVAL": timedelta(hours=6),
        "X-PUBLISHED-TTL": "PT6H",
    }


def _event(item: Placed) -> Event:
    activity = item.activity
    changed_at = activity.updated_at or activity.opens_at
    event = Event()
    # Stable for ever: a program that reads the calendar again changes its copy instead of adding one.
    event.add("UID", f"{activity.key.replace(':', '-')}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("DTSTAMP", changed_at)
    event.add("LAST-MODIFIED", changed_at)
    if activity.closes_at is None:
        event.add("DTSTART", timezone.localdate(activity.opens_at))
        event.add("SUMMARY", _("Opens: %(title)s") % {"title": activity.title})
    else:
        event.add("DTSTART", _utc(activity.opens_at))
        event.add("DTEND", _utc(activity.closes_at))
        event.add("SUMMARY", activity.title)
    event.add("DESCRIPTION", _description(item))
    event.add("URL", _absolute(activity.path))
    event.add("CATEGORIES", [_tool_title(activity.tool)])
    event.add("TRANSP", "TRANSPARENT")  # weeks in which one may vote are not weeks in which one is busy
    return event


def _description(item: Placed) -> str:
    activity = item.activity
    lines = [activity.summary]
    if activity.held_by:
        lines.append(_("Held for %(organisation)s.") % {"organisation": activity.held_by})
    if item.outcome:
        lines.append(_("What came of it: %(title)s") % {"title": item.outcome.title})
        lines.append(_absolute(item.outcome.path))
    lines.append(_absolute(activity.path))
    return "\n".join(line for line in lines if line)


def _as_json(item: Placed) -> dict[str, Any]:
    activity = item.activity
    return {
        "key": activity.key,
        "tool": activity.tool,
        "tool_title": _tool_title(activity.tool),
        "title": activity.title,
        "summary": activity.summary,
        "held_by": activity.held_by,
        "url": _absolute(activity.path),
        "phase": item.phase.value,
        "opens_at": _iso(activity.opens_at),
        "closes_at": _iso(activity.closes_at) if activity.closes_at else None,
        "outcome": _outcome_as_json(item),
    }


def _outcome_as_json(item: Placed) -> dict[str, Any] | None:
    if item.outcome:
        outcome = item.outcome
        return {"title": outcome.title, "url": _absolute(outcome.path), "published_at": _iso(outcome.published_at)}
    if item.phase == Phase.DONE:
        return {"title": item.activity.title, "url": _absolute(item.activity.path), "published_at": None}
    return None


def _tool_title(key: str) -> str:
    return next((str(tool.title) for tool in agenda.tools() if tool.key == key), key)


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}/{get_language()}{path}"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _iso(at: datetime) -> str:
    return _utc(at).isoformat().replace("+00:00", "Z")
