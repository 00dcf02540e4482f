"""How a text file separates its cells: the delimiter that splits the most lines evenly, with or without quoting."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from opendata.reading.choices import DELIMITERS

_PREFERRED = ("\t", ";", "|", ",")  # on a tie: a comma is also found in numbers and sentences
_EVEN_ENOUGH = 0.5
_LINES = 2_000


@dataclass(frozen=True)
class Dialect:
    """Delimiter, whether quotation marks quote, whether blanks after the delimiter are skipped; and how even it was."""

    delimiter: str
    quoted: bool = True
    skip_blanks: bool = False
    evenness: float = 1.0

    def settings(self) -> dict[str, Any]:
        """The keyword arguments for csv.reader."""
        quoting = csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE
        return {"delimiter": self.delimiter, "quoting": quoting, "skipinitialspace": self.skip_blanks, "strict": True}


def detect(lines: list[str], chosen: str | None, *, whole: bool) -> Dialect:
    """The dialect of the first lines of a file (`whole` if they are all of it).

    `evenness` is the share of rows with the usual number of cells; 0 means no delimiter fits and one column was taken.
    """
    lines = lines[:_LINES]
    quotes = any('"' in line for line in lines)
    found: list[tuple[float, int, int, Dialect]] = []
    for delimiter in (chosen,) if chosen else DELIMITERS:
        if not any(delimiter in line for line in lines):
            continue
        variants = [(True, False), (True, True)] if quotes else [(True, False)]
        if quotes and not _quotes_in_earnest(lines, delimiter):
            variants.append((False, False))
        for place, (quoted, skip_blanks) in enumerate(variants):
            evenness, width = _evenness(lines, Dialect(delimiter, quoted, skip_blanks), whole=whole)
            if width > 1 and (evenness >= _EVEN_ENOUGH or _splits_most(lines, delimiter)):
                dialect = Dialect(delimiter, quoted, skip_blanks, evenness)
                found.append((-evenness, place, _PREFERRED.index(delimiter), dialect))
    if found:
        return min(found, key=lambda one: one[:3])[3]
    return Dialect(chosen or _unused(lines), quotes and _quotes_whole_lines(lines, whole=whole), False, 0.0)


def _evenness(lines: list[str], dialect: Dialect, *, whole: bool) -> tuple[float, int]:
    """The share of rows with the usual number of cells, and that number; a row with broken quotes is uneven."""
    widths: Counter[int] = Counter()
    reader = csv.reader(iter(lines), **dialect.settings())
    broken = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if whole or "end of data" not in str(error):
                broken += 1
            continue
        if any(row):
            widths[len(row)] += 1
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
    return count / (widths.total() + broken), width


def _quotes_in_earnest(lines: list[str], delimiter: str) -> bool:
    """Whether at least half of the quotation marks stand round whole cells: then a broken one is a fault."""
    edge = re.escape(delimiter)
    text = "".join(lines)
    whole = re.findall(rf'(?:^|(?<={edge}))[ ]*"(?:[^"]|"")*"(?={edge}|$|\r)', text, re.M)
    return sum(cell.count('"') for cell in whole) >= text.count('"') / 2


def _splits_most(lines: list[str], delimiter: str) -> bool:
    """Whether the first line and most others have the delimiter, in a file so ragged that no width is usual."""
    filled = [line for line in lines if line.strip()]
    return delimiter in filled[0] and sum(delimiter in line for line in filled) > 0.6 * len(filled)


def _quotes_whole_lines(lines: list[str], *, whole: bool) -> bool:
    """Whether quoting makes sense in a file of one column: no line breaks its rules."""
    return _evenness(lines, Dialect("\x1f"), whole=whole)[0] == 1.0


def _unused(lines: list[str]) -> str:
    """A delimiter that occurs nowhere, for a file of one column."""
    return next((mark for mark in _PREFERRED if not any(mark in line for line in lines)), "\t")
