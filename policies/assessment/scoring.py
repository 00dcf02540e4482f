"""The score of an assessment: the weighted share of what could be reached, in per cent to one decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from policies.assessment.states import HIGHEST_LEVEL, Kind

TENTH = Decimal("0.1")
TOPS = {Kind.YES_NO: Decimal(1), Kind.SHARE: Decimal(100), Kind.LEVEL: Decimal(HIGHEST_LEVEL)}


@dataclass(frozen=True)
class Item:
    """One indicator with what was answered; `value` is None where nothing was."""

    area: str
    kind: str
    weight: int
    value: Decimal | None
    full_at: Decimal | None = None


@dataclass(frozen=True)
class Score:
    """Per cent of what could be reached, in all and by area; an area in which nothing counts is not there."""

    total: Decimal
    areas: dict[str, Decimal]


def share(item: Item) -> Decimal:
    """How much of its weight an answer earns, from 0 to 1. What was not answered earns nothing."""
    top = item.full_at if item.kind == Kind.NUMBER else TOPS.get(Kind(item.kind))
    if item.value is None or not top:
        return Decimal(0)
    return min(max(item.value / top, Decimal(0)), Decimal(1))


def score(items: Iterable[Item]) -> Score:
    """The score of one assessment. Indicators without weight count for nothing."""
    counted = [item for item in items if item.weight]
    areas = dict.fromkeys(item.area for item in counted)
    return Score(_weighted(counted), {area: _weighted([i for i in counted if i.area == area]) for area in areas})


def _weighted(items: list[Item]) -> Decimal:
    weight = sum(item.weight for item in items)
    if not weight:
        return Decimal(0)
    reached = sum((item.weight * share(item) for item in items), Decimal(0))
    return (100 * reached / weight).quantize(TENTH, ROUND_HALF_UP)


def mean(scores: list[Score]) -> Score | None:
    """The plain mean of several scores, in all and by area; None of none."""
    if not scores:
        return None
    areas = dict.fromkeys(area for one in scores for area in one.areas)
    by_area = {area: _mean([one.areas[area] for one in scores if area in one.areas]) for area in areas}
    return Score(_mean([one.total for one in scores]), by_area)


def _mean(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(TENTH, ROUND_HALF_UP)
