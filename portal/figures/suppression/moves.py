"""Moves: other answers that respondents could have given without any published number being another.

A move takes a shift of groups (grid.py) and gives each row of the tree that it concerns a sign, so that every row's
base is kept or moves along. Whatever it changes has to be withheld; where it takes respondents away there must be
some. Both together make it a story that an attacker cannot tell from the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from random import Random
from typing import NamedTuple

from portal.figures.suppression.grid import Shift
from portal.figures.suppression.model import Model

PLENTY = 10**9
WORTH = (400.0, 40.0, 6.0, 2.0, 1.0)
"""What withholding a number costs, by how many cuts it is divided by: totals are what people look for."""
Cell = tuple[int, int, int]
"""Table, row, place."""
Step = tuple[int, int]
"""A row and the sign it gets."""


class Story(NamedTuple):
    """Rows with their signs; how many respondents there are to move; what withholding all of it costs."""

    room: int
    price: float
    steps: tuple[Step, ...]

    def and_also(self, other: Story | None) -> Story | None:
        """Both together; None where the other is impossible."""
        if other is None:
            return None
        return Story(min(self.room, other.room), self.price + other.price, self.steps + other.steps)

    def rate(self, need: int) -> float:
        """Its price for each respondent moved; the shorter of two free ones is better."""
        return (self.price + 0.5) / min(self.room, need)


NOTHING = Story(PLENTY, 0.0, ())


class Move(NamedTuple):
    """A story along shifts, told of `amount` respondents."""

    shifts: Sequence[Shift]
    story: Story
    amount: int

    def blocked(self, board: Board) -> list[Cell]:
        """The groups it would take respondents from and that have none."""
        return [
            (table, row, place)
            for table, more, less, _raised, _lowered in self.shifts
            for row, sign in self.story.steps
            for place in (less if sign > 0 else more)
            if board.free[table][row][place] <= 0
        ]

    def room(self, board: Board) -> int:
        """How many there are now to move."""
        return min(
            board.free[table][row][place]
            for table, more, less, _raised, _lowered in self.shifts
            for row, sign in self.story.steps
            for place in (less if sign > 0 else more)
        )

    def changes(self) -> Iterator[tuple[Cell, int]]:
        """All numbers it changes, sums too, and by how much."""
        for table, _more, _less, raised, lowered in self.shifts:
            for row, sign in self.story.steps:
                for place in raised:
                    yield (table, row, place), sign * self.amount
                for place in lowered:
                    yield (table, row, place), -sign * self.amount


class Board:
    """What is withheld so far, what withholding the rest costs, and how many respondents are free to move."""

    def __init__(self, model: Model, free: list[list[list[int]]]) -> None:
        self.model, self.free = model, free
        self.kept: set[int] = set()
        self.chance: Random | None = None
        """Where what seems best has failed: something else is tried, the cheaper the likelier."""
        self.hidden = [[bytearray(grid.length) for _ in model.rows] for grid in model.grids]
        self.price = [
            [
                [row.worth * _worth(count, len(view)) for count, view in zip(counts, grid.views, strict=True)]
                for row, counts in zip(model.rows, table, strict=True)
            ]
            for grid, table in zip(model.grids, model.counts, strict=True)
        ]

    def hide(self, cell: Cell) -> None:
        """Withhold a number."""
        table, row, place = cell
        self.hidden[table][row][place] = 1
        self.price[table][row][place] = 0.0

    def clear(self) -> None:
        """Withhold nothing; prices stay."""
        for table in self.hidden:
            for row in table:
                row[:] = bytes(len(row))

    def keep(self, cuts: int) -> None:
        """From now on never withhold what is divided by fewer cuts than this and not withheld yet."""
        if cuts in self.kept:
            return
        self.kept.add(cuts)
        for grid in self.model.grids:
            places = [place for place, view in enumerate(grid.views) if len(view) < cuts]
            for row, kind in enumerate(self.model.rows):
                for place in places:
                    if kind.worth and not self.hidden[grid.index][row][place]:
                        self.price[grid.index][row][place] = inf

    def play(self, world: dict[Cell, int], times: int = 1) -> None:
        """Let the respondents be where they are in another world (or, with -1, where they really are)."""
        for (table, row, place), amount in world.items():
            self.free[table][row][place] += amount * times


def _worth(count: int, cuts: int) -> float:
    return WORTH[min(cuts, 4)] * (1.5 if count == 0 else 1 + min(count, 500) / 1000)


class Teller:
    """Finds the cheapest story along given shifts for up to `need` respondents."""

    def __init__(
        self, board: Board, shifts: Sequence[Shift], need: int, is_whole: bool, toll: float | None = None
    ) -> None:
        """`is_whole`: the shifts change totals; everybody together must stay as many.

        `toll`: the price of each group that has nobody to move; without it such stories are impossible.
        """
        self.board, self.nodes, self.toll = board, board.model.nodes, toll
        self.shifts, self.need, self.is_whole = shifts, need, is_whole
        self.known: dict[Step, Story | None] = {}

    def one(self, row: int, sign: int) -> Story | None:
        """Only this row, with this sign."""
        step = row, sign
        if step not in self.known:
            self.known[step] = self._one(row, sign)
        return self.known[step]

    def _one(self, row: int, sign: int) -> Story | None:
        room, price = PLENTY, 0.0
        for table, more, less, raised, lowered in self.shifts:
            free, worth = self.board.free[table][row], self.board.price[table][row]
            left = [free[place] for place in (less if sign > 0 else more)]
            if left and min(left) <= 0:
                if self.toll is None:
                    return None
                price += self.toll * sum(1 for n in left if n <= 0)
            room = min([room, *left])
            price += sum([worth[place] for place in raised]) + sum([worth[place] for place in lowered])
        return None if price == inf else Story(max(room, 1), price, ((row, sign),))

    def better(self, one: Story | None, other: Story | None) -> Story | None:
        """The cheaper of two."""
        if one is None or other is None:
            return one or other
        return other if other.rate(self.need) < one.rate(self.need) else one

    def passed_down(self, node: int, signs: Sequence[Step], but: int) -> Story | None:
        """What the nodes below must do when rows of this node get these signs."""
        story: Story | None = NOTHING
        for child in self.nodes[node].children:
            via = self.nodes[child].via
            sign = sum(sign for row, sign in signs if row in via)
            if sign and child != but and story is not None:
                story = story.and_also(self.shared_out(child, sign))
        return story

    def shared_out(self, node: int, sign: int) -> Story | None:
        """The base of this node changes: one of its rows takes it."""
        best: Story | None = None
        for row in self.nodes[node].rows:
            best = self.better(best, self.together(node, [(row, sign)]))
        return best

    def together(self, node: int, signs: Sequence[Step], but: int = -1) -> Story | None:
        """Rows of a node with their signs, and what follows below (`but`: in one child it is seen to already)."""
        story: Story | None = NOTHING
        for row, sign in signs:
            story = story and story.and_also(self.one(row, sign))
        if story is not None and self.nodes[node].children:
            story = story.and_also(self.passed_down(node, signs, but))
        return story

    def lifted(self, node: int, sign: int) -> Story | None:
        """The base of this node changes: the parent trades between its rows, or its own base changes too."""
        parent = self.nodes[node].parent
        if parent is None:
            return None if self.is_whole else NOTHING
        best: Story | None = None
        for row in self.nodes[node].via:
            for other in self.nodes[parent].rows:
                if other not in self.nodes[node].via:
                    best = self.better(best, self.together(parent, [(row, sign), (other, -sign)], node))
            best = self.better(best, self.carried(parent, row, sign, node))
        return best

    def carried(self, node: int, row: int, sign: int, but: int = -1) -> Story | None:
        """A row gains and the base of its node with it."""
        story = self.together(node, [(row, sign)], but)
        return story and story.and_also(self.lifted(node, sign))

    def best(self, row: int, sign: int, limit: float = inf) -> Story | None:
        """The cheapest story in which this row gets this sign, if its rate is below the limit."""
        node = self.board.model.rows[row].node
        best = self._best_trade(node, row, sign)
        if best is not None:
            limit = min(limit, best.rate(self.need))
        if self._lifts_below(node, row, sign, limit):
            best = self.better(best, self.carried(node, row, sign))
        return best

    def _best_trade(self, node: int, row: int, sign: int) -> Story | None:
        """The cheapest exchange of this row with another of its node."""
        if self.nodes[node].children:
            best: Story | None = None
            for other in self.nodes[node].rows:
                if other != row:
                    best = self.better(best, self.together(node, [(row, sign), (other, -sign)]))
            return best
        alone = self.one(row, sign)
        others = [self.one(other, -sign) for other in self.nodes[node].rows if other != row]
        found = [story for story in others if story is not None]
        if alone is None or not found:
            return None
        room = min(alone.room, self.need)
        rates = [(alone.price + story.price + 0.5) / min(room, story.room) for story in found]
        return alone.and_also(found[rates.index(min(rates))])

    def _lifts_below(self, node: int, row: int, sign: int, limit: float) -> bool:
        """Whether moving the base too could cost less; looking closer concerns all questions."""
        alone = self.one(row, sign)
        if alone is None or alone.rate(self.need) >= limit:
            return False
        bases = [self.one(base, sign) for base in self.nodes[node].via]
        both = [alone.and_also(base) for base in bases if base]
        return not bases or any(story.rate(self.need) < limit for story in both if story)
