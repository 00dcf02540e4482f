"""Somebody who reads all that was published and solves for the rest.

Knows nothing of how numbers were withheld: only how they add up, that counts are not negative, and who was asked what.
The unknowns are the counts of the finest table there could be: every question's answers by all cuts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from portal.figures.suppression import Publication, Question, Questionnaire

Unknown = tuple[str, str, str, tuple[str, ...]]
"""Wave (when they came), question, answer, group by all cuts."""
Terms = dict[Unknown, int]
EVERYBODY, SILENT = "everybody", "silent"
Name = tuple[str, str, tuple[tuple[str, str], ...]]
"""A number that could be published: question, answer, and the categories it is restricted to."""


def views(questionnaire: Questionnaire) -> Iterator[tuple[str, ...]]:
    """All tables that are published: totals, cuts, the crossing and its margins."""
    crossed = chain.from_iterable(combinations(questionnaire.crossing, n) for n in range(2, 4))
    return chain([()], ((cut,) for cut in questionnaire.cuts), crossed)


def names(questionnaire: Questionnaire) -> list[Name]:
    """All numbers that are published or withheld."""
    found: list[Name] = []
    for view in views(questionnaire):
        for groups in product(*(questionnaire.cuts[cut] for cut in view)):
            where = tuple(zip(view, groups, strict=True))
            found.append(("", EVERYBODY, where))
            for question in questionnaire.questions:
                found += [(question.key, answer, where) for answer in ("answered", *question.options)]
    return found


def shown(publication: Publication, name: Name) -> int | None:
    """What the page says."""
    key, answer, where = name
    if answer == EVERYBODY:
        return publication.respondents.answered(**dict(where))
    if answer == "answered":
        return publication[key].answered(**dict(where))
    return publication[key].at(answer, **dict(where))


def truth(questionnaire: Questionnaire, name: Name) -> int:
    """What it would say if nothing were withheld."""
    key, answer, where = name
    if answer == EVERYBODY:
        return _count(questionnaire.respondents, None, where)
    question = next(q for q in questionnaire.questions if q.key == key)
    if answer != "answered":
        return _count(question.counts, answer, where)
    if question.multiple or not question.options:
        return _count(question.answered, None, where)
    return sum(_count(question.counts, option, where) for option in question.options)


def _count(tables: object, option: str | None, where: tuple[tuple[str, str], ...]) -> int:
    view, counts = next((v, c) for v, c in tables.items() if {cut for cut, _ in where} <= set(v))
    total = 0
    for groups, n in counts.items():
        place = dict(zip(view, groups if option is None else groups[1:], strict=True))
        if (option is None or groups[0] == option) and all(place[cut] == name for cut, name in where):
            total += n
    return total


@dataclass
class Attacker:
    """Reads publications of one questionnaire. `silent`: the questions that may be left unanswered."""

    questionnaire: Questionnaire
    silent: frozenset[str] = frozenset()
    waves: list[str] = field(default_factory=list)
    equations: list[tuple[Terms, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.groups = list(product(*self.questionnaire.cuts.values()))
        self.found: dict[Unknown, int] = {}

    def read(self, publication: Publication, *waves: str) -> Attacker:
        """Write down every number that is shown. It counts those who came in these waves."""
        for wave in waves:
            if wave not in self.waves:
                self.waves.append(wave)
                self._structure(wave)
        for name in names(self.questionnaire):
            number = shown(publication, name)
            if number is not None:
                self.equations.append((self.terms(name, *waves), number))
        return self

    def _structure(self, wave: str) -> None:
        """Who was asked answered something or was silent; who answered chose an option, or left it out."""
        for question in self.questionnaire.questions:
            for group in self.groups:
                asked = self._asked(wave, question, group)
                answered = {(wave, question.key, "answered", group): 1}
                silent = {(wave, question.key, SILENT, group): 1} if question.key in self.silent else {}
                self.equations.append((_minus(asked, answered | silent), 0))
                if question.options and not question.multiple:
                    chosen = {(wave, question.key, option, group): 1 for option in question.options}
                    self.equations.append((_minus(answered, chosen), 0))
                for option in question.options if question.multiple else ():
                    either = {(wave, question.key, answer, group): 1 for answer in (option, f"not {option}")}
                    self.equations.append((_minus(answered, either), 0))

    def _asked(self, wave: str, question: Question, group: tuple[str, ...]) -> Terms:
        if question.asked_if is None:
            return {(wave, "", EVERYBODY, group): 1}
        key, options = question.asked_if
        return {(wave, key, option, group): 1 for option in options}

    def terms(self, name: Name, *waves: str) -> Terms:
        """The unknowns a number is the sum of, for those who came in these waves."""
        key, answer, where = name
        wanted = dict(where)
        groups = [
            group
            for group in self.groups
            if all(wanted.get(cut, named) == named for cut, named in zip(self.questionnaire.cuts, group, strict=True))
        ]
        return {(wave, key, answer, group): 1 for wave in waves for group in groups}

    def solve(self) -> Attacker:
        """Bring the equations into a matrix."""
        rows, columns, values = [], [], []
        for row, (terms, _sum) in enumerate(self.equations):
            for unknown, value in terms.items():
                rows.append(row)
                columns.append(self._column(unknown))
                values.append(value)
        shape = len(self.equations), len(self.found)
        self.matrix = csr_matrix((values, (rows, columns)), shape=shape)
        self.sums = np.array([total for _terms, total in self.equations])
        return self

    def _column(self, unknown: Unknown) -> int:
        return self.found.setdefault(unknown, len(self.found))

    def _functional(self, terms: Terms) -> np.ndarray:
        wanted = np.zeros(len(self.found))
        for unknown, value in terms.items():
            wanted[self.found[unknown]] = value
        return wanted

    def bounds(self, terms: Terms) -> tuple[float, float]:
        """The least and the most a sum of unknowns can be."""
        wanted = self._functional(terms)
        least = linprog(wanted, A_eq=self.matrix, b_eq=self.sums, method="highs")
        most = linprog(-wanted, A_eq=self.matrix, b_eq=self.sums, method="highs")
        assert least.status == 0, least.message
        return least.fun, np.inf if most.status == 3 else -most.fun

    def determines(self, sums: list[Terms]) -> list[bool]:
        """Which of these follow from the equations by linear algebra alone."""
        dense = self.matrix.toarray()
        _u, strengths, directions = np.linalg.svd(dense, full_matrices=True)
        free = directions[int((strengths > 1e-9).sum()) :]
        return [bool(np.abs(free @ self._functional(terms)).max(initial=0) < 1e-7) for terms in sums]


def _minus(one: Terms, other: Terms) -> Terms:
    return one | {unknown: -value for unknown, value in other.items()}
