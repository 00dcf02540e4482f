"""Archives of many datasets: what is in them, how they are sent, and that sending them costs little."""

from __future__ import annotations

import io
import random
import re
import socket
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from opendata.catalogue.models import Download, Version
from opendata.catalogue.storage import jwks, store
from opendata.reusers import bulk as making_bulk
from opendata.reusers import zipping
from opendata.reusers.views import bulk as sending
from opendata.reusers.zipping import Member, zipped
from opendata.trust.verifying import verify_directory
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.running import wait_until

AT = datetime(2026, 3, 1, 12, 30, 2, tzinfo=UTC)
ARABIC = "year,governorate,population\n2024,مسقط,1510000\n2024,ظفار,541000\n"
pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)  # and is closed then


def opened(response: Any) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(body(response)))
    assert archive.testzip() is None
    return archive


def names_of(slug: str) -> list[str]:
    return [f"{slug}/{name}" for name in ("data.csv", "datapackage.json", "manifest.json", "manifest.jws")]


def large(slug: str = "large", megabytes: int = 4) -> Version:
    """A version of which the CSV cannot be packed much."""
    noise = random.Random(7)
    rows = [[noise.randbytes(500).hex()] for _n in range(1000 * megabytes)]
    return shown.version(shown.dataset(slug=slug), columns=[shown.column("name")], rows=rows, formats=("csv",))


def test_it_holds_the_newest_standing_version_of_every_dataset(client: Client, tmp_path: Path) -> None:
    second = making.published(making.make_dataset(slug="beta"), ARABIC)
    making.withdrawn(making.published(second.dataset, ARABIC + "2025,مسقط,1550000\n"))
    first = making.published(making.make_dataset(slug="alpha"))
    making.withdrawn(making.published(making.make_dataset(slug="gone")))
    making.make_dataset(slug="draft")
    response = client.get("/files/all.zip")
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="open-data.zip"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    archive = opened(response)
    assert archive.namelist() == [*names_of("alpha"), *names_of("beta"), "README.txt"]
    assert archive.read("beta/data.csv").decode() == ARABIC
    for version in (first, second):
        at = version.published_at.astimezone(UTC).timetuple()[:5]
        assert archive.getinfo(f"{version.dataset.slug}/data.csv").date_time[:5] == at
    archive.extractall(tmp_path)
    for slug in ("alpha", "beta"):
        found = verify_directory(tmp_path / slug, jwks())
        assert {finding.code for finding in found} == {"file_missing"}
        assert {finding.name for finding in found}.isdisjoint({"data.csv", "datapackage.json"})
    readme = archive.read("README.txt").decode()
    assert "Dataset beta" in readme
    assert "مجموعة بيانات beta" in readme
    assert len(re.findall(r"^- beta 1\.0\.0: .+ 2.+\. CC-BY-4\.0$", readme, re.MULTILINE)) == 2
    assert "gone" not in readme
    assert not Download.objects.exists()


def test_the_same_datasets_give_the_same_bytes_and_whoever_has_them_is_told_so(client: Client) -> None:
    version = shown.version(formats=("csv",))
    first = client.get("/files/all.zip")
    etag = first.headers["ETag"]
    assert body(first) == body(client.get("/files/all.zip", headers={"Range": "bytes=0-9"}))
    assert client.get("/files/all.zip", headers={"If-None-Match": etag}).status_code == 304
    asked = client.head("/files/all.zip")
    assert (asked.status_code, body(asked), asked.headers["ETag"]) == (200, b"", etag)
    assert "Content-Length" not in asked.headers
    shown.version(version.dataset, formats=("csv",))
    assert body(client.get("/files/all.zip", headers={"If-None-Match": etag}))


def test_an_agency_has_an_archive_of_its_own(client: Client) -> None:
    mine, empty = making.make_house("mine"), making.make_house("empty")
    shown.version(shown.dataset(mine, slug="of-mine"), formats=("csv",))
    shown.version(shown.dataset(slug="of-another"), formats=("csv",))
    response = client.get(f"/files/agencies/{mine.agency.slug}.zip")
    assert 'filename="open-data-mine.zip"' in response.headers["Content-Disposition"]
    assert {name.partition("/")[0] for name in opened(response).namelist()} == {"of-mine", "README.txt"}
    assert opened(client.get(f"/files/agencies/{empty.agency.slug}.zip")).namelist() == ["README.txt"]
    missing = client.get("/files/agencies/nobody.zip")
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "application/problem+json")
    assert client.post("/files/all.zip").status_code == 405


