"""The portal behind nginx with our configuration: whole files and parts, packed or not, and what is known already."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from opendata.catalogue import packing
from opendata.catalogue.storage import store
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.portal.test_proxy_of_datasets import NGINX, ask, proxy  # noqa: F401

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed here"),
    pytest.mark.django_db(transaction=True),
]
GZIP = {"Accept_Encoding": "gzip"}


@pytest.fixture
def portal(live_server: Any, settings: Any) -> tuple[None, int]:
    settings.SENDFILE_PREFIX = "/_proxy/store/"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return None, live_server.thread.port


@pytest.mark.parametrize("is_sent_by_proxy", [True, False])
def test_it_is_the_same_file_by_every_way(
    proxy: int, settings: Any, tmp_path: Path, is_sent_by_proxy: bool  # noqa: F811
) -> None:  # fmt: skip
    rows = [[str(n), "محافظة مسقط", str(n * n)] for n in range(2000)]
    version = shown.version(shown.dataset(slug="large"), rows=rows, formats=("csv",))
    packing.pack_waiting()
    shutil.copytree(store().objects, tmp_path / "store", dirs_exist_ok=True)
    settings.SENDFILE_PREFIX = settings.SENDFILE_PREFIX if is_sent_by_proxy else ""
    sha = version.files.get().sha256
    content, path = store().path(sha).read_bytes(), "/files/large/1/data.csv"
    assert hashlib.sha256(content).hexdigest() == sha
    own, packed = f'"{sha}"', f'"{sha}-gzip"'
    plain, small = ask(proxy, "GET", path), ask(proxy, "GET", path, **GZIP)
    assert (plain.status, plain.headers["ETag"], plain.read()) == (200, own, content)
    assert (small.status, small.headers["ETag"], gzip.decompress(small.read())) == (200, packed, content)
    asked = ask(proxy, "HEAD", path, **GZIP)
    for name in ("ETag", "Content-Length", "Content-Encoding", "Content-Type", "Vary", "Content-Disposition"):
        assert asked.headers[name] == small.headers[name], name
    for known in (own, packed):
        answer = ask(proxy, "GET", path, **GZIP, If_None_Match=known)
        assert (answer.status, answer.read(), answer.headers["ETag"]) == (304, b"", known)
    for ranged, etag in (("bytes=5-9", own), ("bytes=-5", own)):
        part = ask(proxy, "GET", path, **GZIP, Range=ranged, If_Range=etag)
        wanted = content[5:10] if ranged == "bytes=5-9" else content[-5:]
        assert (part.status, part.read(), part.headers["ETag"]) == (206, wanted, own)
        assert part.headers["Content-Encoding"] is None
    begun_packed = ask(proxy, "GET", path, **GZIP, Range="bytes=5-", If_Range=packed)
    assert begun_packed.status == 200
    whole = begun_packed.read()  # which nginx packs itself where the portal sends it
    assert (gzip.decompress(whole) if begun_packed.headers["Content-Encoding"] else whole) == content
    behind = ask(proxy, "GET", path, Range="bytes=9999999-")
    assert (behind.status, behind.headers["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert "immutable" not in behind.headers["Cache-Control"]
    making.withdrawn(version)
    assert {ask(proxy, method, path, **GZIP).status for method in ("GET", "HEAD")} == {410}
    assert ask(proxy, "GET", path, If_None_Match=own).status == 410
