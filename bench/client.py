"""A crowd of visitors on loopback: threads with a connection each, posting prepared forms."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

VISITORS = 4


@dataclass(frozen=True)
class Door:
    """Where forms are posted to, with the headers every one of them needs."""

    port: int
    path: str
    headers: dict[str, str]

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)


def fetch(port: int, path: str) -> tuple[str, str]:
    """A page and the cookie that came with it, as a browser would send it back."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    assert response.status == 200, (path, response.status, page[:500])
    return page, response.getheader("Set-Cookie", "").split(";")[0]


def rate(door: Door, forms: Sequence[dict[str, str]]) -> float:
    """Post every form once, VISITORS at a time; returns forms a second. Each must be answered with a redirect."""
    shares = [forms[number::VISITORS] for number in range(VISITORS)]
    with ThreadPoolExecutor(VISITORS) as pool:
        began = time.perf_counter()
        answers = [status for share in pool.map(lambda share: _post(door, share), shares) for status in share]
        took = time.perf_counter() - began
    assert set(answers) == {302}, f"{door.path} answered {sorted(set(answers))}"
    return len(forms) / took


def _post(door: Door, forms: Sequence[dict[str, str]]) -> list[int]:
    connection = door.connect()
    headers = {"Content-Type": "application/x-www-form-urlencoded", **door.headers}
    statuses = []
    for form in forms:
        connection.request("POST", door.path, urlencode(form), headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    return statuses
