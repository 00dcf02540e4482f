"""Totals read back from tallies: for each question, how many said what, by what people told about themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from participation.surveys.kinds import UNSAID, AgeGroup, Cut, Gender
from participation.surveys.models import Questionnaire, Tally
from portal.organisations.models import Governorate

Cell = tuple[str, ...]
"""One category for each cut the questionnaire asks for, in the order of `Questionnaire.cuts`."""

CATEGORIES: dict[Cut, list[str]] = {
    Cut.GENDER: list(Gender.values),
    Cut.AGE_GROUP: list(AgeGroup.values),
    Cut.GOVERNORATE: [*Governorate.values, UNSAID],
}


@dataclass
class Said:
    """What was said to one question or one line of a matrix. Keys of `choices`: option ids or values, as text."""

    answered: Counter[Cell] = field(default_factory=Counter)
    choices: dict[str, Counter[Cell]] = field(default_factory=dict)
    ranks: dict[str, Counter[int]] = field(default_factory=dict)
    """For a ranking: how often each option was put at each rank."""

    def choose(self, key: str, cell: Cell, count: int) -> None:
        """Add ballots of one kind of people that chose `key`."""
        self.choices.setdefault(key, Counter())[cell] += count

    @property
    def total(self) -> int:
        """How many answered."""
        return self.answered.total()


@dataclass
class Totals:
    """Everything counted of one questionnaire (of one month, for the standing survey)."""

    ballots: Counter[Cell] = field(default_factory=Counter)
    said: dict[tuple[int, int | None], Said] = field(default_factory=dict)
    """By question and line of a matrix."""

    def of(self, question: int, row: int | None = None) -> Said:
        """What was said to a question or line; empty where nobody answered."""
        return self.said.setdefault((question, row), Said())


def read_totals(questionnaire: Questionnaire, period: date | None = None) -> Totals:
    """Totals in one query. Whoever said nothing about themselves counts as preferring not to say."""
    return totals_of(questionnaire, Tally.objects.filter(questionnaire=questionnaire, period=period))


def totals_of(questionnaire: Questionnaire, tallies: Iterable[Tally]) -> Totals:
    """The same from tallies at hand."""
    cuts = [cut.value for cut in questionnaire.cuts]
    totals = Totals()
    for tally in tallies:
        cell = tuple(getattr(tally, cut) or UNSAID for cut in cuts)
        if tally.question_id is None:
            totals.ballots[cell] += tally.count
            continue
        said = totals.of(tally.question_id, tally.row_id)
        if tally.option_id is None and not tally.value:
            said.answered[cell] += tally.count
        elif tally.option_id is not None and tally.value:
            said.ranks.setdefault(str(tally.option_id), Counter())[int(tally.value)] += tally.count
            if tally.value == "1":
                said.choose(str(tally.option_id), cell, tally.count)
        else:
            said.choose(str(tally.option_id or tally.value), cell, tally.count)
    return totals
