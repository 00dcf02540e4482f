"""Cursors: where a page ended, as a short text that fits one query of one table only. Nothing in them is secret.

A row of the table is known by its number: the engine looks up what it is sorted by. Groups and distinct rows have no
number and are counted; a version never changes, so neither way gives a row twice or leaves one out.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from opendata.building.schema import ColumnSpec
from opendata.querying.queries import Query
from opendata.querying.words import BadQuery

MOST_CHARACTERS = 200
_MOST_ROWS = 10**12


def write(query: Query, columns: Sequence[ColumnSpec], last_row: int, given: int, of: str = "") -> str:
    """The cursor behind a page of `given` rows that ends with the row of this number (0: rows without numbers).

    `of`: whatever tells this table from others with the same columns, such as another version.
    """
    where = ["n", query.offset + given] if _is_counted(query) else ["r", last_row]
    text = json.dumps([_mark(query, columns, of), *where], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(query: Query, columns: Sequence[ColumnSpec], cursor: str, of: str = "") -> Query:
    """The query of the page behind the cursor; raises `BadQuery`."""
    try:
        if len(cursor) > MOST_CHARACTERS:
            raise ValueError("longer than any")
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        mark, way, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if mark != _mark(query, columns, of) or way != ("n" if _is_counted(query) else "r") or type(number) is not int:
            raise ValueError("of another query")
        if not 0 <= number <= _MOST_ROWS:
            raise ValueError("no such row")
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadQuery("cursor", "bad_cursor") from None
    return replace(query, offset=number) if way == "n" else replace(query, after=number, offset=0)


def _is_counted(query: Query) -> bool:
    return query.is_grouped or query.distinct


def _mark(query: Query, columns: Sequence[ColumnSpec], of: str) -> str:
    """Same for two queries that ask for the same rows in the same order, however many and whichever columns of them."""
    shown = query.columns if query.distinct else ()
    same = replace(query, columns=shown, limit=None, offset=0, after=None)
    named = [(column.name, column.type) for column in columns]
    return blake2b(f"{same!r}{named!r}{of}".encode(), digest_size=8).hexdigest()
