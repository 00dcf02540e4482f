"""Asking the engine from a web worker: `run` for a page, `stream` for an export.

Each worker process has one engine of its own for each store (in practice, one), started at the first question. Threads
may ask at the same time.
"""

from __future__ import annotations

import json
import logging
import os
import select
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NoReturn

from opendata.building.schema import ColumnSpec
from opendata.querying import cursors, wire
from opendata.querying.process import Died, Limits, Process
from opendata.querying.queries import Query
from opendata.querying.words import BadQuery

logger = logging.getLogger(__name__)
Format = Literal["json", "ndjson", "csv", "objects"]
SECONDS = 3.0
EXPORT_SECONDS = 600.0
LIMITS = Limits()
GRACE = 1.5
"""Seconds beyond its deadline in which the engine may stop a query by itself."""
_LOOK = 0.25
"""Seconds between two looks at the engine's memory."""
_PIECE = 1024 * 1024
_STALLED = 30.0


class NotAnswered(Exception):
    """A query that was in order but got no answer: `code` is stable, `message` English."""

    code = "not_answered"
    message = "The query was not answered."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)


class TooSlow(NotAnswered):
    """It was stopped when its time was up."""

    code = "too_slow"
    message = "The query takes longer than it may. Add filters, leave out sort, search or total, or download the file."


class TooBig(NotAnswered):
    """It needs more memory than it may have, or its answer is too long."""

    code = "too_big"
    message = "The query needs more memory than it may take. Add filters, group by fewer columns, or download the file."


class Unavailable(NotAnswered):
    """The engine is not there, or busy with other exports."""

    code = "unavailable"
    message = "Queries cannot be answered at the moment. Try again in a minute, or download the file."


_FAILURES: dict[str, NotAnswered] = {
    "too_slow": TooSlow(),
    "too_big": TooBig(),
    "too_much": TooBig("The page has more bytes than one answer may. Ask for fewer rows or columns."),
    "out_of_range": TooBig("A number in the result has more digits than can be computed with. Add filters."),
    "busy": Unavailable("Too many queries are being answered. Try again in a few seconds."),
    "exporting": Unavailable("Too many exports are running. Try again in a minute, or download the file."),
}


@dataclass(frozen=True)
class Answer:
    """A page. `body`: an array (json), lines (ndjson), or header and lines (csv) in UTF-8; b"" for objects.

    `objects`: dicts of str, int, Decimal, bool and None (dates as ISO 8601). `rows`: how many of them. `next`: the
    cursor of the page after it, None behind the last. `total`: of all pages; None where it was not asked for.
    """

    body: bytes
    objects: list[dict[str, Any]]
    rows: int
    next: str | None
    total: int | None


def run(
    path: Path,
    columns: Sequence[ColumnSpec],
    query: Query,
    fmt: Format = "json",
    *,
    seconds: float = SECONDS,
    total: bool = False,
    rows: int | None = None,
    of: str = "",
) -> Answer:
    """Answer a query from the query.duckdb at `path` of a store, whose columns these are.

    `seconds`: after so long it is stopped. `total`: how many rows are on all pages; `rows` is how many the table has,
    which spares counting where a query has no filter. `of`: what the cursor fits besides the query. Raises `TooSlow`,
    `TooBig`, `Unavailable`, and `BadQuery` for a query that `grammar.check` would refuse.
    """
    known = rows if total and query.is_whole else None
    asked = _request(path, columns, query, fmt, seconds) | {"total": total and known is None}
    header, body = _answered(_root(path), asked, seconds)
    following = cursors.write(query, columns, header["last"], header["rows"], of) if header["more"] else None
    objects = json.loads(body, parse_float=Decimal) if fmt == "objects" else []
    counted = header["total"] if known is None else known
    return Answer(b"" if fmt == "objects" else body, objects, header["rows"], following, counted)


