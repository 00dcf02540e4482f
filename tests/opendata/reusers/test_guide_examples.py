"""Every command and program the guide shows, really run against the portal, as somebody copies it from the page."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.utils import translation

from opendata.catalogue.models import Version
from opendata.catalogue.storage import store
from tests.opendata import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ROWS = [(year, place, 1000 * n) for n, (year, place) in enumerate(
    (year, place) for year in range(1700, 2025) for place in ("مسقط", "ظفار", "مسندم", "البريمي")
)]  # fmt: skip
TABLE = "year,governorate,population\n" + "".join(f"{year},{place},{number}\n" for year, place, number in ROWS)
R = {"r-newest", "r-rows"}


@pytest.fixture
def version(live_server: Any, settings: Any) -> Version:
    settings.SITE_URL = live_server.url
    return making.published(making.make_dataset(slug="population"), TABLE, key=("year", "governorate"))


@pytest.fixture
def examples(version: Version, client: Client) -> dict[str, str]:
    """The texts of the Arabic page by their keys."""
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(client.get("/ar/data/reusers/").content.decode())
    translation.deactivate()
    return {one.get("id"): "".join(one.itertext()) for one in page.iter("pre")}


@pytest.fixture
def ran(examples: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    """Run one of them in an empty folder; what it printed."""
    seen = set(R)

    def run(key: str) -> str:
        seen.add(key)
        told = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", "no_proxy": "*"}
        command = [sys.executable, "-c", examples[key]] if key.startswith("python") else ["bash", "-ec", examples[key]]
        done = subprocess.run(command, cwd=tmp_path, env=told, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield run
    assert seen == set(examples)


def test_they_all_do_what_the_page_says(version: Version, ran: Any, tmp_path: Path) -> None:
    content = store().path(version.files.get(format="csv").sha256).read_bytes()
    saved = tmp_path / "population.csv"
    ran("curl-newest")
    assert saved.read_bytes() == content == TABLE.encode()
    saved.unlink()
    ran("curl-changed")
    assert saved.read_bytes() == content
    before = saved.stat().st_mtime_ns
    ran("curl-changed")
    assert (saved.read_bytes(), saved.stat().st_mtime_ns) == (content, before)
    rows = json.loads(ran("curl-rows"))["rows"]
    assert [(row["year"], row["governorate"], row["population"]) for row in rows] == ROWS[:-6:-1]
    groups = list(csv.reader(io.StringIO(ran("curl-groups"))))[1:]
    assert sorted(groups) == sorted(
        [place, str(len(ROWS) // 4), str(sum(number for _year, one, number in ROWS if one == place))]
        for place in ("مسقط", "ظفار", "مسندم", "البريمي")
    )
    ran("curl-all")
    assert zipfile.ZipFile(tmp_path / "open-data.zip").read("population/data.csv") == content
    told = ran("python-pandas")
    assert "عمود governorate" in told
    assert "مسقط" in told
    assert "مسقط" in ran("python-polars")
    assert ran("python-pages").strip() == str(len(ROWS))
