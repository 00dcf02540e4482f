"""Archives from the server of production: what readers do to its memory and to the places for archives."""

from __future__ import annotations

import random
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata.reusers.bulk import PLACES
from tests.opendata.catalogue import shown
from tests.portal.test_proxy_of_datasets import free_port
from tests.running import end, start, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
MEGABYTES = 100


@pytest.fixture
def server() -> Iterator[tuple[int, int]]:
    """One web process with a dataset that cannot be packed much; its port, and the process of it all."""
    noise = random.Random(7)
    rows = [[noise.randbytes(5000).hex()] for _n in range(100 * MEGABYTES)]
    shown.version(shown.dataset(slug="large"), columns=[shown.column("name")], rows=rows, formats=("csv",))
    del rows
    port = free_port()
    process = start(
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "portal.wsgi:application",
    )  # fmt: skip
    try:
        wait_until(lambda: answers(port, "/health/live") == 200, 120)
        yield port, process.pid
    finally:
        end(process)


def answers(port: int, path: str) -> int:
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20).status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def begun(port: int) -> socket.socket | None:
    """An archive of which only the first bytes were read; None while there is no place."""
    asking = socket.create_connection(("127.0.0.1", port), timeout=30)
    asking.sendall(f"GET /files/all.zip HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    if asking.recv(100).startswith(b"HTTP/1.1 200"):
        return asking
    asking.close()
    return None


def memory(pid: int) -> int:
    """Megabytes of the process and its children together."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 // 1024**2 + sum(memory(int(child)) for child in children)


def test_slow_readers_hold_their_place_but_no_memory_and_leavers_give_it_back(server: tuple[int, int]) -> None:
    port, pid = server
    before = memory(pid)
    for _n in range(3):
        slow = [wait_until(lambda: begun(port), 60) for _place in range(PLACES)]
        assert answers(port, "/files/all.zip") == 503
        assert answers(port, "/en/data/") == 200  # which is served meanwhile
        for one in slow:
            one.close()
    assert memory(pid) - before < MEGABYTES // 2
