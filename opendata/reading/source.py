"""What every kind of file is turned into: numbered rows of text cells, and what is known about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from opendata.reading.encodings import Encoding
from opendata.reading.report import PersonalFinding, Sheet

# A row: the line of the file (or row of the sheet) it begins on, and its cells; "" is an empty cell.
Row = tuple[int, list[str]]
# First row, first column, last row, last column of merged cells, 0-based.
Merged = tuple[int, int, int, int]


@dataclass
class Source:
    """An opened file. `titles` is given where the kind knows its column names (JSON); then `rows` are data only."""

    kind: str
    rows: Iterator[Row]
    encoding: Encoding | None = None
    delimiter: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    sheet: str = ""
    merged: list[Merged] = field(default_factory=list)
    titles: list[str] | None = None
    elsewhere: list[PersonalFinding] = field(default_factory=list)  # about people, beside the table
    close: Callable[[], None] = lambda: None
