"""Sums over the whole table of a version, for its charts and its dictionary: read once, then remembered.

A version never changes, so what was worked out stays right. The engine opens the version's own file read-only, may
reach nothing else, and gets little memory and time: a page does without a chart rather than wait for one.
"""

# ruff: noqa: S608 - the only names in these statements are quoted ones that `Schema` has checked

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache

from opendata.catalogue.models import Version
from opendata.catalogue.storage import store

logger = logging.getLogger(__name__)
MOST_ROWS = 3_000_000
"""Larger tables are not read for a page."""
PATIENCE = 2.0
"""Seconds."""
REMEMBERED = 30 * 86400
FAILURE_REMEMBERED = 86400
SEATS = threading.BoundedSemaphore(2)
"""How many threads of a process read tables at a time: the others show their page without, for this once."""
MOST_COLUMNS = 200
LONGEST_NUMBER = 100
"""Digits of a number that is drawn."""
_LIMITS = {"threads": "1", "memory_limit": "150MB", "enable_external_access": "false", "lock_configuration": "true"}

Answer = list[list[Any]]


def empties(version: Version) -> list[int] | None:
    """How many cells of each column have no value; None where that is not known."""
    names = [one["name"] for one in version.columns][:MOST_COLUMNS]
    if _is_small(version):
        return [sum(row[n] in (None, "") for row in version.preview) for n in range(len(version.columns))]
    counts = ", ".join(f"count(*) - count({_quoted(name)})" for name in names)
    found = _asked(version, f"SELECT {counts} FROM rows")
    return [int(number) for number in found[0]] if found else None


def grouped(version: Version, groups: Sequence[str], value: str, *, mean: bool, most: int) -> Answer | None:
    """For each combination of the groups' values, in order: the values, then the sum (or mean) of `value`, the
    number of rows where that is "". At most so many; None where it cannot be worked out."""
    by = ", ".join(map(_quoted, groups))
    measure = f"{'avg' if mean else 'sum'}({_quoted(value)})::DOUBLE" if value else "count(*)"
    there = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in groups)
    if _is_small(version):
        here = _grouped_here(version, groups, value, mean=mean)
        return here[:most] if here is not None else None
    return _asked(
        version, f"SELECT {by}, {measure} FROM rows WHERE {there} GROUP BY {by} ORDER BY {by} LIMIT {int(most)}"
    )


def distinct(version: Version, names: Sequence[str]) -> dict[str, int]:
    """How many different values each of the columns has."""
    if _is_small(version):
        places = {one["name"]: n for n, one in enumerate(version.columns)}
        return {name: len({row[places[name]] for row in version.preview} - {None, ""}) for name in names}
    counts = ", ".join(f"approx_count_distinct({_quoted(name)})" for name in names)
    found = _asked(version, f"SELECT {counts} FROM rows") if names else None
    return dict(zip(names, found[0], strict=True)) if found else {}


def _quoted(name: str) -> str:
    """A column as SQL names it; schemas allow letters, digits and _ alone."""
    return '"' + name.replace('"', '""') + '"'


def _is_small(version: Version) -> bool:
    """Does the preview hold all of it?"""
    return version.rows <= len(version.preview)


def _grouped_here(version: Version, groups: Sequence[str], value: str, *, mean: bool) -> Answer | None:
    """The same from the preview; None where a number of it is cut off or too large."""
    places = {one["name"]: n for n, one in enumerate(version.columns)}
    found: dict[tuple[str, ...], list[Decimal]] = {}
    for row in version.preview:
        key = tuple(row[places[name]] or "" for name in groups)
        if all(key) and (not value or row[places[value]]):
            number = _number(row[places[value]]) if value else Decimal(1)
            if number is None:
                return None
            found.setdefault(key, []).append(number)
    return [
        [*key, float(sum(values) / len(values) if mean else sum(values))]
        for key, values in sorted(found.items(), key=lambda pair: pair[0])
    ]


def _number(cell: str) -> Decimal | None:
    """A number that a chart can draw; cells of the preview may be cut off in the middle of one."""
    if len(cell) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < LONGEST_NUMBER else None


def _asked(version: Version, statement: str) -> Answer | None:
    """The answer, from memory where it was asked before."""
    if not version.query_sha256 or version.rows > MOST_ROWS:
        return None
    key = f"catalogue:{version.query_sha256[:32]}:{zlib.crc32(statement.encode())}"
    try:
        known = cache.get(key)
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("no memory of tables: %s", type(error).__name__)
        known = None
    if known is not None:
        return known["rows"]
    if not SEATS.acquire(blocking=False):
        return None
    try:
        return _found_out(version, statement, key)
    finally:
        SEATS.release()


def forget(query_sha256: str) -> int:
    """Let go of every remembered answer of a table; returns how many. Raises `redis.RedisError`."""
    kept = settings.CACHES["default"]
    client = redis.Redis.from_url(kept["LOCATION"], **kept["OPTIONS"])
    keys = list(client.scan_iter(match=cache.make_key(f"catalogue:{query_sha256[:32]}:*"), count=1000))
    return int(client.delete(*keys)) if keys else 0


def _found_out(version: Version, statement: str, key: str) -> Answer | None:
    """The answer, worked out and remembered; None where another process is at it."""
    try:
        if not cache.add(f"{key}:asked", 1, int(PATIENCE * 5)):
            return None
        found = _run(store().path(version.query_sha256), statement)
        cache.set(key, {"rows": found}, REMEMBERED if found is not None else FAILURE_REMEMBERED)
        cache.delete(f"{key}:asked")
        return found
    except Exception as error:
        logger.warning("no memory of tables: %s", type(error).__name__)
        return None


def _run(place: Path, statement: str) -> Answer | None:
    import duckdb  # loaded by those processes alone that draw charts

    if not place.is_file():
        return None
    try:
        with duckdb.connect(str(place), read_only=True, config=dict(_LIMITS)) as connection:
            timer = threading.Timer(PATIENCE, connection.interrupt)
            timer.start()
            try:
                return [list(map(_plain, row)) for row in connection.execute(statement).fetchall()]
            finally:
                timer.cancel()
    except duckdb.Error as error:
        logger.warning("a table was not read: %s", type(error).__name__)
        return None


def _plain(value: Any) -> Any:
    """As the cache keeps it, and as the preview writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, int | float | str):
        return value
    return (
        float(value) if isinstance(value, Decimal) else value.isoformat() if hasattr(value, "isoformat") else str(value)
    )
