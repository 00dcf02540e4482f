"""The portal as it runs in production, for tests that ask it over HTTP."""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opendata.api import examples
from tests.opendata import making
from tests.running import end, start, wait_until


@dataclass(frozen=True)
class Portal:
    """A running server with a published table; its visitors may ask as much as they like."""

    url: str
    pid: int

    def processes(self) -> list[int]:
        """The server's processes, and all that they started."""
        parents: dict[int, list[int]] = {}
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(place.read_text().rsplit(")", 1)[1].split()[1])
            except OSError:  # it ended in this moment
                continue
            parents.setdefault(parent, []).append(int(place.parent.name))
        found = [self.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def engine(self) -> int:
        """The one process that answers queries."""
        [found] = [one for one in self.processes() if b"opendata.querying" in Path(f"/proc/{one}/cmdline").read_bytes()]
        return found

    def memory_mb(self) -> float:
        """What all of them fill."""
        pages = 0
        for pid in self.processes():
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.fixture
def portal(transactional_db: None) -> Iterator[Portal]:
    making.published(making.make_dataset(slug=examples.SLUG), making.CSV, key=["year", "governorate"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--log-level", "error", "portal.wsgi:application", THROTTLE_API="10000000,60",
        TRUSTED_PROXIES="127.0.0.1/32",
    )  # fmt: skip
    try:
        wait_until(lambda: _answers(port), 60)
        yield Portal(f"http://127.0.0.1:{port}", process.pid)
    finally:
        end(process)


@pytest.fixture
def server(portal: Portal) -> str:
    """Its address."""
    return portal.url


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/api/v1/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
