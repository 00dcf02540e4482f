"""What was published before, and what of it must still hold when more is published.

Each publication counts the respondents of the one before and those added since. Earlier numbers are known, so only
those added since can move now; a bundle found then stays good where all it changed is withheld again, or where those
added since can make up for it, so that nothing that is published now shows a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from portal.figures.suppression.guard import Guard
from portal.figures.suppression.model import Model
from portal.figures.suppression.moves import Cell
from portal.figures.suppression.publication import Publication
from portal.figures.suppression.questionnaire import Questionnaire
from portal.figures.suppression.search import Bundle, World


class Past:
    """The publications before this one, oldest first; perhaps none."""

    def __init__(
        self, questionnaire: Questionnaire, publications: Sequence[Publication], unanswered: Collection[str]
    ) -> None:
        self.publications, self.unanswered = publications, unanswered
        self.standing: list[Bundle] = []
        """Bundles that stay good if what they change is withheld again."""
        self.settled: list[Bundle] = []
        """Bundles that those added since make up for."""
        self.is_broken = False
        """Answers were taken away that protected earlier numbers."""
        self.dropped = set(publications[-1].dropped) if publications else set()
        """Tables not shown then are not shown now: nothing guards what could be worked out from both."""
        self.has_crossing = bool(publications) and questionnaire.crossing in publications[-1].views
        if publications:
            self._sort(questionnaire, publications[-1])

    def _sort(self, questionnaire: Questionnaire, last: Publication) -> None:
        self.model = Model(last.questionnaire, last.views, self.unanswered)
        now = Model(questionnaire, last.views, self.unanswered)
        rows = [self.model.named[row.name] for row in last.model.rows]
        for bundle in last.bundles():
            mapped = Bundle(_renamed(bundle.up, rows), _renamed(bundle.down, rows), bundle.since)
            changes = [
                (n, self.model.counts[table][row][place], now.counts[table][row][place])
                for world in (mapped.up, mapped.down)
                for (table, row, place), n in world.items()
                if place in self.model.grids[table].single
            ]
            if all(n <= max(new - old, 0) for n, old, new in changes):
                self.settled.append(mapped)
            elif all(-n <= max(old - new, 0) for n, old, new in changes):
                self.settled.append(mapped)  # all who move there were taken away since
            elif all(-n <= min(old, new) for n, old, new in changes):
                self.standing.append(mapped)
            else:
                self.is_broken = True

    def free(self, model: Model) -> list[list[list[int]]]:
        """How many were added since, in the tables of this model: they alone can move."""
        if not self.publications:
            return [[list(row) for row in table] for table in model.counts]
        before = self._in(model, self.publications[-1])
        return [
            [[max(new - old, 0) for new, old in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]
            for tables in zip(model.counts, before.counts, strict=True)
        ]

    def _in(self, model: Model, publication: Publication) -> Model:
        return Model(publication.questionnaire, [grid.cuts for grid in model.grids], self.unanswered)

    def translated(self, model: Model, bundle: Bundle) -> Bundle:
        """A bundle in the tables of this model."""
        return Bundle(self._world(model, bundle.up), self._world(model, bundle.down), bundle.since)

    def _world(self, model: Model, world: World) -> World:
        found: World = {}
        for grid in model.grids:
            source = next(old for old in self.model.grids if set(old.cuts).issuperset(grid.cuts))
            there = [(row, source.keys[place], n) for (table, row, place), n in world.items() if table == source.index]
            for row, key, n in there:
                if key in grid.by_key:
                    found[grid.index, row, grid.by_key[key]] = n
        return found

    def needs(self, guard: Guard) -> list[Cell]:
        """Withhold what has to be, and return what needs a bundle of its own.

        Small counts are kept, and small differences to what any earlier publication counted, whether it showed them
        or not.
        """
        model, threshold = guard.model, guard.threshold
        standing = [self.translated(model, bundle) for bundle in self.standing]
        settled = [self.translated(model, bundle) for bundle in self.settled]
        guard.standing = standing
        for bundle in standing:
            guard.withhold(bundle.changes())
        earlier = [(publication.number, self._in(model, publication).counts) for publication in self.publications]
        needed = []
        for cell in sensitive_cells(model):
            table, row, place = cell
            count = model.counts[table][row][place]
            changed = [n for n, counts in earlier if 0 < abs(count - counts[table][row][place]) < threshold]
            is_small = 0 < count < threshold
            if is_small or changed:
                guard.withhold([cell])
                small_is_kept = not is_small or any(bundle.width(cell) >= threshold for bundle in standing)
                change_is_kept = all(
                    any(bundle.since <= n and bundle.width(cell) >= threshold for bundle in settled) for n in changed
                )
                if not small_is_kept or not change_is_kept:
                    needed.append(cell)
        return needed


def sensitive_cells(model: Model) -> list[Cell]:
    """All numbers that must not give away few people; the totals of the tables once."""
    return [
        (grid.index, row, place)
        for grid in model.grids
        for row, kind in enumerate(model.rows)
        if kind.is_sensitive
        for place in range(grid.length)
        if place != grid.total or grid.index == 0
    ]


def _renamed(world: World, rows: list[int]) -> World:
    return {(table, rows[row], place): n for (table, row, place), n in world.items()}
