"""The questionnaire as a tree of rows over its tables: who shares out whose respondents.

Everybody is the root. Each question shares its base out into those who answered and those who did not; those who
answered are shared out into the options (of a multiple choice: for each option into those who chose it and those who
did not). A question with a skip rule has the options that lead to it as its base.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.figures.suppression.grid import Grid
from portal.figures.suppression.questionnaire import Counts, Question, Questionnaire, View

EVERYBODY = ""
Filled = list[list[int]]
"""The counts of one row: for each table, every place."""


@dataclass
class Row:
    """One category of a node."""

    name: str
    question: str
    node: int
    worth: float = 1.0
    """How dear its numbers are against those of an option; 0 where they are not published."""
    is_sensitive: bool = True
    """Whether its small counts are to be kept."""


@dataclass
class Node:
    """Rows that share out the rows `via` of the parent."""

    rows: list[int]
    parent: int | None
    via: frozenset[int]
    children: list[int] = field(default_factory=list)


class Model:
    """Rows, nodes and `counts[table][row][place]` of one questionnaire, in the tables of these views."""

    def __init__(self, questionnaire: Questionnaire, views: Collection[View], unanswered: Collection[str]) -> None:
        """`unanswered`: the questions that somebody asked did not answer, here or in another publication."""
        self.grids = [Grid(n, view, [questionnaire.cuts[cut] for cut in view]) for n, view in enumerate(views)]
        self.rows: list[Row] = []
        self.nodes: list[Node] = []
        self.counts: list[list[list[int]]] = [[] for _ in self.grids]
        self.named: dict[str, int] = {}
        self._add(EVERYBODY, None, frozenset(), {EVERYBODY: self._filled(questionnaire.respondents)})
        self.rows[0].worth = 10.0
        for question in questionnaire.questions:
            self._add_question(question, question.key in unanswered)

    def _filled(self, tables: Mapping[View, Counts], option: str | None = None) -> Filled:
        return [grid.fill(_projected(tables, grid.cuts, option)) for grid in self.grids]

    def _add(self, question: str, parent: int | None, via: frozenset[int], rows: Mapping[str, Filled]) -> int:
        node = len(self.nodes)
        self.nodes.append(Node([], parent, via))
        if parent is not None:
            self.nodes[parent].children.append(node)
        for name, counts in rows.items():
            self.named[name] = len(self.rows)
            self.nodes[node].rows.append(len(self.rows))
            self.rows.append(Row(name, question, node))
            for table, filled in zip(self.counts, counts, strict=True):
                table.append(filled)
        return node

    def _base(self, question: Question) -> tuple[int, frozenset[int]]:
        """The node and those of its rows that were asked this question."""
        if question.asked_if is None:
            return 0, frozenset([0])
        key, options = question.asked_if
        rows = frozenset(self.named[chose(key, option)] for option in options)
        nodes = {self.rows[row].node for row in rows}
        if len(nodes) != 1:
            raise ValueError(
                f"{question.key}: a skip rule names options of one question, of a multiple choice just one"
            )
        return nodes.pop(), rows

    def _add_question(self, question: Question, some_did_not: bool) -> None:
        key, (parent, via) = question.key, self._base(question)
        counts = {option: self._filled(question.counts, option) for option in question.options}
        is_single = question.options and not question.multiple
        answered = _sum(*counts.values()) if is_single else self._filled(question.answered)
        shares = {answers(key): answered}
        if some_did_not:
            asked = _sum(*([table[row] for table in self.counts] for row in via))
            shares[silent(key)] = _rest(asked, answered)
        node = self._add(key, parent, via, shares)
        via = frozenset([self.named[answers(key)]])
        self.rows[self.named[answers(key)]].worth = 3.0
        if some_did_not:
            nobody = self.rows[self.named[silent(key)]]
            nobody.worth, nobody.is_sensitive = 0.0, False
        if is_single:
            self._add(key, node, via, {chose(key, option): counts[option] for option in question.options})
        else:
            for option in question.options:
                self._add(key, node, via, {
                    chose(key, option): counts[option],
                    left_out(key, option): _rest(answered, counts[option]),
                })  # fmt: skip
                self.rows[-1].worth = 0.0


def answers(key: str) -> str:
    """The name of the row of those who answered the question."""
    return f"{key}:answered"


def silent(key: str) -> str:
    """The name of the row of those who did not."""
    return f"{key}:silent"


def chose(key: str, option: str) -> str:
    """The name of an option's row."""
    return f"{key}={option}"


def left_out(key: str, option: str) -> str:
    """The name of the row of those who did not choose an option of several."""
    return f"{key}!{option}"


def _projected(tables: Mapping[View, Counts], view: View, option: str | None) -> list[tuple[tuple[str, ...], int]]:
    """The counts of a table, of one option where one is given, by some of its cuts."""
    given = next(cuts for cuts in tables if set(cuts).issuperset(view))
    first = 0 if option is None else 1
    at = [given.index(cut) + first for cut in view]
    return [
        (tuple(groups[n] for n in at), count)
        for groups, count in tables[given].items()
        if option is None or groups[0] == option
    ]


def _sum(*parts: Filled) -> Filled:
    return [[sum(cells) for cells in zip(*tables, strict=True)] for tables in zip(*parts, strict=True)]


def _rest(whole: Filled, part: Filled) -> Filled:
    return [[a - b for a, b in zip(w, p, strict=True)] for w, p in zip(whole, part, strict=True)]


def unanswered(questionnaire: Questionnaire) -> set[str]:
    """The questions somebody was asked and did not answer."""
    keys = [question.key for question in questionnaire.questions]
    model = Model(questionnaire, [()], keys)
    return {key for key in keys if model.counts[0][model.named[silent(key)]][0]}
