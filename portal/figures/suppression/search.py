"""Finds for a small count two possible worlds in which it lies far apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.figures.suppression.choices import choose, openings
from portal.figures.suppression.moves import Board, Cell, Move

MOST_MOVES = 12
World = dict[Cell, int]
"""How a possible world differs from the true one: in single groups and in all their sums."""


@dataclass
class Bundle:
    """Two worlds that nobody can tell from the true one as long as all they change is withheld."""

    up: World = field(default_factory=dict)
    down: World = field(default_factory=dict)
    since: int = 0
    """Number of the publication whose new respondents move."""

    def width(self, cell: Cell) -> int:
        """How far a number lies apart in the two."""
        return abs(self.up.get(cell, 0) - self.down.get(cell, 0))

    def changes(self) -> list[Cell]:
        """The numbers that must be withheld for it."""
        return [cell for cell in {**self.up, **self.down} if self.up.get(cell) or self.down.get(cell)]


class Search:
    """One search; it withholds what moves, or leaves everything as it was."""

    def __init__(self, board: Board, cell: Cell, width: int) -> None:
        self.board, self.cell, self.width = board, cell, width
        self.before: list[tuple[Cell, int, float]] = []

    def run(self, start: World | None = None, *, opens: bool = False) -> Bundle | None:
        """Move up, then down, until the cell lies `width` apart; None where that cannot be.

        `start`: another possible world, from which to move up. `opens`: where nobody is left to move, try to bring
        somebody there first.
        """
        bundle = Bundle(dict(start or {}))
        for sign, world in ((1, bundle.up), (-1, bundle.down)):
            self.board.play(world)
            for _ in range(MOST_MOVES):
                need = self.width - bundle.width(self.cell)
                move = choose(self.board, self.cell, sign, need) if need > 0 else None
                if move is not None:
                    self._play(move, world)
                elif need <= 0 or not opens or not self._open(sign, need, world):
                    break
            self.board.play(world, -1)
        if bundle.width(self.cell) >= self.width:
            return bundle
        self._show_again(0)
        return None

    def _play(self, move: Move, world: World) -> None:
        for changed, amount in move.changes():
            table, row, place = changed
            self.board.free[table][row][place] += amount
            world[changed] = world.get(changed, 0) + amount
            self.before.append((changed, self.board.hidden[table][row][place], self.board.price[table][row][place]))
            self.board.hide(changed)

    def _show_again(self, mark: int) -> None:
        for (table, row, place), hidden, price in reversed(self.before[mark:]):
            self.board.hidden[table][row][place], self.board.price[table][row][place] = hidden, price
        del self.before[mark:]

    def _open(self, sign: int, need: int, world: World) -> bool:
        """Make a move possible by others before it, and play them all."""
        for wanted in openings(self.board, self.cell, sign):
            mark, was = len(self.before), dict(world)
            if self._fill(wanted, need, world):
                room = min(wanted.room(self.board), need)
                if room > 0:
                    self._play(wanted._replace(amount=room), world)
                    if (world.get(self.cell, 0) - was.get(self.cell, 0)) * sign > 0:
                        return True
            for table, row, place in world:
                cell = table, row, place
                self.board.free[table][row][place] += was.get(cell, 0) - world[cell]
            world.clear()
            world.update(was)
            self._show_again(mark)
        return False

    def _fill(self, wanted: Move, need: int, world: World) -> bool:
        for table, row, place in wanted.blocked(self.board):
            if self.board.free[table][row][place] <= 0:
                move = choose(self.board, (table, row, place), 1, need)
                if move is None:
                    return False
                self._play(move, world)
        return True
