"""Small-cell suppression: what of a questionnaire's counts may be shown.

The rules
- A count of 1 to threshold-1 is never shown. Zeros are: that nobody of a group chose an option says nothing about any
  single person in it that its total does not say; they are withheld only where they help to protect another number.
- A count that is withheld cannot be worked out from everything shown - totals, all cuts, the crossing, the number of
  answers, the other questions, what was published before - nor bounded more narrowly than the threshold, even by
  somebody who knows that counts are not negative and solves the linear programme.
- Therefore further numbers are withheld. The reader is never told which are small and which protect.

How it is guaranteed
For each small count two possible worlds are constructed in which it lies at least the threshold apart and which differ
from the truth only in numbers that are withheld: respondents trade places, in each dimension between two categories (or
into a total that is withheld too), so that every other sum stays. All questions share one set of respondents, so moving
people between groups moves them in every question, and along the skip rules. See moves.py, search.py, guard.py.

What is given up, in this order, where that cannot be done
The crossing, also where most of its numbers are small or where it would cost the cuts more than it shows; a cut; all
of the questions but the number of respondents. It is given up for all questions alike: what one leaves open the
others could close. Fewer respondents than the threshold: nothing is shown.

What it does not hide: that all of a group chose the same (its other options are 0); what somebody knows besides the
tables, such as options that are impossible for a group, or the answers of people they know; how many left a question
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.figures.suppression.checks import check
from portal.figures.suppression.guard import Guard
from portal.figures.suppression.model import Model, unanswered
from portal.figures.suppression.moves import WORTH, Board
from portal.figures.suppression.past import Past
from portal.figures.suppression.publication import Publication, packed
from portal.figures.suppression.questionnaire import TOTAL, Counts, Question, Questionnaire, View

THRESHOLD = 5
MOSTLY = 0.6
"""A crossing of whose numbers so many are small is not tried."""


def protect(
    questionnaire: Questionnaire, *, threshold: int = THRESHOLD, earlier: Sequence[Publication] = ()
) -> Publication:
    """Decide what of a questionnaire may be shown. Raises ValueError where its tables contradict each other.

    `earlier`: everything published before of the same questionnaire, oldest first. Numbers published then are taken as
    known, small differences to them are kept like small counts, and what was withheld stays so where showing it would
    give away an earlier number. Where too little was added since - fewer than `threshold` respondents, or not enough to
    show again every table that was shown - or answers were taken away that protected others, the last publication is
    given again (`repeated`).
    """
    check(questionnaire, [publication.questionnaire for publication in earlier])
    earlier = [publication for publication in earlier if publication.total is not None]
    silent = unanswered(questionnaire).union(*(publication.unanswered for publication in earlier))
    past = Past(questionnaire, earlier, silent)
    if earlier and (past.is_broken or _is_too_close(questionnaire, earlier, silent, threshold)):
        return replace(earlier[-1], repeated=True)
    guard = _best(questionnaire, past, threshold)
    if guard is None:
        return replace(earlier[-1], repeated=True)
    return _publication(questionnaire, guard, silent, threshold, len(earlier) and earlier[-1].number + 1)


def _best(questionnaire: Questionnaire, past: Past, threshold: int) -> Guard | None:
    """The work on the cuts, or on the crossing too where that can be; None where less could be shown than before."""
    cuts: list[View] = [(cut,) for cut in questionnaire.cuts] or [()]
    plain = _work(questionnaire, cuts, past, threshold)
    if plain.has_failed:
        return None
    if not questionnaire.crossing or (past.publications and not past.has_crossing):
        return plain
    if not past.publications and _is_sparse(questionnaire, threshold):
        return plain
    both = _work(questionnaire, questionnaire.tables(), past, threshold, plain)
    if past.publications:
        return None if both.has_failed else both
    return plain if both.has_failed or _value(plain) >= _value(both) else both


def _is_too_close(
    questionnaire: Questionnaire, earlier: Sequence[Publication], silent: set[str], threshold: int
) -> bool:
    """Whether too few respondents were added since some earlier publication, or nothing changed since the last."""
    now, *before = (
        Model(tables, questionnaire.tables(), silent).counts
        for tables in (questionnaire, *(publication.questionnaire for publication in earlier))
    )
    everybody = [counts[0][0][-1] for counts in before]
    return now == before[-1] or any(0 < abs(now[0][0][-1] - total) < threshold for total in everybody)


def _work(
    questionnaire: Questionnaire, views: Sequence[View], past: Past, threshold: int, plain: Guard | None = None
) -> Guard:
    """Protect the tables of these views; with `plain`, the work on the cuts alone, at no cost to what that shows."""
    model = Model(questionnaire, views, past.unanswered)
    board = Board(model, past.free(model))
    guard = Guard(board, threshold, questionnaire.crossing if plain else (), drops=not past.publications)
    for view in past.dropped | (plain.dropped if plain else set()):
        guard.drop(view)
    needed = past.needs(guard)
    if plain:
        _follow(board, plain)
    guard.protect(needed)
    return guard


def _follow(board: Board, plain: Guard) -> None:
    """Prefer to withhold what the work on the cuts alone withheld."""
    for grid in board.model.grids:
        for place, view in enumerate(grid.views):
            if len(view) < 2:
                source = next(g for g in plain.model.grids if set(view) <= set(g.cuts))
                there = source.by_key[grid.keys[place]]
                for row in range(len(board.model.rows)):
                    if plain.board.hidden[source.index][row][there]:
                        board.hide((grid.index, row, place))


def _is_sparse(questionnaire: Questionnaire, threshold: int) -> bool:
    """Whether most numbers of the crossing are small: with those that protect them hardly any would be left."""
    tables = [question.counts or question.answered for question in questionnaire.questions]
    counts = [n for table in tables or [questionnaire.respondents] for n in table[questionnaire.crossing].values() if n]
    return sum(1 for n in counts if n < threshold) > MOSTLY * len(counts)


def _value(guard: Guard) -> float:
    """The numbers of options that are shown, weighed: a crossing full of gaps is not worth numbers of the cuts."""
    return sum(
        WORTH[len(view)]
        for grid in guard.model.grids
        for row, kind in enumerate(guard.model.rows)
        if kind.worth == 1
        for place, view in enumerate(grid.views)
        if guard.model.counts[grid.index][row][place]
        and not guard.board.hidden[grid.index][row][place]
        and (view or grid.index == 0)
    )


def _publication(
    questionnaire: Questionnaire, guard: Guard, silent: set[str], threshold: int, number: int
) -> Publication:
    for bundle in guard.bundles:
        bundle.since = number
    return Publication(
        questionnaire=questionnaire,
        threshold=threshold,
        number=number,
        views=tuple(grid.cuts for grid in guard.model.grids),
        unanswered=frozenset(silent),
        withheld=tuple(tuple(bytes(row) for row in table) for table in guard.board.hidden),
        dropped=frozenset(guard.dropped),
        protection=packed(guard.model, [*guard.standing, *guard.bundles]),
    )


@dataclass(frozen=True)
class ProtectedTable:
    """A table with all its totals, small cells withheld."""

    publication: Publication

    def at(self, *coordinates: str) -> int | None:
        """The count of a cell, each coordinate a category or TOTAL; None is withheld."""
        option, *groups = coordinates
        cuts = {_cut(n): name for n, name in enumerate(groups) if name != TOTAL}
        figures = self.publication["table"]
        return figures.answered(**cuts) if option == TOTAL else figures.at(option, **cuts)


def protect_table(
    counts: Counts,
    dimensions: Sequence[Sequence[str]],
    *,
    threshold: int = THRESHOLD,
    earlier: Sequence[Publication] = (),
) -> ProtectedTable:
    """One table of any number of dimensions, published with all its margins: {("late", "unit a", "2026-01"): 3}.

    Where the whole cannot be shown, the cells divided by all dimensions go first, then margins.
    """
    options, *groups = dimensions
    cuts = {_cut(n): tuple(names) for n, names in enumerate(groups)}
    view = tuple(cuts)
    everybody: dict[tuple[str, ...], int] = {}
    for (_option, *place), count in counts.items():
        everybody[tuple(place)] = everybody.get(tuple(place), 0) + count
    question = Question("table", tuple(options), {view: counts})
    crossing = view if len(view) > 1 else ()
    questionnaire = Questionnaire(cuts, {view: everybody}, (question,), crossing)
    return ProtectedTable(protect(questionnaire, threshold=threshold, earlier=earlier))


def _cut(number: int) -> str:
    return f"cut{number}"
