"""The engine itself: one locked-down DuckDB that holds the files being asked and answers several queries at once.

It lives in a process of its own (`__main__`). Every file is attached read-only, DuckDB may open nothing outside the
store, may write nothing at all but into the pipes of exports, and its settings cannot be changed any more.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from opendata.building.engine import literal
from opendata.building.schema import GROUPS, ColumnSpec
from opendata.querying import folding, sql
from opendata.querying.checking import check
from opendata.querying.queries import Query, answered, is_in_place
from opendata.querying.spellings import Spellings
from opendata.querying.watch import QUICK, Alarm, Watch
from opendata.querying.words import BadQuery

MEMORY_MB = 200
OPEN_FILES = 16
EXPORTS = 2
"""Exports at a time; each writes into a pipe of a number of its own, and holds a thread of the web worker."""
FIRST_PIPE = 100
MOST_CHARACTERS = 16 * 1024 * 1024
"""Of all lines of a page; in UTF-8 they have at most four times as many bytes."""
_BATCH = 500


class TooMuch(Exception):
    """A page of more bytes than one answer may have."""


class OutOfTime(Exception):
    """The query was stopped."""


class OneTooMany(OutOfTime):
    """It was stopped before its time was up: as many long ones as there may be are under way."""


@dataclass
class Opened:
    """A file in use: its name in SQL, DuckDB's types of its columns, whether its rows are stored by their numbers, the
    columns of its tables of groups, and how many queries are at it."""

    alias: str
    physical: dict[str, str]
    in_order: bool
    groups: dict[str, set[str]]
    users: int = 0


@dataclass(frozen=True)
class Page:
    """What a query found: header and lines in the wanted format, number of the last row, is there more, the total."""

    header: list[str]
    lines: list[str]
    last: int
    more: bool
    total: int | None


def pipe_path(number: int) -> str:
    """How DuckDB opens the pipe of an export."""
    return f"/dev/fd/{FIRST_PIPE + number}"


class Engine:
    """DuckDB over the files of one store."""

    def __init__(self, root: Path, memory_mb: int = MEMORY_MB, threads: int = 1) -> None:
        self.watch = Watch()
        self._spellings = Spellings(folding.fold)
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._numbers = itertools.count(1)
        self._connection = duckdb.connect(
            config={
                "memory_limit": f"{memory_mb}MB",
                "threads": threads,
                "temp_directory": "",
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._lock_down(root)

    def _lock_down(self, root: Path) -> None:
        execute = self._connection.execute
        self._connection.create_function(sql.CONTAINS, _folded_contains, ["VARCHAR", "VARCHAR"], "BOOLEAN")
        execute("SET enable_progress_bar = false")
        execute(f"SET allowed_directories = [{literal(root.resolve())}]")
        execute(f"SET allowed_paths = [{', '.join(literal(pipe_path(number)) for number in range(EXPORTS))}]")
        execute("SET enable_external_access = false")
        execute("SET lock_configuration = true")

    @contextmanager
    def table(self, path: Path, columns: Sequence[ColumnSpec]) -> Iterator[sql.Table]:
        """The rows of a file, which stays open for the next query."""
        opened = self._open(str(path))
        try:
            missing = [one.name for one in columns if one.name not in opened.physical]
            if missing:
                raise duckdb.CatalogException(f"the file has no columns {missing[:5]}")
            name = f"{opened.alias}.rows"
            yield sql.Table(name, tuple(columns), opened.physical, self._spellings, opened.in_order, opened.groups)
        finally:
            with self._lock:
                opened.users -= 1

    def _open(self, path: str) -> Opened:
        with self._lock:
            self._close_destroyed()
            opened = self._opened.get(path)
            if opened is None:
                unused = [other for other, one in self._opened.items() if not one.users]
                self._close(unused[: max(0, len(self._opened) - OPEN_FILES + 1)])
                opened = self._attach(path)
                self._opened[path] = opened
            self._opened.move_to_end(path)
            opened.users += 1
            return opened

    def close_destroyed(self) -> None:
        """Close files that were destroyed: as long as they are open, their contents stay on disk."""
        with self._lock:
            self._close_destroyed()

    def _close_destroyed(self) -> None:
        self._close([path for path in self._opened if not os.path.exists(path)])

    def _attach(self, path: str) -> Opened:
        alias = f"version_{next(self._numbers)}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"ATTACH {literal(path)} AS {alias} (READ_ONLY)")
            found = cursor.execute(
                "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ?", [alias]
            ).fetchall()
            astray = cursor.execute(sql.out_of_order(f"{alias}.rows")).fetchall()
        tables: dict[str, dict[str, str]] = {}
        for name, column, kind in found:
            tables.setdefault(name, {})[column] = kind
        physical = tables.get("rows", {})
        groups = {column: set(tables[name]) for column in physical if (name := GROUPS.format(column)) in tables}
        return Opened(alias, physical, not astray, groups)

    def _close(self, paths: Iterable[str]) -> None:
        """Close these; what queries are at stays open."""
        for path in paths:
            if not self._opened[path].users:
                with self._connection.cursor() as cursor:
                    cursor.execute(f"DETACH {self._opened.pop(path).alias}")

    def page(self, table: sql.Table, query: Query, fmt: str, deadline: float, total: bool) -> Page:
        """Answer a query with a limit. `deadline`: of `time.monotonic`."""
        check(query, table.columns)
        with self._cursor(deadline, time.monotonic() + QUICK) as (cursor, alarm):
            previous = _previous(cursor, alarm, query, table)
            found = _fetched(cursor, alarm, sql.lines(query, table, fmt, previous))
            limit = query.limit if query.limit is not None else len(found)
            counted = None
            if total:
                _run(cursor, alarm, sql.count(query, table))
                counted = int((cursor.fetchone() or (0,))[0])
        lines = [line for line, _number in found[:limit]]
        last = int(found[len(lines) - 1][1]) if lines else 0
        header = [",".join(one.name for one in answered(query, table.columns))] if fmt == "csv" else []
        return Page(header, lines, last, len(found) > limit > 0, counted)

    def export(self, table: sql.Table, query: Query, fmt: str, deadline: float, pipe: int) -> None:
        """Write all rows into the pipe of this number."""
        check(query, table.columns)
        with self._cursor(deadline, float("inf")) as (cursor, alarm):
            _run(cursor, alarm, sql.export(query, table, fmt, pipe_path(pipe)))

    @contextmanager
    def _cursor(self, deadline: float, quick_until: float) -> Iterator[tuple[Any, Alarm]]:
        with self._connection.cursor() as cursor, self.watch.until(deadline, cursor.interrupt, quick_until) as alarm:
            try:
                yield cursor, alarm
            except (OutOfTime, duckdb.InterruptException):
                raise (OneTooMany if alarm.is_one_too_many else OutOfTime) from None


def _run(cursor: Any, alarm: Alarm, statement: sql.Statement) -> None:
    if alarm.rang or time.monotonic() >= alarm.deadline:
        raise OutOfTime
    cursor.execute(statement.sql, list(statement.values))


def _fetched(cursor: Any, alarm: Alarm, statement: sql.Statement) -> list[tuple[str, int]]:
    """All lines, as long as they are not more than one answer may have."""
    _run(cursor, alarm, statement)
    found: list[tuple[str, int]] = []
    size = 0
    while batch := cursor.fetchmany(_BATCH):
        size += sum(len(line) for line, _number in batch)
        if size > MOST_CHARACTERS:
            raise TooMuch
        found += batch
    return found


def _previous(cursor: Any, alarm: Alarm, query: Query, table: sql.Table) -> dict[str, object] | None:
    """The row that the page before ended with; None where its number is all that matters, and for a first page."""
    if query.after is None or query.is_grouped or query.distinct or is_in_place(query, table.columns):
        return None
    _run(cursor, alarm, sql.row(query, table))
    names, found = [one[0] for one in cursor.description], cursor.fetchone()
    if found is None:
        raise BadQuery("cursor", "bad_cursor")
    return dict(zip(names, found, strict=True))


def _folded_contains(text: str, folded: str) -> bool:
    return folded in folding.fold(text)
