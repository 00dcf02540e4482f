"""The one way from a stored row to what anybody sees: pages, files and open figures all take it from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from participation.feedback.performance.models import MonthlyFigures, Part


class Withheld:
    """Stands where a figure is withheld; None stands where there is none."""

    def __str__(self) -> str:
        return _("withheld")

    def __bool__(self) -> bool:
        return False


WITHHELD = Withheld()
Values = dict[str, Any]
"""Figures by name."""
COUNTS = (
    "received", "acknowledged", "reopened", "withdrawn", "out_of_scope", "removed", "backlog", "backlog_late",
    "backlog_paused", "jumps", "safety_first", "first_replies", "resolutions", "ratings",
)  # fmt: skip
TIMES = ("median", "p90", "median_with_pauses", "p90_with_pauses")
PAUSES = ("paused_median", "paused_citizen", "paused_referral", "paused_incident", "paused_minutes")


def published(row: MonthlyFigures) -> Values:
    """Every figure of a row by name: a number, None where there is nothing to say, WITHHELD where it must not be said.

    Times are working hours, shares per cent, satisfaction the mean of ratings from 1 to 5.
    """
    values: Values = {name: getattr(row, name) for name in COUNTS}
    values |= _hidden_unless(row, Part.REPLIES, _promise(row, "first_replies", "replies", "reply"))
    settled = _promise(row, "resolutions", "resolutions", "resolution")
    pauses = {name.replace("_minutes", "_total"): hours(getattr(row, name)) for name in PAUSES}
    values |= _hidden_unless(row, Part.RESOLUTIONS, settled | {"paused": row.paused} | pauses)
    mean = round(row.rating_sum / row.ratings, 2) if row.ratings else None
    values |= _hidden_unless(row, Part.RATINGS, {"satisfaction": mean})
    return values if row.shows(Part.ALL) else dict.fromkeys(values, WITHHELD)


def _promise(row: MonthlyFigures, count: str, judged: str, time: str) -> Values:
    number, on_time, excused = (getattr(row, name) for name in (count, f"{judged}_on_time", f"{judged}_excused"))
    return {
        f"{judged}_on_time": on_time,
        f"{judged}_excused": excused,
        f"{judged}_late": number - on_time - excused,
        f"{judged}_within": share(on_time + excused, number),
        **{f"{time}_{name}": hours(getattr(row, f"{time}_{name}")) for name in TIMES},
    }


def _hidden_unless(row: MonthlyFigures, part: Part, values: Mapping[str, Any]) -> Values:
    return dict(values) if row.shows(part) else dict.fromkeys(values, WITHHELD)


def hours(minutes: int | None) -> float | None:
    """Working minutes as hours."""
    return None if minutes is None else round(minutes / 60, 2)


def share(some: int, number: int) -> float | None:
    """Per cent, with one decimal, rounded down: 100 is said of all only."""
    return (1000 * some // number) / 10 if number else None
