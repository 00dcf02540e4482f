"""Large texts packed by gzip: who gets them, under which ETag, and how they come to be packed."""

from __future__ import annotations

import gzip
import hashlib
import random
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from opendata.catalogue import packing
from opendata.catalogue.models import Download
from opendata.catalogue.storage import store
from opendata.catalogue.taking import takes_gzip
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.running import wait_until

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def ranged(client: Client, address: str, header: str, **headers: str) -> Any:
    return client.get(address, headers={"Range": header, **headers})


def altered(path: Path) -> None:
    """One bit of it, and back the second time."""
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(bytes(content))


@pytest.fixture
def packed(client: Client) -> tuple[str, bytes]:
    """The address and content of a file large enough to be packed, which it was."""
    rows = [[str(n), "محافظة مسقط", str(n * n)] for n in range(2000)]
    large = shown.version(rows=rows, formats=("csv", "xlsx"))
    packing.pack_waiting()
    sha = large.files.get(format="csv").sha256
    assert store().packed_path(sha).is_file()
    return f"/files/{large.dataset.slug}/1/data.csv", store().path(sha).read_bytes()


def test_a_large_text_comes_packed_to_whoever_takes_it(client, packed):
    address, content = packed
    plain, response = client.get(address), client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert gzip.decompress(body(response)) == content == body(plain)
    sha = hashlib.sha256(content).hexdigest()
    assert (plain.headers["ETag"], response.headers["ETag"]) == (f'"{sha}"', f'"{sha}-gzip"')
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) < len(content) / 2
    assert response.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in response.headers["Vary"]
    asked = client.head(address, headers={"Accept-Encoding": "gzip"})
    for name in ("ETag", "Content-Length", "Content-Encoding", "Content-Type", "Vary"):
        assert asked.headers[name] == response.headers[name]
    assert Download.objects.get().count == 2


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [("gzip", True), ("deflate, GZIP ; q=1.0", True), ("*", True), ("x-gzip", True), ("", False), ("identity", False),
     ("gzip;q=0", False), ("*;q=0", False), ("gzip;q=0, *", False), ("br, *;q=0.1", True), ("gzip;q=x", False),
     ("gzip;level=9", False)],
)  # fmt: skip
def test_what_a_visitor_takes_is_read_as_the_standard_says(header, is_taken):
    assert takes_gzip(header) is is_taken


def test_parts_are_always_of_the_file_itself(client, packed):
    address, content = packed
    sha = hashlib.sha256(content).hexdigest()
    gzipped = {"Accept-Encoding": "gzip"}
    response = ranged(client, address, "bytes=5-9", **gzipped)
    assert (response.status_code, body(response), response.headers["ETag"]) == (206, content[5:10], f'"{sha}"')
    begun_packed = ranged(client, address, "bytes=5-9", **gzipped, **{"If-Range": f'"{sha}-gzip"'})
    assert (begun_packed.status_code, body(begun_packed)) == (200, content)


@pytest.mark.parametrize(
    ("accepted", "known", "status"),
    [("gzip", '"{sha}-gzip"', 304), ("gzip", '"{sha}"', 304), ("gzip", 'W/"{sha}"', 304), ("", '"{sha}"', 304),
     ("", '"{sha}-gzip"', 200), ("gzip", "*", 304), ("gzip", '"other"', 200)],
)  # fmt: skip
def test_who_has_either_of_them_is_told_so_in_a_coding_it_takes(client, packed, accepted, known, status):
    address, content = packed
    asked = known.format(sha=hashlib.sha256(content).hexdigest())
    response = client.get(address, headers={"Accept-Encoding": accepted, "If-None-Match": asked})
    assert response.status_code == status
    if status == 304:
        assert "Content-Encoding" not in response.headers
        assert asked == "*" or response.headers["ETag"] == asked.removeprefix("W/")
    body(response)


def test_the_proxy_is_told_of_the_packed_file(client, packed, settings):
    settings.SENDFILE_PREFIX = "/-store/"
    address, content = packed
    sha = hashlib.sha256(content).hexdigest()
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.headers["X-Accel-Redirect"] == f"/-store/{sha[:2]}/{sha}.gz"
    assert response.headers["Content-Encoding"] == "gzip"
    part = ranged(client, address, "bytes=5-", **{"Accept-Encoding": "gzip"})
    assert part.headers["X-Accel-Redirect"] == f"/-store/{sha[:2]}/{sha}"


def test_small_files_and_those_packed_in_themselves_are_left_as_they_are(client):
    version = shown.version(formats=("csv", "xlsx"))
    address = f"/files/{version.dataset.slug}/1/data.csv"
    content = store().path(version.files.get(format="csv").sha256).read_bytes()
    assert packing.pack_waiting() == 0
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert body(response) == content
    assert "Content-Encoding" not in response.headers
    assert "Accept-Encoding" not in response.headers.get("Vary", "")


def test_packing_is_done_once_goes_on_where_it_stopped_and_leaves_what_is_damaged(client, packed, caplog):
    rows = [[str(n), "محافظة ظفار", str(n)] for n in range(2000)]
    second = shown.version(rows=rows, formats=("csv",))
    sha = second.files.get().sha256
    store().packed_path(sha).unlink(missing_ok=True)
    assert packing.waiting() == [sha]
    assert packing.pack_waiting(seconds=-1) == 0
    place = store().path(sha)
    place.chmod(0o640)
    altered(place)
    assert packing.pack_waiting() == 0
    assert not store().packed_path(sha).exists()
    assert sha in caplog.text
    altered(place)
    assert packing.pack_waiting() == 1
    assert packing.pack_waiting() == 0
    making.withdrawn(second)
    store().packed_path(sha).unlink()
    assert packing.waiting() == []


def test_packed_files_go_with_what_they_are_made_of(packed):
    kept = store()
    sha = hashlib.sha256(packed[1]).hexdigest()
    assert kept.sweep_unused({sha}, timedelta(seconds=-5)).count(sha) == 0
    assert kept.packed_path(sha).is_file()
    assert kept.sweep_unused(set(), timedelta(seconds=-5)).count(sha) == 1
    assert not kept.packed_path(sha).exists()


def test_what_is_destroyed_while_it_is_packed_does_not_come_back(packed):
    kept, before = store(), set(store().open_work().iterdir())
    sha, _size = shown.kept(random.Random(5).randbytes(40 * 1024 * 1024))
    done: list[bool] = []
    packing_it = threading.Thread(target=lambda: done.append(kept.pack(sha)))
    packing_it.start()
    wait_until(lambda: set(kept.work.iterdir()) - before)
    assert kept.discard(sha)
    packing_it.join(120)
    assert done == [False]
    assert not kept.packed_path(sha).exists()
    assert not set(kept.work.iterdir()) - before
