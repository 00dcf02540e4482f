"""From the facts of a month to its figures. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from participation.feedback.performance.facts import Facts, Run
from portal.clocks.models import PauseReason

SETS = (
    "received", "acknowledged", "reopened", "out_of_scope", "removed", "withdrawn", "backlog", "backlog_late",
    "backlog_paused", "jumps", "safety_first",
)  # fmt: skip


def figures(facts: Facts) -> dict[str, int | None]:
    """The columns of MonthlyFigures that these facts amount to."""
    return {
        "cases": len(facts.cases),
        **{name: len(facts.sets[name]) for name in SETS},
        "first_replies": len(facts.replies),
        **_judged("replies", facts.replies),
        **_times("reply", facts.replies),
        "resolutions": len(facts.resolutions),
        **_judged("resolutions", facts.resolutions),
        **_times("resolution", facts.resolutions),
        **_pauses(facts.resolutions),
        "ratings": len(facts.scores),
        "rating_sum": sum(score for _case, score in facts.scores),
    }


def _judged(name: str, runs: Sequence[Run]) -> dict[str, int]:
    return {
        f"{name}_on_time": sum(not run.is_late and not run.is_excused for run in runs),
        f"{name}_excused": sum(run.is_excused for run in runs),
    }


def _times(name: str, runs: Sequence[Run]) -> dict[str, int | None]:
    plain = [run.minutes for run in runs]
    whole = [run.minutes + run.paused_minutes for run in runs]
    return {
        f"{name}_median": at_most(plain, 0.5),
        f"{name}_p90": at_most(plain, 0.9),
        f"{name}_median_with_pauses": at_most(whole, 0.5),
        f"{name}_p90_with_pauses": at_most(whole, 0.9),
    }


def _pauses(runs: Sequence[Run]) -> dict[str, int | None]:
    spans = [run.paused_minutes for run in runs if run.paused_minutes]
    return {
        "paused": len(spans),
        "paused_median": at_most(spans, 0.5),
        **{f"paused_{reason}": sum(run.paused.get(reason, 0) for run in runs) for reason in PauseReason.values},
    }


def at_most(values: Sequence[int], share: float) -> int | None:
    """The smallest value that at least this share of the values do not exceed: one that really occurred."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(round(share * len(values), 9)) - 1)]
