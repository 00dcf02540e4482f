"""Withholds small counts and, with each, what it takes that it cannot be worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from random import Random

from portal.figures.suppression.moves import Board, Cell
from portal.figures.suppression.questionnaire import View
from portal.figures.suppression.search import Bundle, Search, World

MOST_STARTS = 12
CHANCES = 60
"""How often a search is tried by chance, always in the same way, after what seemed best has failed."""


class Guard:
    """The work on the tables of one publication.

    Level by level, totals first: a number that has to be kept is withheld; then a bundle is looked for in which it
    lies the threshold apart, and all the bundle changes is withheld with it. Where there is none, its table is not
    shown of any question: what one question leaves open the others could close.
    """

    def __init__(self, board: Board, threshold: int, crossing: View = (), *, drops: bool = True) -> None:
        """`crossing`: given where the cuts alone are settled: its own small numbers must cost none of theirs.

        `drops`: tables may be dropped; else it fails, as it does where the crossing endangers the cuts.
        """
        self.board, self.model, self.threshold, self.crossing = board, board.model, threshold, crossing
        self.dropped: set[View] = set()
        """The tables that are not shown; () stands for all questions, of which nothing is."""
        self.bundles: list[Bundle] = []
        self.standing: list[Bundle] = []
        """Bundles of earlier publications that still have to hold."""
        self.kept: set[Cell] = set()
        """What is withheld for its own sake, or for that of earlier publications."""
        self.highest: dict[Cell, World] = {}
        """For numbers that wait, the world found so far in which they are largest."""
        self.drops = drops and not crossing
        self.has_failed = False
        """Something cannot be kept if all this is shown."""

    def view(self, cell: Cell) -> View:
        """The cuts a number is divided by."""
        return self.model.grids[cell[0]].views[cell[2]]

    def withhold(self, cells: Iterable[Cell]) -> None:
        """Withhold numbers whatever comes."""
        for cell in cells:
            self.kept.add(cell)
            self.board.hide(cell)

    def is_dropped(self, cell: Cell) -> bool:
        """Whether the number belongs to a table that is not shown."""
        return any(_falls(cell[1], self.view(cell), view) for view in self.dropped)

    def drop(self, view: View) -> None:
        """Show no table by this view, nor those divided further."""
        self.dropped.add(view)
        for grid in self.model.grids:
            for row in range(len(self.model.rows)):
                self.withhold(
                    (grid.index, row, place) for place, cuts in enumerate(grid.views) if _falls(row, cuts, view)
                )

    def protect(self, cells: Iterable[Cell]) -> None:
        """Withhold these numbers so that each keeps the threshold's width of uncertainty."""
        cells = dict.fromkeys(cells)
        self.withhold(cells)
        waiting = dict.fromkeys(sorted(cells, key=lambda cell: (len(self.view(cell)), cell[1])))
        while waiting and not self.has_failed:
            cell = next(iter(waiting))
            del waiting[cell]
            if self.crossing and len(self.view(cell)) > 1:
                self.board.keep(2)
            bundle = None if self.is_dropped(cell) else self._search(cell)
            if bundle is not None:
                self.bundles.append(bundle)
                self._learn(bundle, waiting)
            elif not self.is_dropped(cell):
                self.has_failed = not self.drops
                self.drop(self.view(cell))
        self._tidy(cells)

    def _learn(self, bundle: Bundle, waiting: dict[Cell, None]) -> None:
        """Some that wait lie apart already; others come closer to it in the bundle's upper world."""
        for cell in bundle.changes():
            if cell in waiting:
                if bundle.width(cell) >= self.threshold:
                    del waiting[cell]
                elif bundle.up.get(cell, 0) > self.highest.get(cell, {}).get(cell, 0):
                    self.highest[cell] = bundle.up

    def _covers(self, bundle: Bundle, cells: Collection[Cell]) -> list[Cell]:
        return [cell for cell in bundle.changes() if cell in cells and bundle.width(cell) >= self.threshold]

    def _search(self, cell: Cell) -> Bundle | None:
        """What seems best from several worlds; then chance."""
        starts = []
        for start in self._starts(cell):
            starts.append(start)
            bundle = Search(self.board, cell, self.threshold).run(start)
            if bundle is not None:
                return bundle
        for n in range(CHANCES):
            chance = Random(n)  # noqa: S311 - nothing secret: the same way each time
            self.board.chance = chance if n else None
            start = {} if n % 2 == 0 else chance.choice(starts)
            bundle = Search(self.board, cell, self.threshold).run(start, opens=n % 4 in (0, 3))
            self.board.chance = None
            if bundle is not None:
                return bundle
        return None

    def _starts(self, cell: Cell) -> Iterator[World]:
        """Worlds to search from: that in which the cell is largest, the true one, and those found before in which a
        total of the cell, or its base, is larger."""
        if cell in self.highest and len(self.crossing) > 2:  # so many that not each can begin anew
            yield self.highest[cell]
        yield {}
        table, row, place = cell
        rows = [row, *self.model.nodes[self.model.rows[row].node].via]
        tops = [(table, number, above) for above in self.model.grids[table].above(place) for number in rows]
        worlds = [world for bundle in self.bundles for world in (bundle.up, bundle.down)]
        worth = [sum(1 for top in tops if world.get(top, 0) > 0) for world in worlds]
        best = sorted((n for n, found in enumerate(worth) if found), key=lambda n: -worth[n])
        yield from (worlds[n] for n in best[:MOST_STARTS])

    def _tidy(self, cells: Collection[Cell]) -> None:
        """Let go of bundles whose numbers others keep apart as well; show what was withheld for them alone."""
        covered = [self._covers(bundle, cells) for bundle in self.bundles]
        times = Counter(cell for each in covered for cell in each)
        needed = []
        for bundle, each in zip(self.bundles, covered, strict=True):
            if any(times[cell] == 1 for cell in each):
                needed.append(bundle)
            else:
                times.subtract(each)
        self.bundles = needed
        self.board.clear()
        for cell in self.kept.union(*(bundle.changes() for bundle in needed)):
            self.board.hide(cell)


def _falls(row: int, cuts: View, dropped: View) -> bool:
    """Whether a row's numbers by these cuts are part of what is dropped; everybody's total never is."""
    return set(cuts).issuperset(dropped) and bool(dropped or row)
