"""Every kind of file becomes one plain CSV in UTF-8 - line number, then trimmed cells - for DuckDB to read exactly.

This pass settles structure: header, width, ragged and blank rows, with the line of each. DuckDB's own sniffing is not
used: it skips and pads silently, and does not know the lines.
"""

from __future__ import annotations

import csv
import itertools
from codecs import register_error
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendata.reading.cells import TATWEEL, TRIMMED, trimmed
from opendata.reading.choices import Choices
from opendata.reading.gathering import Problems
from opendata.reading.headers import HEAD_ROWS, Layout, lay_out
from opendata.reading.source import Row, Source

WIDEST = 1_000
SAMPLE_ROWS = 50
_BATCH = 5_000
_HEAD_LINES = 2_000
_LARGE_BATCH = 1024 * 1024
LONGEST_ROW = 16 * 1024 * 1024

Progress = Callable[[str, int], None]


@dataclass
class Normalised:
    """What was written: the titles of the columns, how many rows, the first of them as decoded."""

    titles: list[str]
    header_rows: int
    rows: int = 0
    sample: list[list[str | None]] = field(default_factory=list)
    longest: int = 0  # bytes of the longest row at most, if one is long
    _halves: int = 0


def normalise(source: Source, choices: Choices, problems: Problems, target: Path, progress: Progress) -> Normalised:
    """Write the rows of a source to `target`. Raises Unreadable when there is no table, or it is too wide."""
    head = _head(source.rows)
    if source.titles is not None:
        layout = Layout([_clean(title) for title in source.titles], 0, 0)
    else:
        layout = lay_out(head, source.merged, choices.header_rows, problems)
    if len(layout.titles) > WIDEST:
        raise problems.stop("too_many_columns", columns=len(layout.titles), limit=WIDEST)
    _tell_merged(source, layout, problems)
    done = Normalised([_clean(title) for title in layout.titles], layout.header_rows)
    rows = itertools.chain((row for row in head if row[0] > layout.above), source.rows)
    with target.open("w", encoding="utf-8", newline="", errors=_lone_surrogates(done)) as file:
        out = csv.writer(file, lineterminator="\r\n")  # both characters, or a lone \r would not be quoted
        fitted = _fitted(rows, len(layout.titles), done, problems)
        written = 0
        while batch := list(itertools.islice(fitted, _BATCH)):
            out.writerows(_without_nuls(batch, source, problems))
            done.rows += len(batch)
            before, written = written, file.tell()
            if written - before > _LARGE_BATCH:
                _measure(batch, done, problems)
            progress("reading", done.rows)
    if done._halves:
        problems.add("broken_characters", count=done._halves)
    return done


def _measure(batch: list[list[Any]], done: Normalised, problems: Problems) -> None:
    """Note how long the longest row can be: every character four bytes, or a doubled quotation mark."""
    for row in batch:
        longest = 4 * sum(map(len, row[1:])) + 4 * len(row)
        if longest > LONGEST_ROW:
            raise problems.stop("cell_too_long", line=row[0], limit=LONGEST_ROW // 4)
        done.longest = max(done.longest, longest)


def _head(rows: Iterator[Row]) -> list[Row]:
    """The first rows, enough to see the header: two hundred with content."""
    head: list[Row] = []
    filled = 0
    for row in rows:
        head.append(row)
        filled += any(row[1])
        if filled >= HEAD_ROWS or len(head) >= _HEAD_LINES:
            break
    return head


def _clean(title: str) -> str:
    return trimmed(" ".join(title.replace("\x00", "").encode("utf-8", "replace").decode().split()))[:500]


def _tell_merged(source: Source, layout: Layout, problems: Problems) -> None:
    for top, left, bottom, right in source.merged[:10_000]:
        if top + 1 > layout.above:
            problems.add("merged_cells_in_data", line=top + 1, cells=(bottom - top + 1) * (right - left + 1))


def _fitted(rows: Iterator[Row], width: int, done: Normalised, problems: Problems) -> Iterator[list[Any]]:
    """Rows of exactly `width` trimmed cells after their line number; what had to be done is told."""
    touched = first = 0
    for line, cells in rows:
        if len(cells) != width:
            cells = _of_width(line, cells, width, problems)
        clean = [cell.strip(TRIMMED) for cell in cells]
        if TATWEEL in "".join(clean):
            clean = list(map(trimmed, clean))
        if not any(clean):
            problems.add("blank_rows", line=line)
            continue
        if len(done.sample) < SAMPLE_ROWS:
            done.sample.append([cell.replace("\x00", "").encode("utf-8", "replace").decode() or None for cell in cells])
        if clean != cells:
            touched += 1
            first = first or line
        clean.insert(0, line)  # type: ignore[arg-type]
        yield clean
    if touched:
        problems.add("cells_trimmed", line=first, rows=touched)


def _of_width(line: int, cells: list[str], width: int, problems: Problems) -> list[str]:
    if len(cells) < width:
        if any(cells):
            problems.add("short_rows", line=line, expected=width, found=len(cells))
        return cells + [""] * (width - len(cells))
    extra = [cell for cell in map(trimmed, cells[width:]) if cell]
    if extra:
        problems.add("long_row", line=line, value=" | ".join(extra), expected=width, found=len(cells))
    return cells[:width]


def _without_nuls(batch: list[list[Any]], source: Source, problems: Problems) -> list[list[Any]]:
    """Cells of sheets and JSON without NUL, which neither XML nor PostgreSQL hold; text is checked by line."""
    if source.titles is None and source.encoding is not None:
        return batch
    if not any("\x00" in cell for row in batch for cell in row[1:]):
        return batch
    for row in batch:
        count = sum(cell.count("\x00") for cell in row[1:])
        if count:
            problems.add("nul_removed", line=row[0], count=count)
            row[1:] = [cell.replace("\x00", "") for cell in row[1:]]
    return batch


def _lone_surrogates(done: Normalised) -> str:
    """The name of an error handler that replaces and counts half characters, which JSON can hold and UTF-8 cannot."""

    def replaced(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        done._halves += error.end - error.start
        return "\ufffd" * (error.end - error.start), error.end

    register_error("opendata.reading.halves", replaced)
    return "opendata.reading.halves"
