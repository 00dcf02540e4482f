"""Where the table begins: title lines above it, rows of headers, and what the columns are called."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from opendata.reading.cells import is_missing, is_numberish, is_year, trimmed
from opendata.reading.gathering import Problems
from opendata.reading.source import Merged, Row

HEAD_ROWS = 200
_TITLE_LINES = 30
_HEADER_ROWS = 4
_JOINED = " / "


@dataclass(frozen=True)
class Layout:
    """The titles of the columns, how many rows of headers gave them, and the line of the last row above the data."""

    titles: list[str]
    header_rows: int
    above: int


def lay_out(head: list[Row], merged: list[Merged], chosen: int | None, problems: Problems) -> Layout:
    """Find the header in the first rows of a file; `chosen` is how many rows of headers the publisher counted."""
    rows = [(line, [trimmed(cell) for cell in cells]) for line, cells in head if any(map(trimmed, cells))]
    if not rows:
        raise problems.stop("no_table")
    width = _usual(len(cells) for _, cells in rows)
    titles = _title_lines(rows, width, merged)
    for line, cells in rows[:titles]:
        problems.add("title_lines", line=line, value=" ".join(filter(None, cells)), count=titles)
    table = rows[titles:]
    count = min(_header_rows(table, merged) if chosen is None else chosen, len(table))
    above = table[count - 1][0] if count else (rows[titles - 1][0] if titles else 0)
    if not count:
        if chosen is None:
            problems.add("no_header", line=table[0][0])
        return Layout([""] * width, 0, above)
    if count > 1:
        problems.add("header_joined", line=table[0][0], rows=count)
    return Layout(_joined(table[:count], merged), count, above)


def _usual(numbers: Iterable[int]) -> int:
    """The most frequent number, the greater one on a tie."""
    return max(Counter(numbers).items(), key=lambda one: (one[1], one[0]))[0]


def _filled(cells: list[str]) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell]


def _title_lines(rows: list[Row], width: int, merged: list[Merged]) -> int:
    """How many rows at the top are titles or remarks: one cell, or a name and a value, above a wider table."""
    usual = _usual(len(_filled(cells)) for _, cells in rows)
    if usual < 2:
        return 0
    count = 0
    for line, cells in rows[: min(_TITLE_LINES, len(rows) - 1)]:
        filled = _filled(cells)
        alone = len(filled) == 1 and not _heads_a_group(line, filled[0], width, merged)
        remark = len(filled) == 2 and usual >= 4 and (len(cells) < width or filled == [0, 1])
        if not alone and not remark:
            break
        count += 1
    return count if any(len(_filled(cells)) >= 2 for _, cells in rows[count:]) else 0


def _heads_a_group(line: int, column: int, width: int, merged: list[Merged]) -> bool:
    """Whether a lone cell is merged over some of the columns, not over all: a header such as "Population"."""
    return any(
        top == line - 1 and left == column and right > left and right - left + 1 < width - 1 and column > 0
        for top, left, _, right in merged
    )


def _header_rows(table: list[Row], merged: list[Merged]) -> int:
    numeric = _numeric_columns(table)
    cells = [row for _, row in table]
    if numeric and not _is_header(cells[0], numeric, cells):
        return 0
    count = 1
    while count < _HEADER_ROWS and count < len(cells) - 1 and _continues(cells, count, numeric):
        count += 1
    return min(max(count, _rows_by_merging(table, merged)), _HEADER_ROWS)


def _numeric_columns(table: list[Row]) -> list[int]:
    """Columns in which the lower half of the rows holds numbers or dates."""
    body = [cells for _, cells in table[len(table) // 2 :]]
    found = []
    for place in range(max(len(cells) for cells in body)):
        values = [cells[place] for cells in body if place < len(cells) and not is_missing(cells[place])]
        if values and sum(map(is_numberish, values)) >= 0.8 * len(values):
            found.append(place)
    return found


def _is_header(cells: list[str], numeric: list[int], table: list[list[str]]) -> bool:
    """Whether a row has words where the rows below have numbers; years above other numbers count as words."""
    over = [cells[place] for place in numeric if place < len(cells) and cells[place]]
    numbers = [cell for cell in over if is_numberish(cell)]
    if not numbers:
        return any(not is_missing(cell) for cell in over) or len(_filled(cells)) >= 2
    words = any(cell and not is_numberish(cell) for cell in cells)
    return (
        words and all(map(is_year, numbers)) and len(set(numbers)) == len(numbers) and not _years_below(table, numeric)
    )


def _years_below(table: list[list[str]], numeric: list[int]) -> bool:
    """Whether every numeric column holds years in the second row too, so that the first is a row like any other."""
    if len(table) < 2:
        return True
    below = [table[1][place] for place in numeric if place < len(table[1]) and table[1][place]]
    return bool(below) and all(map(is_year, below))


def _continues(cells: list[list[str]], count: int, numeric: list[int]) -> bool:
    """Whether the next row belongs to the header: distinct words above numbers, under gaps or another language."""
    row = cells[count]
    over = [row[place] for place in numeric if place < len(row) and row[place]]
    if not numeric:
        upper = cells[count - 1]
        return _has_gaps(upper, row) and _has_gaps(row, upper) and not any(map(is_numberish, row))
    if not over or len(set(over)) < min(len(over), 2) or any(is_missing(cell) for cell in over):
        return False
    if any(map(is_numberish, over)):
        return _is_header(row, numeric, cells[count:]) and _has_gaps(cells[count - 1], row)
    return _has_gaps(cells[count - 1], row) or _is_arabic(row) != _is_arabic(cells[count - 1])


def _is_arabic(cells: list[str]) -> bool:
    return sum("\u0600" <= char <= "\u06ff" for cell in cells for char in cell) > sum(map(len, cells)) / 4


def _has_gaps(upper: list[str], lower: list[str]) -> bool:
    return any(low and not up for up, low in itertools.zip_longest(upper, lower, fillvalue=""))


def _rows_by_merging(table: list[Row], merged: list[Merged]) -> int:
    """How many rows the merged cells that begin in the first row make one header."""
    first = table[0][0] - 1
    count = 1
    for top, left, bottom, right in merged:
        if top == first:
            count = max(count, bottom - top + 1 + (right > left and left >= 0))
    return min(count, len(table) - 1) or 1


def _joined(rows: list[Row], merged: list[Merged]) -> list[str]:
    """One title a column: the parts from top to bottom, a merged or open upper cell repeated to its right."""
    width = max(len(cells) for _, cells in rows)
    filled = [[*cells, *[""] * (width - len(cells))] for _, cells in rows]
    for place, (line, _) in enumerate(rows[:-1]):
        spans = [(left, right) for top, left, _, right in merged if top == line - 1 and right > left]
        below = [any(row[column] for row in filled[place + 1 :]) for column in range(width)]
        _spread(filled[place], spans, below)
    titles = []
    for parts in zip(*filled, strict=True):
        kept = [part for part, _ in itertools.groupby(filter(None, parts))]
        titles.append(_JOINED.join(" ".join(part.split()) for part in kept))
    return titles


def _spread(cells: list[str], spans: list[tuple[int, int]], below: list[bool]) -> None:
    """Repeat each upper header over the columns it covers: as merged, or up to the next one where nothing is merged."""
    if spans:
        for left, right in spans:
            for column in range(max(left, 0) + 1, min(right + 1, len(cells))):
                cells[column] = cells[column] or cells[max(left, 0)]
        return
    for column in range(1, len(cells)):
        if not cells[column] and below[column]:
            cells[column] = cells[column - 1]
