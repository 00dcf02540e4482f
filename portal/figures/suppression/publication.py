"""What may be shown. `None` always means withheld, and never says whether the count is small or protects another."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any
from zlib import compress, decompress

from portal.figures.suppression.model import EVERYBODY, Model, answers, chose
from portal.figures.suppression.questionnaire import TOTAL, Questionnaire, View
from portal.figures.suppression.search import Bundle, World


@dataclass(frozen=True)
class Statistics:
    """Mean and median of a number in a group of n."""

    n: int
    mean: float
    median: float


@dataclass(frozen=True)
class QuestionFigures:
    """The figures of one question (or of all respondents) that may be shown."""

    key: str
    options: tuple[str, ...]
    dropped: frozenset[View]
    """The cuts and crossings with too few answers to show: say so instead of a table of blanks. () stands for
    everything but the number of respondents."""
    publication: Publication = field(repr=False)

    def at(self, option: str, **groups: str) -> int | None:
        """How many chose the option, in a group: `at("yes", gender="female")`; None is withheld."""
        return self.publication.number_of(chose(self.key, option), groups)

    def answered(self, **groups: str) -> int | None:
        """How many answered the question, in a group; the base of its shares."""
        return self.publication.number_of(answers(self.key) if self.key else EVERYBODY, groups)

    def share(self, option: str, **groups: str) -> float | None:
        """The option's part of those who answered, 0 to 1; None where either number is withheld or nobody answered."""
        count, base = self.at(option, **groups), self.answered(**groups)
        return None if count is None or not base else count / base

    def shows(self, *cuts: str) -> bool:
        """Whether the table by these cuts is shown at all."""
        return self.publication.total is not None and not any(set(cuts).issuperset(view) for view in self.dropped)

    def mean(self, scores: Mapping[str, float], **groups: str) -> float | None:
        """The mean of a scale, option -> score (options without a score do not count).

        Only where every option of the group is shown: a mean beside withheld counts would be one more equation.
        """
        counts = [self.at(option, **groups) for option in self.options]
        scored = [(n, scores[option]) for option, n in zip(self.options, counts, strict=True) if n and option in scores]
        if None in counts or not scored:
            return None
        return sum(n * score for n, score in scored) / sum(n for n, _score in scored)

    def statistics(self, found: Statistics | None, **groups: str) -> Statistics | None:
        """The statistics of a numeric question in a group, or None where the number of its answers is withheld."""
        n = self.answered(**groups)
        if found is not None and n is not None and found.n != n:
            raise ValueError(f"{self.key}: statistics of {found.n} answers, where {n} are counted")
        return found if n else None


@dataclass(frozen=True)
class Publication:
    """Everything of a questionnaire that may be shown. Ask it through `total`, `respondents` and `[key]`: its other
    fields hold the true counts."""

    questionnaire: Questionnaire = field(repr=False)
    threshold: int
    number: int
    """0 for the first publication, one more for each that followed."""
    views: tuple[View, ...]
    """The tables that are published: without the crossing, where it had to be dropped altogether."""
    unanswered: frozenset[str]
    withheld: tuple[tuple[bytes, ...], ...] = field(repr=False)
    """A mark for each place of each row of each table."""
    dropped: frozenset[View]
    protection: str = field(repr=False)
    """The bundles that protect what is withheld, packed: no page needs them, later publications must not spoil them."""
    repeated: bool = False
    """The figures are those of the last earlier publication: too little changed since to show it."""

    @cached_property
    def model(self) -> Model:
        """The counts behind it."""
        return Model(self.questionnaire, self.views, self.unanswered)

    @cached_property
    def total(self) -> int | None:
        """Everybody who took part; None where they are fewer than the threshold: then nothing is shown."""
        everybody = self.model.counts[0][0][self.model.grids[0].total]
        return everybody if everybody >= self.threshold else None

    @property
    def respondents(self) -> QuestionFigures:
        """Everybody by group: `respondents.answered(governorate="muscat")`."""
        return self._figures(EVERYBODY, ())

    def __getitem__(self, key: str) -> QuestionFigures:
        """The figures of a question; KeyError where there is none."""
        for question in self.questionnaire.questions:
            if question.key == key:
                return self._figures(key, question.options)
        raise KeyError(key)

    def _figures(self, key: str, options: tuple[str, ...]) -> QuestionFigures:
        views = self.dropped - {()} if key == EVERYBODY else set(self.dropped)
        if self.questionnaire.crossing not in self.views:
            views = views.union(combinations(self.questionnaire.crossing, 2))
        return QuestionFigures(key, options, frozenset(views), self)

    def number_of(self, row: str, groups: Mapping[str, str]) -> int | None:
        """The number of a row in a group, None where it is withheld; KeyError where there is no such number."""
        for cut, category in groups.items():
            if category not in self.questionnaire.cuts[cut]:
                raise KeyError(category)
        number = self.model.named[row]
        for grid in self.model.grids:
            if set(groups) <= set(grid.cuts):
                place = grid.find([groups.get(cut, TOTAL) for cut in grid.cuts])
                is_withheld = self.total is None or self.withheld[grid.index][number][place]
                return None if is_withheld else self.model.counts[grid.index][number][place]
        if set(groups) <= set(self.questionnaire.crossing):
            return None
        raise KeyError(f"not published by {sorted(groups)}")

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON column. It holds the true counts: never show it; give it back as `earlier`."""
        return {
            "questionnaire": self.questionnaire.plain(),
            "threshold": self.threshold,
            "number": self.number,
            "views": [list(view) for view in self.views],
            "unanswered": sorted(self.unanswered),
            "withheld": [[[n for n, mark in enumerate(row) if mark] for row in table] for table in self.withheld],
            "dropped": sorted(list(view) for view in self.dropped),
            "protection": self.protection,
            "repeated": self.repeated,
        }

    def bundles(self) -> list[Bundle]:
        """What protects the numbers withheld."""
        plain = json.loads(decompress(b64decode(self.protection)))
        return [Bundle(_world(self.model, up), _world(self.model, down), since) for since, up, down in plain]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Publication:
        """The publication again."""
        questionnaire = Questionnaire.from_plain(record["questionnaire"])
        views = tuple(tuple(view) for view in record["views"])
        model = Model(questionnaire, views, record["unanswered"])
        withheld = tuple(
            tuple(bytes(n in marked for n in range(grid.length)) for marked in map(set, table))
            for grid, table in zip(model.grids, record["withheld"], strict=True)
        )
        return cls(
            questionnaire=questionnaire,
            threshold=record["threshold"],
            number=record["number"],
            views=views,
            unanswered=frozenset(record["unanswered"]),
            withheld=withheld,
            dropped=frozenset(tuple(view) for view in record["dropped"]),
            protection=record["protection"],
            repeated=record["repeated"],
        )


def packed(model: Model, bundles: Iterable[Bundle]) -> str:
    """The bundles as text: of each world the single groups one after the other, their sums follow from them."""
    single = [set(grid.single) for grid in model.grids]

    def flat(world: World) -> list[int]:
        return [value for cell, n in world.items() if n and cell[2] in single[cell[0]] for value in (*cell, n)]

    plain = [[bundle.since, flat(bundle.up), flat(bundle.down)] for bundle in bundles]
    return b64encode(compress(json.dumps(plain).encode())).decode()


def _world(model: Model, flat: list[int]) -> World:
    world: World = {}
    for table, row, place, n in zip(*(flat[start::4] for start in range(4)), strict=True):
        for above in model.grids[table].above(place):
            world[table, row, above] = world.get((table, row, above), 0) + n
    return {cell: n for cell, n in world.items() if n}
