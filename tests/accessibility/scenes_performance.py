"""Service levels kept, in public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from participation.feedback.models import MonthlyFigures
from participation.feedback.performance.months import plus
from portal.organisations.models import Unit
from tests.accessibility.scenes import Scene, page, then
from tests.people import World


def figures(unit: Unit | None, month: date, **changes: Any) -> MonthlyFigures:
    values: dict[str, Any] = {
        "cases": 90, "received": 80, "acknowledged": 79, "reopened": 6, "first_replies": 70, "replies_on_time": 60,
        "replies_excused": 3, "reply_median": 300, "reply_p90": 1200, "reply_median_with_pauses": 330,
        "reply_p90_with_pauses": 1500, "resolutions": 50, "resolutions_on_time": 49, "resolution_median": 600,
        "resolution_p90": 2400, "resolution_median_with_pauses": 660, "resolution_p90_with_pauses": 3000, "paused": 9,
        "paused_median": 120, "paused_citizen": 900, "paused_referral": 300, "paused_incident": 60, "backlog": 20,
        "backlog_late": 8, "backlog_paused": 7, "ratings": 30, "rating_sum": 123, "jumps": 5, "safety_first": 5,
        "changed_at": timezone.now(),
    }  # fmt: skip
    return MonthlyFigures.objects.create(unit=unit, month=month, **values | changes)


def performance_scenes(world: World) -> Iterator[Scene]:
    """Service levels: before any month is over, then with figures, some of them withheld."""
    yield Scene("performance empty", page("performance/"))
    yield Scene("performance filled", then(lambda *_: months_of_figures(world), page("performance/")))
    yield Scene("performance of a year and month", page("performance/?year=2026&month=2026-09"))
    yield Scene("performance of a unit", page(f"performance/{world.licensing.code}/"))
    yield Scene("performance of a unit partly withheld", page(f"performance/{world.call_centre.code}/"))
    yield Scene("performance of a unit without figures", page(f"performance/{world.other_unit.code}/?year=2025"))


def months_of_figures(world: World) -> None:
    for index in range(6):
        if MonthlyFigures.objects.filter(unit=None, month=plus(date(2026, 10, 1), -index)).exists():
            return
        month = plus(date(2026, 10, 1), -index)
        figures(None, month, is_final=index > 1)
        figures(world.licensing, month, is_final=index > 1)
        figures(world.call_centre, month, is_final=index > 1, withheld=[["all"], ["replies", "ratings"], []][index % 3])
    figures(None, date(2025, 12, 1), is_final=True)
