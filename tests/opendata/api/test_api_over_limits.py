"""Queries beyond what one may take, asked of the running server: stopped and told so, while others are served."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from opendata.api import examples
from opendata.catalogue.storage import store
from opendata.querying.engine import EXPORTS
from opendata.querying.watch import LONG_ONES
from tests.opendata.api.conftest import Portal
from tests.opendata.api.test_api_reading import fits
from tests.opendata.catalogue import shown
from tests.opendata.querying.queried import write

pytestmark = pytest.mark.timeout(400)
numbers = itertools.cycle(range(1, 1000))
LARGE = "/api/v1/datasets/large/rows"
SLOW = f"{LARGE}?search={quote('لا ا ب ت ث ج ح خ')}"
"""Folds every text of the table eight times, and counts."""
AT_ONCE = 4
"""As many as the server has threads."""


def quick() -> str:
    """A question that is answered at once, yet by the engine: no worker remembers its answer."""
    return f"/api/v1/datasets/{examples.SLUG}/rows?sort=-population&limit={next(numbers)}"


def publish(folder: Path, slug: str, statement: str) -> None:
    """A table of texts and numbers, straight into the store."""
    stored = store().add(write(folder, {"text": "VARCHAR", "number": "BIGINT"}, statement, slug))
    columns = [shown.column("text"), shown.column("number", "integer")]
    shown.version(shown.dataset(slug=slug), columns=columns, query_sha256=stored.sha256)


@pytest.fixture
def large(server: str, tmp_path: Path) -> str:
    """The server, with a table of 300,000 rows, in each of which one character stands for two letters."""
    publish(tmp_path, "large", "SELECT 'ﻼ ا ب ت ث ج ح خ ' || n AS text, n AS number FROM range(300000) all_of_them(n)")
    return server


def get(server: str, path: str, visitor: int = 0) -> tuple[http.client.HTTPResponse, bytes, float]:
    """The answer, its body, and the moment it was there."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": f"198.51.100.{visitor}"})
        response = connection.getresponse()
        return response, response.read(), time.monotonic()
    finally:
        connection.close()


def problem(response: http.client.HTTPResponse, body: bytes) -> Any:
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    told = fits(json.loads(body), "Problem")
    assert told["status"] == response.status
    assert len(told["detail"]) > 30
    return told


@pytest.mark.django_db(transaction=True)
def test_slow_queries_are_stopped_and_told_so_while_others_are_served(large: str) -> None:
    assert get(large, quick())[0].status == 200
    with ThreadPoolExecutor(AT_ONCE) as pool:
        slow = [pool.submit(get, large, SLOW, visitor) for visitor in range(1, AT_ONCE + 1)]
        served = []
        while not all(one.done() for one in slow):
            response, _body, at = get(large, quick())
            assert response.status == 200
            served.append(at)
        codes = [problem(*one.result()[:2])["code"] for one in slow]
    assert set(codes) <= {"too-slow", "unavailable"}
    assert 1 <= codes.count("too-slow") <= LONG_ONES
    for response, body, _at in [one.result() for one in slow]:
        assert response.status == {"too-slow": 422, "unavailable": 503}[json.loads(body)["code"]]
        assert ("Retry-After" in response.headers) == (response.status == 503)
    last = max(one.result()[2] for one in slow)
    assert sum(at < last for at in served) > 3, "served while slow ones were still under way"


@pytest.mark.django_db(transaction=True)
def test_a_page_beyond_its_bytes_is_told_so_and_a_smaller_one_is_given(server: str, tmp_path: Path) -> None:
    publish(tmp_path, "wordy", "SELECT repeat('x', 20000) || n AS text, n AS number FROM range(1000) all_of_them(n)")
    wordy = "/api/v1/datasets/wordy/rows"
    response, body, _at = get(server, f"{wordy}?limit=1000")
    assert (response.status, problem(response, body)["code"]) == (422, "too-big")
    assert get(server, f"{wordy}?limit=10")[0].status == 200
    assert get(server, f"{wordy}?limit=1000&columns=number")[0].status == 200


@pytest.mark.django_db(transaction=True)
def test_nobody_notices_that_the_engine_was_killed(portal: Portal) -> None:
    assert get(portal.url, quick())[0].status == 200
    seen = {portal.engine()}
    for _n in range(3):
        os.kill(portal.engine(), signal.SIGKILL)
        assert get(portal.url, quick())[0].status == 200
        seen.add(portal.engine())
    assert len(seen) == 4


@pytest.mark.django_db(transaction=True)
def test_exports_that_nobody_reads_keep_nobody_else_waiting(large: str) -> None:
    unread = []
    for visitor in range(1, EXPORTS + 1):
        connection = http.client.HTTPConnection(urlsplit(large).netloc, timeout=120)
        connection.request("GET", f"{LARGE}?format=ndjson", headers={"X-Forwarded-For": f"198.51.100.{visitor}"})
        assert connection.getresponse().status == 200
        unread.append(connection)
    for _n in range(AT_ONCE):
        assert get(large, quick())[0].status == 200
    response, body, _at = get(large, f"{LARGE}?format=ndjson")
    assert (response.status, problem(response, body)["code"]) == (503, "unavailable")
    assert "Too many exports" in json.loads(body)["detail"]
    for connection in unread:
        connection.close()
