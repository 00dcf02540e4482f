"""A table with all its totals as one flat list, and the shifts that leave most of its sums as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from portal.figures.suppression.questionnaire import TOTAL, View


class Pair(NamedTuple):
    """A shift in one dimension, as offsets: from a category to another, or from a category into the total."""

    first: int
    second: int
    trades: bool


class Shift(NamedTuple):
    """Groups of one table between which respondents move.

    `more` and `less` are single groups; `raised` and `lowered` are these and the totals that change with them.
    """

    table: int
    more: list[int]
    less: list[int]
    raised: list[int]
    lowered: list[int]


class Grid:
    """The places of one table: along each cut its categories and, after them, their total."""

    def __init__(self, index: int, cuts: View, categories: Sequence[Sequence[str]]) -> None:
        self.index, self.cuts, self.categories = index, cuts, categories
        self.sizes = [len(names) for names in categories]
        self.strides: list[int] = []
        step = 1
        for size in reversed(self.sizes):
            self.strides.insert(0, step)
            step *= size + 1
        self.length = step
        self.total = step - 1
        self.places = list(product(*(range(size + 1) for size in self.sizes)))
        self.views = [self._view(place) for place in self.places]
        self.keys = [self._key(place) for place in self.places]
        self.by_key = {key: place for place, key in enumerate(self.keys)}
        self.single = [n for n, view in enumerate(self.views) if len(view) == len(cuts)]
        self._patterns: dict[tuple[tuple[int, bool], ...], tuple[list[int], ...]] = {}
        self._numbers = [{name: n for n, name in enumerate([*names, TOTAL])} for names in categories]

    def _view(self, place: tuple[int, ...]) -> View:
        return tuple(cut for cut, at, size in zip(self.cuts, place, self.sizes, strict=True) if at != size)

    def _key(self, place: tuple[int, ...]) -> frozenset[tuple[str, str]]:
        """The place as its cuts with their categories, the same in every table."""
        found = zip(self.cuts, self.categories, place, strict=True)
        return frozenset((cut, names[at]) for cut, names, at in found if at < len(names))

    def find(self, groups: Sequence[str]) -> int:
        """The place of these categories; KeyError where one is unknown."""
        return sum(known[name] * step for name, known, step in zip(groups, self._numbers, self.strides, strict=True))

    def fill(self, counts: Iterable[tuple[Sequence[str], int]]) -> list[int]:
        """The counts of single groups with every total."""
        filled = [0] * self.length
        for groups, count in counts:
            for place in self.above(self.find(groups)):
                filled[place] += count
        return filled

    def above(self, place: int) -> list[int]:
        """The place and the totals it is part of."""
        above = [0]
        for at, size, stride in zip(self.places[place], self.sizes, self.strides, strict=True):
            above = [n + step * stride for n in above for step in sorted({at, size})]
        return above

    def shift(self, pairs: tuple[Pair, ...]) -> Shift:
        """The shift made of one pair for each dimension."""
        steps = tuple([(second - first, trades) for first, second, trades in pairs])
        pattern = self._patterns.get(steps)
        if pattern is None:
            pattern = self._patterns[steps] = _pattern(steps)
        start = sum([pair.first for pair in pairs])
        more, less, raised, lowered = [[start + n for n in places] for places in pattern]
        return Shift(self.index, more, less, raised, lowered)

    def carry(self, place: int) -> Shift:
        """The shift that adds to this group and so to all totals it is part of."""
        at = zip(self.places[place], self.sizes, self.strides, strict=True)
        return self.shift(tuple(Pair(n * stride, size * stride, False) for n, size, stride in at))


def _pattern(steps: tuple[tuple[int, bool], ...]) -> tuple[list[int], list[int], list[int], list[int]]:
    """A shift from place 0: single groups that gain and lose, and all numbers that rise and fall."""
    more: list[int] = [0]
    less: list[int] = []
    raised, lowered = more, less
    for step, trades in steps:
        if trades:
            more, less = more + [n + step for n in less], less + [n + step for n in more]
            raised, lowered = raised + [n + step for n in lowered], lowered + [n + step for n in raised]
        else:
            raised, lowered = raised + [n + step for n in raised], lowered + [n + step for n in lowered]
    return more, less, raised, lowered
