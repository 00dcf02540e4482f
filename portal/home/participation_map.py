"""The participation map: every way to take part, and what is coming, open, awaiting its outcome and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import agenda
from portal.agenda import Phase, Placed
from portal.http import public

DONE_SHOWN = 10
DONE_PER_PAGE = 25


@public
@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    """The map and the calendar."""
    now = timezone.now()
    everything = agenda.placed(agenda.activities(), now)
    done = _newest_first(everything, Phase.DONE, now)
    context = {
        "tools": [_tool_card(tool) for tool in agenda.tools()],
        "open": _rows(_closing_first(everything), now),
        "upcoming": _rows([item for item in everything if item.phase == Phase.UPCOMING], now),
        "awaiting": _newest_first(everything, Phase.AWAITING, now),
        "done": done[:DONE_SHOWN],
        "done_count": len(done),
        "has_more_done": len(done) > DONE_SHOWN,
        "accounts": agenda.accounts(),
    }
    return render(request, "home/participation.html", context)


@public
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Everything that is closed and has its outcome."""
    now = timezone.now()
    rows = _newest_first(agenda.placed(agenda.activities(), now), Phase.DONE, now)
    page = Paginator(rows, DONE_PER_PAGE).get_page(request.GET.get("page"))
    breadcrumbs = [{"label": _("Take part"), "url": reverse("home:participation")}]
    return render(request, "home/participation_done.html", {"page": page, "breadcrumbs": breadcrumbs})


def _tool_card(tool: agenda.Tool) -> dict[str, Any]:
    latest = tool.latest()
    return {
        "title": tool.title,
        "description": tool.description,
        "action": tool.action,
        "url": reverse(tool.url_name),
        "latest": latest,
        "latest_url": _address(latest.path) if latest and latest.path else "",
    }


def _closing_first(everything: list[Placed]) -> list[Placed]:
    """What is open, the next to close first; what stands open comes last."""
    found = [item for item in everything if item.phase == Phase.OPEN]
    return sorted(found, key=lambda item: (item.activity.closes_at is None, item.activity.closes_at))


def _newest_first(everything: list[Placed], phase: Phase, now: datetime) -> list[dict[str, Any]]:
    """What has closed, the last to close first."""
    found = [item for item in everything if item.phase == phase]
    found.sort(key=lambda item: item.activity.closes_at or now, reverse=True)
    return _rows(found, now)


def _rows(found: list[Placed], now: datetime) -> list[dict[str, Any]]:
    titles = {tool.key: tool.title for tool in agenda.tools()}
    return [
        {
            "activity": item.activity,
            "tool": titles.get(item.activity.tool, ""),
            "url": _address(item.activity.path),
            "outcome": item.outcome,
            "outcome_url": _address(item.outcome.path) if item.outcome else "",
            "days_closed": _days_since(item.activity.closes_at, now),
        }
        for item in found
    ]


def _days_since(closed_at: datetime | None, now: datetime) -> int:
    """Days on the calendar since it closed; 0 for today, or where it has not."""
    if closed_at is None or closed_at > now:
        return 0
    return (timezone.localdate(now) - timezone.localdate(closed_at)).days


def _address(path: str) -> str:
    """The address of a bare path in the active language."""
    return f"/{get_language()}{path}"
