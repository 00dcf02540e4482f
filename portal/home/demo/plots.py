"""What may happen to a case, and when: plots made of steps, timed by the office's working hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from portal.working_days.hours import WorkingHours, due


@dataclass(frozen=True)
class Step:
    """One act: a verb of participation.feedback, when, and what it needs."""

    verb: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Pace:
    """The passing of time in one case. `promise` is the first reply's, in working minutes."""

    random: Random
    hours: WorkingHours
    at: datetime
    promise: int

    def working(self, low: float, high: float) -> datetime:
        """Go on by a share of the promise, in working time."""
        share = self.random.uniform(low, high) * self.promise
        self.at = due(self.hours, self.at, max(3.0, share)) or self.at
        self.at -= timedelta(seconds=self.random.randint(0, 50))
        return self.at

    def waiting(self, low: float, high: float) -> datetime:
        """Go on by some hours of a citizen's day, office or not."""
        self.at += timedelta(hours=self.random.uniform(low, high))
        return self.at


Steps = Iterator[Step]
Plot = Callable[[Pace], Steps]


def _answered(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("answer", pace.working(0.1, 0.75))
    yield from _rated(pace)


def _late(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("answer", pace.working(1.1, 1.6))
    yield from _rated(pace, worst=1, best=4)


def _slow(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("reply", pace.working(0.3, 0.7))
    yield Step("answer", pace.working(0.6, 1.8))
    yield from _rated(pace)


def _asked(pace: Pace) -> Steps:
    yield from _silent(pace)
    yield Step("hear", pace.waiting(4, 60))
    yield Step("answer", pace.working(0.1, 0.5))
    yield from _rated(pace)


def _silent(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("ask", pace.working(0.05, 0.3))


def _reopened(pace: Pace) -> Steps:
    yield from _still_open(pace)
    yield Step("answer", pace.working(0.2, 0.8))
    yield from _rated(pace, worst=3, best=5)


def _still_open(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("answer", pace.working(0.2, 0.8))
    yield from _rated(pace, worst=1, best=2)
    yield Step("reopen", pace.waiting(5, 70))


def _closed(pace: Pace) -> Steps:
    yield from _answered(pace)
    yield Step("close", pace.working(0.5, 1.5))


def _referred(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("refer", pace.working(0.1, 0.4))
    yield Step("accept", pace.working(0.2, 0.5))


def _passed_on(pace: Pace) -> Steps:
    yield from _referred(pace)
    yield Step("pass_on", pace.working(0.5, 1.5))


def _sent_back(pace: Pace) -> Steps:
    yield from _looked_at(pace)
    yield Step("refer", pace.working(0.1, 0.3))
    yield Step("take_back", pace.working(0.3, 0.6))
    yield Step("answer", pace.working(0.3, 0.9))


def _ruled_out(pace: Pace) -> Steps:
    yield Step("rule_out", pace.working(0.1, 0.5))


def _withdrawn(pace: Pace) -> Steps:
    yield Step("withdraw", pace.waiting(1, 40))


def _removed(pace: Pace) -> Steps:
    yield Step("remove", pace.working(0.05, 0.2))


def _untouched(pace: Pace) -> Steps:
    if pace.random.random() < 0.4:
        yield Step("note", pace.working(0.05, 0.2))


def _looked_at(pace: Pace) -> Steps:
    yield Step("claim" if pace.random.random() < 0.6 else "assign", pace.working(0.01, 0.1))
    if pace.random.random() < 0.35:
        yield Step("note", pace.working(0.01, 0.05))


def _rated(pace: Pace, worst: int = 3, best: int = 5) -> Steps:
    if pace.random.random() < 0.45:
        at = pace.at + timedelta(hours=pace.random.uniform(0.5, 20))
        yield Step("rate", at, {"score": pace.random.randint(worst, best)})
        pace.at = at


PLOTS: dict[str, Plot] = {
    "answered": _answered,
    "late": _late,
    "slow": _slow,
    "asked": _asked,
    "silent": _silent,
    "reopened": _reopened,
    "still open": _still_open,
    "closed": _closed,
    "referred": _referred,
    "passed on": _passed_on,
    "sent back": _sent_back,
    "ruled out": _ruled_out,
    "withdrawn": _withdrawn,
    "removed": _removed,
    "untouched": _untouched,
}
USUAL = {
    "answered": 60, "late": 7, "slow": 9, "asked": 9, "reopened": 5, "closed": 7, "passed on": 2, "sent back": 1,
    "ruled out": 2, "withdrawn": 3, "referred": 1,
}  # fmt: skip
