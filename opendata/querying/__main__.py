"""The process that `process` starts: `python -m opendata.querying <number of a socket> <limits as JSON>`.

Each request comes as a socket of its own through that one (and, for an export, the pipe to write into), and is
answered on it. When the other end of the first socket closes, because we are not wanted any more or whoever started us
is gone, the process ends.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import socket
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import duckdb

from opendata.building.schema import ColumnSpec
from opendata.querying import wire
from opendata.querying.engine import EXPORTS, FIRST_PIPE, Engine, OneTooMany, OutOfTime, Page, TooMuch
from opendata.querying.words import BadQuery

MB = 1024 * 1024
FILES = 256
LOOKS = 30.0
"""Seconds between two looks for files that were destroyed, where nobody asks anything meanwhile."""
AT_ONCE = 8
"""Pages worked on at a time; exports come on top."""


def limit(memory_mb: int) -> None:
    """Take no more than this from now on. No file can be written to: pipes and sockets are no files."""
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * MB),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


class Server:
    """Takes requests and has them answered by threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._pages = ThreadPoolExecutor(AT_ONCE, "page")
        self._pipes: SimpleQueue[int] = SimpleQueue()
        for number in range(EXPORTS):
            self._pipes.put(number)

    def serve(self, control: socket.socket) -> None:
        """Until the other end closes."""
        control.sendall(b"r")
        threading.Thread(target=self._look_after_files, daemon=True).start()
        while True:
            word, files, _flags, _address = socket.recv_fds(control, 1, 2)
            if not word:
                return
            if not files:  # we have no number left for it; whoever asked is answered by its own clock
                continue
            channel, arrived = socket.socket(fileno=files[0]), time.monotonic()
            if len(files) == 1:
                self._pages.submit(self._answer, channel, arrived)
            else:
                threading.Thread(target=self._export, args=(channel, files[1], arrived), daemon=True).start()

    def _look_after_files(self) -> None:
        while True:
            time.sleep(LOOKS)
            self.engine.close_destroyed()

    def _answer(self, channel: socket.socket, arrived: float) -> None:
        with channel, suppress(OSError):  # who asked may be gone
            try:
                header, body = self._page(wire.receive(channel)[0], arrived)
            except Exception as error:
                header, body = {"failed": _failure(error)}, b""
            wire.send(channel, header, body)

    def _page(self, asked: dict[str, Any], arrived: float) -> tuple[dict[str, Any], bytes]:
        columns = [ColumnSpec(name, kind) for name, kind in asked["columns"]]
        query, fmt = wire.query_from_json(asked["query"], columns), asked["format"]
        if time.monotonic() - arrived >= asked["seconds"]:
            return {"failed": ["busy", "", ""]}, b""  # its time went by while others were answered
        with self.engine.table(Path(asked["path"]), columns) as table:
            page = self.engine.page(table, query, fmt, arrived + asked["seconds"], asked["total"])
        return {"rows": len(page.lines), "last": page.last, "more": page.more, "total": page.total}, _body(page, fmt)

    def _export(self, channel: socket.socket, pipe: int, arrived: float) -> None:
        with channel, suppress(OSError):
            try:
                asked = wire.receive(channel)[0]
                header = self._copy(asked, pipe, arrived)
            except Exception as error:
                header = {"failed": _failure(error)}
            finally:
                os.close(pipe)
            wire.send(channel, header)

    def _copy(self, asked: dict[str, Any], pipe: int, arrived: float) -> dict[str, Any]:
        try:
            number = self._pipes.get_nowait()
        except Empty:
            return {"failed": ["exporting", "", ""]}
        columns = [ColumnSpec(name, kind) for name, kind in asked["columns"]]
        try:
            os.dup2(pipe, FIRST_PIPE + number, inheritable=False)
            query = wire.query_from_json(asked["query"], columns)
            with self.engine.table(Path(asked["path"]), columns) as table:
                self.engine.export(table, query, asked["format"], arrived + asked["seconds"], number)
        finally:
            with suppress(OSError):
                os.close(FIRST_PIPE + number)
            self._pipes.put(number)
        return {}


def _body(page: Page, fmt: str) -> bytes:
    if fmt in ("csv", "ndjson"):
        return "".join(f"{line}\n" for line in [*page.header, *page.lines]).encode()
    return f"[{','.join(page.lines)}]".encode()


def _failure(error: Exception) -> list[Any]:
    """Code, figures and, for what nobody expected, the kind of the error and where; no value of a table or query."""
    if isinstance(error, BadQuery):
        return ["bad_query", [error.parameter, error.code, error.params], ""]
    if isinstance(error, OneTooMany):
        return ["busy", "", ""]
    if isinstance(error, OutOfTime | duckdb.InterruptException):
        return ["too_slow", "", ""]
    if isinstance(error, TooMuch):
        return ["too_much", "", ""]
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return ["too_big", "", ""]
    if isinstance(error, duckdb.OutOfRangeException):
        return ["out_of_range", "", ""]
    if isinstance(error, duckdb.IOException) and os.strerror(errno.EPIPE) in str(error):
        return ["gone", "", ""]
    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
    return ["unexpected", "", f"{type(error).__name__} at {where}"]


def main(number: str, limits: str) -> None:
    """Keep the limits, then serve."""
    allowed = json.loads(limits)
    control = socket.socket(fileno=int(number))
    limit(allowed["address_space_mb"])
    Server(Engine(Path(allowed["root"]), allowed["memory_mb"], allowed["threads"])).serve(control)
    os._exit(0)  # whatever queries still run: nobody waits for them


if __name__ == "__main__":
    main(*sys.argv[1:])
