"""People of the demonstration who answer questionnaires: who they are, when they come, and what they say.

What somebody says leans on who it is (`lean` multiplies the weights of the options) and on a mood of her own, so that
answers of one person hang together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from django.utils import timezone

from participation.surveys.answers import Given, Profile
from participation.surveys.kinds import QuestionKind
from participation.surveys.structure import Asked

Weights = dict[str, float]


@dataclass(frozen=True)
class Person:
    """Somebody who answers; `mood` is better above 0."""

    profile: Profile
    language: str
    mood: float


class Crowd:
    """Deals out people and what they say, the same for the same seed."""

    def __init__(self, random: Random, people: dict[str, Any]) -> None:
        self.random = random
        self.people = people

    def person(self, asks: list[str]) -> Person:
        """Somebody, as far as she is asked about herself."""
        told = {cut: self._one(self.people[cut]) for cut in ("gender", "age_group", "governorate")}
        profile = Profile(**{cut: value if cut in asks else "" for cut, value in told.items()})
        return Person(profile, self._one(self.people["language"]), self.random.gauss(0, 1))

    def _one(self, weights: Weights) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def moment(self, start: datetime, end: datetime) -> datetime:
        """The hour in which somebody comes: many in the first days, and most in the evening."""
        length = (end - start).total_seconds()
        at = timezone.localtime(start + timedelta(seconds=length * self.random.betavariate(0.9, 1.5)))
        hour = self.random.choices(range(24), self.people["hours"])[0]
        wanted = at.replace(hour=hour, minute=0, second=0, microsecond=0)
        first, last = (moment.replace(minute=0, second=0, microsecond=0) for moment in (start, end))
        return min(max(wanted, first), last)

    def say(self, asked: Asked, plan: dict[str, Any], person: Person, today: date) -> list[Given]:
        """Her answer to one question; `plan` is the question as the content file has it."""
        match asked.kind:
            case QuestionKind.SINGLE:
                return [self._choice(asked, plan, self._index(_weights(plan, person)), person)]
            case QuestionKind.MULTIPLE:
                return self._several(asked, plan, person)
            case QuestionKind.SCALE:
                point = self._index(_weighed(_weights(plan, person), person, plan.get("mood", 0)))
                return [Given(asked.pk, number=Decimal(asked.points[point]))]
            case QuestionKind.MATRIX:
                return self._lines(asked, plan, person)
            case QuestionKind.RANKING:
                return self._ranking(asked, plan)
            case QuestionKind.NUMBER:
                return [Given(asked.pk, number=Decimal(self.random.choices(plan["values"], plan["weights"])[0]))]
            case QuestionKind.DATE:
                return [Given(asked.pk, date=today - timedelta(days=self.random.randint(*plan["days_ago"])))]
        if self.random.random() * 100 >= plan.get("chance", 0):
            return []
        return [Given(asked.pk, text=self.random.choice(plan[f"texts_{person.language}"]))]

    def _index(self, weights: list[float]) -> int:
        return self.random.choices(range(len(weights)), weights)[0]

    def _choice(self, asked: Asked, plan: dict[str, Any], index: int, person: Person) -> Given:
        words = plan["options"][index].get(f"words_{person.language}")
        return Given(asked.pk, option=asked.options[index].pk, text=self.random.choice(words) if words else "")

    def _several(self, asked: Asked, plan: dict[str, Any], person: Person) -> list[Given]:
        """Each option with its chance; the one that excludes the others where none of them was taken."""
        chances = _weights(plan, person)
        free = [index for index, option in enumerate(asked.options) if not option.is_exclusive]
        taken = [index for index in free if self.random.random() * 100 < chances[index]]
        if not taken:
            taken = [index for index, option in enumerate(asked.options) if option.is_exclusive] or free[:1]
        return [self._choice(asked, plan, index, person) for index in taken]

    def _lines(self, asked: Asked, plan: dict[str, Any], person: Person) -> list[Given]:
        lean = -plan.get("mood", 0)  # the best option comes first
        return [
            Given(asked.pk, row=row.pk, option=asked.options[self._index(_weighed(line["weights"], person, lean))].pk)
            for row, line in zip(asked.rows, plan["rows"], strict=True)
        ]

    def _ranking(self, asked: Asked, plan: dict[str, Any]) -> list[Given]:
        """Options drawn one after the other: what weighs more tends to come first."""
        left = list(zip(asked.options, (option["weight"] for option in plan["options"]), strict=True))
        found = []
        for place in range(1, len(left) + 1):
            option, _weight = left.pop(self._index([weight for _option, weight in left]))
            found.append(Given(asked.pk, option=option.pk, number=Decimal(place)))
        return found


def _weights(plan: dict[str, Any], person: Person) -> list[float]:
    """The weights of a question's options or points for somebody like this person."""
    weights = [float(weight) for weight in plan.get("weights") or (option["weight"] for option in plan["options"])]
    for cut, by_value in plan.get("lean", {}).items():
        factors = by_value.get(getattr(person.profile, cut))
        if factors:
            weights = [weight * factor for weight, factor in zip(weights, factors, strict=True)]
    return weights


def _weighed(weights: list[float], person: Person, mood: float) -> list[float]:
    """The weights moved towards the last (or, for a negative `mood`, the first) by a good mood."""
    middle = (len(weights) - 1) / 2
    return [weight * exp(mood * person.mood * (place - middle) / middle) for place, weight in enumerate(weights)]
