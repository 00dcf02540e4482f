"""The moves worth trying for a number that has to move."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from operator import itemgetter

from portal.figures.suppression.grid import Grid, Pair, Shift
from portal.figures.suppression.moves import PLENTY, Board, Cell, Move, Teller

PARTNERS = (1, 99, 8, 3, 2)
"""How many other categories are tried in each dimension, by the number of dimensions that trade."""
CARRIERS = 3
"""How many groups of each table are tried as those that carry a change of the totals."""
MOST_OPENINGS = 10
TOLL = 1000.0
UNSURE = 6.0
"""By how many times chance makes a move look dearer than it is."""


Choice = tuple[float, int, tuple[Pair, ...]]
"""A way for some dimensions to take part: the least it can cost, the most room there can be, the pairs."""


def choose(board: Board, cell: Cell, sign: int, need: int) -> Move | None:
    """The move that gives the cell this sign at the lowest price for each respondent moved, or one of chance."""
    table, row, place = cell
    grid = board.model.grids[table]
    is_whole = place == grid.total
    best: Move | None = None
    best_rate = 1e18
    tried = (
        _whole_shifts(board, row) if is_whole else _by_rate(board, grid, _choices(board, grid, row, place, sign), need)
    )
    for least_rate, shifts in tried:
        if best is not None and (least_rate >= best_rate or board.chance):
            break
        teller = Teller(board, shifts, need, is_whole)
        alone = teller.one(row, sign)
        if alone is None or alone.rate(need) >= best_rate:
            continue
        story = teller.best(row, sign, best_rate)
        if story is not None and story.rate(need) < best_rate:
            best, best_rate = Move(shifts, story, min(story.room, need)), story.rate(need)
    return best


def _by_rate(board: Board, grid: Grid, choices: list[Choice], need: int) -> Iterator[tuple[float, list[Shift]]]:
    """The shifts of these choices and the least they can cost for each respondent, the least first."""
    rated = [((price + 0.5) / (room if room < need else need), pairs) for price, room, pairs in choices]
    if board.chance:
        rated = [(rate * board.chance.uniform(1, UNSURE), pairs) for rate, pairs in rated]
    rated.sort(key=itemgetter(0))
    return ((rate, [grid.shift(pairs)]) for rate, pairs in rated)


def openings(board: Board, cell: Cell, sign: int) -> list[Move]:
    """Moves that would do if there were somebody to move: first those that lack the fewest."""
    table, row, place = cell
    grid = board.model.grids[table]
    if place == grid.total:
        return []
    found = []
    for _price, _room, pairs in _choices(board, grid, row, place, 0):
        shifts = [grid.shift(pairs)]
        story = Teller(board, shifts, 1, False, TOLL).best(row, sign)
        if story is not None:
            found.append(Move(shifts, story, 1))
    found.sort(key=lambda move: move.story.price)
    return found[:MOST_OPENINGS]


def _choices(board: Board, grid: Grid, row: int, place: int, sign: int) -> list[Choice]:
    """The shifts that change this number and not the total of the table; with a sign, only what has room for it."""
    at = grid.places[place]
    trading = [where != size for where, size in zip(at, grid.sizes, strict=True)]
    free = board.free[grid.index][row]
    found: list[Choice] = []
    for start in _starts(grid, at):
        if sign >= 0 or free[start] > 0:
            choices: list[Choice] = [(0.0, free[start] if sign < 0 else PLENTY, ())]
            for n in range(len(at)):
                ways = _ways(board, grid, row, start, n, sign, trading)
                choices = [
                    (price + more, room if room < left else left, pairs + pair)
                    for price, room, pairs in choices
                    for more, left, pair in ways
                ]
            found += choices
    return [choice for choice in found if any(pair[2] for pair in choice[2])] if sum(trading) > 1 else found


def _ways(
    board: Board, grid: Grid, row: int, start: int, dimension: int, sign: int, trading: list[bool]
) -> list[Choice]:
    """How this dimension can take part: carried where the number is a total of it, else traded."""
    free, price = board.free[grid.index][row], board.price[grid.index][row]
    size, stride = grid.sizes[dimension], grid.strides[dimension]
    here = start // stride % (size + 1) * stride
    into_total = 0.0, PLENTY, (Pair(here, size * stride, False),)
    if not trading[dimension]:
        return [into_total]
    rest = start - here
    others = [n * stride for n in range(size) if n * stride != here]
    if sign > 0:
        others = [n for n in others if free[rest + n] > 0]
    others.sort(key=lambda n: (price[rest + n], -free[rest + n]))
    ways: list[Choice] = [
        (price[rest + n], free[rest + n] if sign > 0 else PLENTY, (Pair(here, n, True),))
        for n in others[: PARTNERS[min(sum(trading), 4)]]
    ]
    if sum(trading) > 1 and not price[rest + size * stride]:  # the total is withheld already: it may move too
        ways.append(into_total)
    return ways


def _starts(grid: Grid, at: tuple[int, ...]) -> list[int]:
    """The single groups that are part of the number."""
    starts = [0]
    for where, size, stride in zip(at, grid.sizes, grid.strides, strict=True):
        steps = range(size) if where == size else [where]
        starts = [start + step * stride for start in starts for step in steps]
    return starts


def _whole_shifts(board: Board, row: int) -> Iterator[tuple[float, list[Shift]]]:
    """The shifts that change the total of a row: in every table some group carries it. What they cost is open."""
    rows = board.model.nodes[board.model.rows[row].node].rows
    seen = set()
    for other in [n for n in rows if n != row] or rows:
        carriers = [_carriers(board, grid, row, other) for grid in board.model.grids]
        for places in product(*carriers):
            if places not in seen:
                seen.add(places)
                yield 0.0, [grid.carry(place) for grid, place in zip(board.model.grids, places, strict=True)]


def _carriers(board: Board, grid: Grid, row: int, other: int) -> list[int]:
    free, prices = board.free[grid.index][other], board.price[grid.index]
    places = [place for place in grid.single if free[place] > 0]
    places.sort(key=lambda place: (-min(free[place], 5), prices[row][place] + prices[other][place]))
    return places[:CARRIERS]
