"""Where rows begin in a version's data.json, so that a page can be cut out of it without reading what is before.

The file: the SHA-256 of data.json (32 bytes) and how many rows there are from one mark to the next (4 bytes), then the
marks (8 bytes each): where row 1 begins, row 1 + n, row 1 + 2n, ..., and where the last row ends. Numbers are
little-endian. data.json has one row a line, between a line `[` and a line `]`.
"""

from __future__ import annotations

import struct
from itertools import islice
from pathlib import Path

HEADER = struct.Struct("<32sI")
MARK = struct.Struct("<Q")
APART = 50
"""A page is read with the rows before it down to the next mark; 20,000 marks of 1,000,000 rows are 160 kB."""


def write_marks(data: Path, sha256: str, rows: int, target: Path) -> None:
    """Write the marks of a data.json of so many rows; raises `ValueError` where it is not one row a line."""
    with data.open("rb") as lines, target.open("wb") as marks:
        marks.write(HEADER.pack(bytes.fromhex(sha256), APART))
        at = len(next(lines))
        for number, line in enumerate(islice(lines, rows)):
            if number % APART == 0:
                marks.write(MARK.pack(at))
            at += len(line)
        marks.write(MARK.pack(at))
        if rows and next(lines, b"").strip() != b"]":
            raise ValueError("data.json does not have one row a line")
