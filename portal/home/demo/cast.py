"""Who writes what, when, and which plot follows: the same list on every run of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from portal.home.demo.content import load
from portal.home.demo.plots import USUAL

COUNT = 300
DAYS = 120
# Plot, how many, and between how many and how many days ago: what a visitor should find whatever the dice say.
PLACED = [
    ("unrouted", 5, 0.1, 3.0),
    ("suspected", 5, 0.1, 4.0),
    ("untouched", 22, 0.05, 2.0),
    ("untouched", 14, 6.0, 12.0),
    ("silent", 8, 2.0, 12.0),
    ("still open", 5, 5.0, 9.0),
    ("referred", 5, 4.0, 20.0),
    ("removed", 4, 10.0, 90.0),
    ("ruled out", 3, 10.0, 90.0),
    ("withdrawn", 3, 10.0, 90.0),
    ("received", 2, 0.0, 0.0005),
]
OPENINGS = {
    "ar": ["تحية طيبة وبعد،", "السلام عليكم،", "مساء الخير،", "حياكم الله،"],
    "en": ["Hello,", "Good morning,", "Dear all,", "Greetings,"],
}
CLOSINGS = {
    "ar": ["شاكر لكم تعاونكم.", "أنتظر ردكم.", "وفقكم الله.", "أرجو الاهتمام."],
    "en": ["Thank you.", "I look forward to your reply.", "With kind regards.", "I hope you can help."],
}


@dataclass(frozen=True)
class Part:
    """One case to be told: its text, its sender, when it came in and what becomes of it."""

    number: int
    plot: str
    arrived_at: datetime
    text: str
    name: str
    source: dict[str, Any]


def cast(random: Random, now: datetime) -> list[Part]:
    """Every case of the demonstration, in the order of arrival."""
    plots = [(plot, _ago(random, now, low, high)) for plot, count, low, high in PLACED for _number in range(count)]
    usual = random.choices(list(USUAL), list(USUAL.values()), k=COUNT - len(plots))
    plots += [(plot, _ago(random, now, 1.5, DAYS)) for plot in usual]
    sources = _Sources(random)
    return [
        sources.part(number, plot, arrived_at)
        for number, (plot, arrived_at) in enumerate(sorted(plots, key=lambda pair: pair[1]), start=1)
    ]


def _ago(random: Random, now: datetime, low: float, high: float) -> datetime:
    """A moment between so many days ago, mostly by day: people write in the evening, few at night."""
    at = now - timedelta(days=random.uniform(low, high))
    if high < 1:
        return at
    hour = min(23, max(5, round(random.gauss(13, 4))))
    wanted = timezone.localtime(at).replace(hour=hour, minute=random.randint(0, 59), second=random.randint(0, 59))
    return min(wanted, now - timedelta(days=low))


class _Sources:
    """Deals out the written messages; one dealt again is worded otherwise and sent by somebody else."""

    def __init__(self, random: Random) -> None:
        self.random = random
        cases = load("cases")
        self.misrouted = [case for case in cases if case["topic"] == "other"]
        self.usual = [case for case in cases if case["topic"] != "other"]
        self.spam = [{"kind": "comment", "topic": "other", "governorate": None, **row} for row in load("spam")]
        self.names = load("names")
        self.dealt: dict[str, int] = {}
        self.deck: list[dict[str, Any]] = []

    def part(self, number: int, plot: str, arrived_at: datetime) -> Part:
        source = self._source(plot)
        turn = self.dealt.get(source["message"], 0)
        self.dealt[source["message"]] = turn + 1
        name = source["name"] if turn == 0 else self.random.choice(self.names[source["language"]])
        return Part(number, plot, arrived_at, self._text(source, turn), name, source)

    def _source(self, plot: str) -> dict[str, Any]:
        if plot in ("suspected", "removed"):
            return self.random.choice(self.spam)
        if plot in ("unrouted", "ruled out"):
            return self.random.choice(self.misrouted)
        if not self.deck:
            self.deck = self.random.sample(self.usual, len(self.usual))
        return self.deck.pop()

    def _text(self, source: dict[str, Any], turn: int) -> str:
        if turn == 0 or "again" not in source:
            return str(source["message"])
        if turn == 1:
            return str(source["again"])
        language = source["language"]
        opening = self.random.choice(OPENINGS[language])
        return f"{opening}\n\n{source['again']}\n\n{self.random.choice(CLOSINGS[language])}"