def stream(
    path: Path,
    columns: Sequence[ColumnSpec],
    query: Query,
    fmt: Literal["csv", "ndjson"] = "csv",
    *,
    seconds: float = EXPORT_SECONDS,
) -> Iterator[bytes]:
    """The rows a query finds, all or as many as its limit says, in pieces of up to 1 MB.

    Nothing is computed ahead of whoever reads; closing the iterator stops the query. What `run` raises is raised before
    the first piece where it happens then, else in the middle: the transfer must then be broken off, so that nobody
    takes a part for the whole. `seconds` includes the time it takes to read.
    """
    asked = _request(path, columns, query, fmt, seconds)
    process = _process(_root(path))
    reading, writing = os.pipe()
    try:
        try:
            channel = process.open(writing)
        finally:
            os.close(writing)
        with closing(channel):
            channel.settimeout(_STALLED)
            wire.send(channel, asked)
            yield from _pieces(process, reading, time.monotonic() + seconds)
            header, _nothing = wire.receive(channel)
    except (OSError, EOFError) as error:
        logger.warning("an export broke off: %s", type(error).__name__)
        raise Unavailable from None
    finally:
        os.close(reading)
    if "failed" in header:
        _fail(header["failed"])


def end() -> None:
    """End the engines of this process; the next question starts new ones."""
    with _lock:
        for process in _processes.values():
            process.end()
        _processes.clear()


_lock = threading.Lock()
_processes: dict[Path, Process] = {}


def _forget() -> None:
    """After a fork: the engines are our parent's."""
    global _lock
    _lock = threading.Lock()
    for process in _processes.values():
        process.forget()
    _processes.clear()


os.register_at_fork(after_in_child=_forget)


def _root(path: Path) -> Path:
    """The folder of all objects of the store: `objects/ab/ab12...`."""
    return path.parent.parent


def _process(root: Path) -> Process:
    """The engine of a store, started where there is none. Raises `Unavailable`."""
    with _lock:
        process = _processes.get(root)
        if process is None or not process.runs():
            if process is not None:
                process.end("it had ended")
            try:
                process = _processes[root] = Process(root, LIMITS)
            except OSError as error:
                _processes.pop(root, None)
                logger.error("the engine of queries does not start: %s", error)
                raise Unavailable from None
        return process


def _request(path: Path, columns: Sequence[ColumnSpec], query: Query, fmt: str, seconds: float) -> dict[str, Any]:
    return {
        "path": str(path.resolve()),
        "columns": [[one.name, one.type] for one in columns],
        "query": wire.query_to_json(query),
        "format": fmt,
        "seconds": seconds,
    }


def _answered(root: Path, asked: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
    """Ask; once more where the engine died of something else."""
    for last in (False, True):
        process = _process(root)
        try:
            header, body = _exchange(process, asked, seconds)
        except Died as error:
            if error.why == "slow":
                raise TooSlow from None
            if last:
                raise (TooBig if error.why == "memory" else Unavailable) from None
            process.settle()
            continue
        if "failed" in header:
            _fail(header["failed"])
        return header, body
    raise Unavailable


def _exchange(process: Process, asked: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
    """One question and its answer; kills an engine that does not keep its limits."""
    deadline = time.monotonic() + seconds + GRACE
    with closing(process.open()) as channel:
        try:
            wire.send(channel, asked)
            while not _is_ready(channel.fileno()):
                if process.is_too_big():
                    process.kill("memory")
                    raise Died("memory")
                if time.monotonic() > deadline:
                    process.kill("slow")
                    raise Died("slow")
            channel.settimeout(_STALLED)
            found = wire.receive(channel)
        except Died:
            raise
        except OSError:
            raise Died("memory" if process.why == "memory" else "") from None
    if process.is_too_big():
        process.kill("memory")
    return found


def _is_ready(number: int) -> bool:
    """Can it be read within `_LOOK`? (`select` takes no numbers above 1,023.)"""
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(_LOOK * 1000))


def _pieces(process: Process, reading: int, deadline: float) -> Iterator[bytes]:
    while True:
        if time.monotonic() > deadline:
            raise TooSlow
        if not _is_ready(reading):
            if process.is_too_big():
                process.kill("memory")
                raise TooBig
            continue
        piece = os.read(reading, _PIECE)
        if not piece:
            return
        yield piece


def _fail(failure: Sequence[Any]) -> NoReturn:
    code, figures, where = failure
    if code == "bad_query":
        parameter, name, params = figures
        raise BadQuery(parameter, name, **params)
    if where:
        logger.error("a query failed: %s", where)
    known = _FAILURES.get(code)
    raise type(known)(known.message) if known else Unavailable()
