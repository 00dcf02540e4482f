"""Pages of a table as it stands, without the engine: they are cut out of the version's data.json.

Most questions are for a first page, or for the next one of a walk through all of a table. What they are answered with
stands in data.json already, a row a line, and `row_marks` tell where.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from opendata.building.row_marks import HEADER, MARK
from opendata.building.schema import ColumnSpec
from opendata.querying import cursors
from opendata.querying.client import Answer
from opendata.querying.queries import Query, is_in_place

MOST_BYTES = 4 * 1024 * 1024
"""Of what is read; pages of rows so long that they are more go to the engine, which has limits."""


def cut(
    marks: Path,
    place: Callable[[str], Path],
    columns: Sequence[ColumnSpec],
    query: Query,
    fmt: str,
    *,
    rows: int,
    total: bool = False,
    of: str = "",
) -> Answer | None:
    """The answer that `client.run` would give, or None where it takes the engine to give it.

    `marks` is what `row_marks` wrote, `place` tells where the file of a SHA-256 lies, `rows` is how many the table has.
    """
    if fmt not in ("json", "ndjson") or query.limit is None or not query.is_whole or not is_in_place(query, columns):
        return None
    if query.columns and query.columns != tuple(one.name for one in columns):
        return None
    first = min((query.after or 0) + query.offset, rows)
    last = min(first + query.limit, rows)
    lines = _lines(marks, place, first, last) if first < last else []
    if lines is None:
        return None
    body = b"[" + b",".join(lines) + b"]" if fmt == "json" else b"".join(line + b"\n" for line in lines)
    following = cursors.write(query, columns, last, len(lines), of) if lines and last < rows else None
    return Answer(body, [], len(lines), following, rows if total else None)


def _lines(marks: Path, place: Callable[[str], Path], first: int, last: int) -> list[bytes] | None:
    """The rows behind the `first` up to the `last`, as JSON; None where they are too long or a file is not whole."""
    try:
        with marks.open("rb", buffering=0) as file:
            digest, apart = HEADER.unpack(os.pread(file.fileno(), HEADER.size, 0))
            nearest, behind = first // apart, -(-last // apart)
            begin, end = (_mark(file.fileno(), number) for number in (nearest, behind))
        if end - begin > MOST_BYTES:
            return None
        with place(digest.hex()).open("rb", buffering=0) as file:
            read = os.pread(file.fileno(), end - begin, begin)
    except (OSError, struct.error):
        return None
    if len(read) < end - begin:
        return None
    before = first - nearest * apart
    return [line[1:].rstrip(b",") for line in read.split(b"\n")[before : before + last - first]]


def _mark(file: int, number: int) -> int:
    return int(MARK.unpack(os.pread(file, MARK.size, HEADER.size + number * MARK.size))[0])