@pytest.mark.parametrize(("name", "value"), [("AT_ONCE", 1), ("FRESH", -1.0)])
def test_what_is_withdrawn_meanwhile_is_not_in_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    monkeypatch.setattr(making_bulk, name, value)
    monkeypatch.setattr(zipping, "PIECE", 1)
    shown.version(shown.dataset(slug="aa"), formats=("csv",))
    going = shown.version(shown.dataset(slug="bb"), formats=("csv",))
    pieces = iter(client.get("/files/all.zip").streaming_content)
    begun = next(pieces)
    making.withdrawn(going)
    archive = zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces)))
    assert not [name for name in archive.namelist() if name.startswith("bb/")]
    assert "bb 1.0.0" not in archive.read("README.txt").decode()


def test_a_file_that_is_not_at_hand_is_named_in_the_readme(client: Client) -> None:
    version = shown.version(shown.dataset(slug="partly"), formats=("csv",))
    store().path(version.files.get(format="csv").sha256).unlink()
    archive = opened(client.get("/files/all.zip"))
    assert "partly/data.csv" not in archive.namelist()
    assert archive.read("README.txt").decode().count("- partly/data.csv\n") == 2


@pytest.mark.django_db(transaction=True)
def test_a_web_process_makes_two_at_once_and_asks_others_to_wait(client: Client) -> None:
    shown.version(formats=("csv",))
    first, second = client.get("/files/all.zip"), client.get("/files/all.zip")
    third = client.get("/files/all.zip")
    assert (third.status_code, third.headers["Retry-After"]) == (503, "60")
    next(iter(first.streaming_content))
    first.close()
    second.close()
    second.close()
    assert body(client.get("/files/all.zip"))


def test_one_that_is_taken_too_slowly_is_broken_off_and_not_ended(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(making_bulk, "LONGEST", -1.0)
    shown.version(formats=("csv",))
    response = client.get("/files/all.zip")
    with pytest.raises(TimeoutError):
        body(response)


@pytest.mark.django_db(transaction=True)
def test_whoever_goes_away_stops_it(live_server: Any) -> None:
    large()
    host, port = live_server.thread.host, live_server.thread.port
    for _n in range(2 * making_bulk.PLACES):
        with socket.create_connection((host, port), timeout=20) as asking:
            asking.sendall(f"GET /files/all.zip HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            assert asking.recv(100).startswith(b"HTTP/1.1 200")
        wait_until(lambda: sending._places._value == making_bulk.PLACES)


@pytest.mark.django_db(transaction=True)
def test_the_statements_do_not_grow_with_what_is_in_it(client: Client, django_assert_max_num_queries: Any) -> None:
    for slug in ("aa", "bb", "cc"):
        shown.version(shown.dataset(slug=slug), formats=("csv",))
    with django_assert_max_num_queries(2 + 3):  # what is in it, the versions, the files of each
        body(client.get("/files/all.zip"))


def test_memory_stays_flat_however_much_is_in_it() -> None:
    piece = random.Random(3).randbytes(256 * 1024)
    members = (Member(f"{n}/data.csv", AT, (piece for _piece in range(40)), 40 * len(piece)) for n in range(12))
    tracemalloc.start()
    size = sum(map(len, zipped(members)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 120 * 1024 * 1024
    assert peak < 8 * 1024 * 1024


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_files_and_archives_beyond_four_gigabytes_are_whole(tmp_path: Path) -> None:
    piece, count = bytes(1024 * 1024), 4200
    place = tmp_path / "large.zip"
    with place.open("wb") as file:
        members = [Member(name, AT, (piece for _n in range(count)), len(piece) * count) for name in ("a", "b")]
        file.writelines(zipped(members))
    archive = zipfile.ZipFile(place)
    assert [one.file_size for one in archive.infolist()] == [len(piece) * count] * 2
    assert archive.testzip() is None
