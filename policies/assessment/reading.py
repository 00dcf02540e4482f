"""What the public reads: the progress of each organisation and year, worked out from accepted answers alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.assessment.models import Answer, Assessment, Indicator, IndicatorSet
from policies.assessment.scoring import Item, Score, mean, score
from policies.assessment.states import CHIPS, Area, State
from portal.organisations.models import Organisation

IN_PROGRESS = _("In progress")
NOT_SUBMITTED = _("Not submitted")


@dataclass(frozen=True)
class Line:
    """One organisation in one year; `score` only where the authority accepted its answers."""

    organisation: Organisation
    standing: Any
    chip: str
    score: Score | None = None

    @property
    def areas(self) -> list[Decimal | None]:
        """The score of each area, in the order of the areas."""
        return [self.score.areas.get(area) if self.score else None for area in Area.values]


@dataclass(frozen=True)
class Report:
    """A year: its lines by name of the organisation, the mean of what was accepted, how many there are."""

    indicator_set: IndicatorSet
    lines: tuple[Line, ...]
    is_over: bool

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.lines if line.score]

    @property
    def mean(self) -> Score | None:
        return mean([line.score for line in self.lines if line.score])

    @property
    def missing(self) -> list[Organisation]:
        """Organisations that submitted nothing by the deadline; nobody before it has passed."""
        return [line.organisation for line in self.lines if line.standing is NOT_SUBMITTED]


def report(indicator_set: IndicatorSet, today: date | None = None) -> Report:
    """The report of one year, in three queries."""
    return reports([indicator_set], today)[0]


def reports(sets: Iterable[IndicatorSet], today: date | None = None) -> list[Report]:
    """The reports of several years, in the order given, in three queries."""
    sets, today = list(sets), today or timezone.localdate()
    rows = Assessment.objects.filter(indicator_set__in=sets).select_related("organisation")
    scores = accepted_scores(sets)
    lines: dict[int, list[Line]] = defaultdict(list)
    over = {one.pk: one.is_over(today) for one in sets}
    for row in rows.order_by("organisation__name", "organisation__pk"):
        standing, chip = _standing(row.state, over[row.indicator_set_id])
        lines[row.indicator_set_id].append(Line(row.organisation, standing, chip, scores.get(row.pk)))
    return [Report(one, tuple(lines[one.pk]), over[one.pk]) for one in sets]


def _standing(state: str, is_over: bool) -> tuple[Any, str]:
    """Before the deadline only what is accepted is told; afterwards everything is, by its name."""
    if state == State.ACCEPTED or (is_over and state != State.DRAFT):
        return State(state).label, CHIPS[state]
    return (NOT_SUBMITTED, "danger") if is_over else (IN_PROGRESS, "")


def accepted_scores(sets: Iterable[IndicatorSet]) -> dict[int, Score]:
    """The score of each accepted assessment of these years, by its id, in two queries."""
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in Indicator.objects.filter(indicator_set__in=sets).order_by("position", "code"):
        indicators[indicator.indicator_set_id].append(indicator)
    accepted = Assessment.objects.accepted().filter(indicator_set__in=sets)
    values: dict[tuple[int, int], dict[int, Decimal | None]] = defaultdict(dict)
    columns = ("pk", "indicator_set", "answers__indicator", "answers__value")
    for pk, year, indicator_id, value in accepted.order_by().values_list(*columns):
        values[pk, year][indicator_id] = value
    return {pk: score(_items(indicators[year], given)) for (pk, year), given in values.items()}


def _items(indicators: list[Indicator], given: dict[int, Decimal | None]) -> list[Item]:
    return [Item(one.area, one.kind, one.weight, given.get(one.pk), one.full_at) for one in indicators]


def items_of(assessment: Assessment) -> list[tuple[Indicator, Answer | None, Item]]:
    """Every indicator of one assessment in order, with what was answered."""
    answers = {row.indicator_id: row for row in assessment.answers.all()}
    found = []
    for one in assessment.indicator_set.indicators.order_by("position", "code"):
        answer = answers.get(one.pk)
        value = answer.value if answer else None
        found.append((one, answer, Item(one.area, one.kind, one.weight, value, one.full_at)))
    return found
