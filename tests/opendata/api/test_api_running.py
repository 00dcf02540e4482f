"""The running server against the description it gives of itself, and under hostile questions."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from opendata.api import examples
from tests.opendata import making
from tests.opendata.api.conftest import Portal

pytestmark = pytest.mark.timeout(400)
ROWS = f"/api/v1/datasets/{examples.SLUG}/rows"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,allow_header_conformance"
)
HARMLESS = [
    ("limit", "2"), ("sort", "-population"), ("columns", "year,governorate"), ("population__gte", "600000"),
    ("governorate__in", "Muscat,مسقط"), ("offset", "1"), ("search", "mus"), ("total", "false"), ("format", "csv"),
    ("format", "ndjson"), ("format", "xlsx"), ("year__is_null", "false"), ("governorate__contains", "ال"),
]  # fmt: skip
NAMES = [
    "limit", "sort", "columns", "group_by", "aggregate", "cursor", "offset", "search", "format", "total", "distinct",
    "year", "governorate", "governorate__in", "population__gte", "governorate__contains", "column.year", "_id", "__",
    "x__eq", "%00", "ا", "year__", "'",
]  # fmt: skip
BITS = [
    "1", "-1", "true", "year", "count", "sum:population", "avg:governorate", "Muscat", "مسقط", "%00", "%ff", "%D9", "'",
    '"', "\\", ";--", "/**/", "read_csv('/etc/passwd')", "pragma_version()", "1e400", "NaN", "9" * 60, "٣", ",", ",,",
    "%26", "%2C", "(", ")", "\u202e", "🙂", "a" * 1500, "%0d%0a", "../", "{}", "[]", "null", "2024-13-45", "0001-01-01",
    "union select", "getenv", "attach", "-", "*", "+", " ",
]  # fmt: skip


def test_it_answers_as_it_describes_itself(server, tmp_path):
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server}/api/v1/openapi.json", "--url", server,
        "--seed", "7", "--generation-deterministic", "--max-examples", "15", "--phases", "examples,coverage,fuzzing",
        "--checks", CHECKS, "--workers", "1", "--no-color", "--warnings", "off",
        "--request-timeout", "20", "--no-shrink", "--max-redirects", "0",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONUTF8": "1", "no_proxy": "*"}
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stdout[-8000:] + told.stderr[-3000:]
    assert "generated" in told.stdout


@pytest.mark.parametrize("many", [300, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
def test_hostile_questions_get_answers_within_the_description(portal: Portal, many: int) -> None:
    """By the same processes from the first to the last, whose memory stays as it is."""
    chance = random.Random(11)
    place = urlsplit(portal.url)
    processes, settled = [], 0.0
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    counts: dict[int, int] = {}
    for n in range(many):
        if n == many // 2:
            processes, settled = portal.processes(), portal.memory_mb()
        pairs = [chance.choice(HARMLESS) for _part in range(chance.randint(0, 2))]
        for _part in range(chance.choice((0, 1, 1, 2))):
            pairs.append((chance.choice(NAMES), "".join(chance.choices(BITS, k=chance.randint(1, 3)))))
        query = "&".join(f"{name}={value}" for name, value in dict(pairs).items())
        address = f"{ROWS}?{quote(query, safe='&=%,:+;()*')}"
        connection.request("GET", address, headers={"X-Forwarded-For": f"198.51.100.{n % 250}"})
        response = connection.getresponse()
        body = response.read()
        counts[response.status] = counts.get(response.status, 0) + 1
        assert response.status in (200, 400, 422), (address, response.status, body[:500])
        if response.status != 200:
            assert json.loads(body)["detail"], address
    assert counts[400] > many / 6
    assert counts[200] > many / 6
    assert portal.processes() == processes
    assert portal.memory_mb() < settled + 40


def test_an_address_without_encoding_is_understood(server):
    told = subprocess.run(
        ["curl", "--silent", "--noproxy", "*", f"{server}{ROWS}?governorate__ne=مسقط&limit=1"],
        capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    assert json.loads(told.stdout)["total"] == 4


def test_a_whole_table_is_sent_in_pieces_and_the_server_goes_on_when_its_reader_leaves(server, tmp_path):
    place = urlsplit(server)
    for _n in range(5):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        connection.request("GET", f"{ROWS}?format=ndjson")
        connection.getresponse().read(5)
        connection.close()
    target = Path(tmp_path / "rows.csv")
    subprocess.run(
        ["curl", "-sf", "--noproxy", "*", "-o", target, f"{server}{ROWS}?format=csv"], check=True, timeout=30
    )
    assert target.read_text() == making.CSV
