"""nginx itself with our configuration sends the packed file to whoever takes gzip, and parts of the file itself."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from opendata.catalogue import serving
from tests.portal.test_proxy_of_datasets import CONTENT, NGINX, SHA, Portal, ask, proxy  # noqa: F401

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")
PACKED = gzip.compress(CONTENT)


@pytest.fixture
def portal(rf: RequestFactory, settings: Any, tmp_path: Path) -> Iterator[tuple[Portal, int]]:
    """The portal as it answers about a packed file to whoever takes gzip."""
    settings.SENDFILE_PREFIX = "/_proxy/store/"
    packed = tmp_path / f"{SHA}.gz"
    packed.write_bytes(PACKED)
    served = serving.Served(Path("nowhere"), SHA, len(CONTENT), "text/csv; charset=utf-8", "بيانات.csv", packed)
    asked = rf.get("/files/x/1/data.csv", headers={"Accept-Encoding": "gzip"})
    behind = Portal(dict(serving.answer_file(asked, served).headers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), behind.handler())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield behind, server.server_address[1]
    server.shutdown()
    server.server_close()


def test_the_packed_file_comes_with_its_own_etag_and_coding(
    portal: tuple[Portal, int], proxy: int, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    (tmp_path / "store" / SHA[:2] / f"{SHA}.gz").write_bytes(PACKED)
    answer = ask(proxy, "GET", "/files/x/1/data.csv", Accept_Encoding="gzip")
    assert (answer.status, gzip.decompress(answer.read())) == (200, CONTENT)
    said = {name: value for name, value in portal[0].headers.items() if name != "X-Accel-Redirect"}
    assert {name: answer.headers[name] for name in said} == said
    assert (answer.headers["Content-Encoding"], answer.headers["ETag"]) == ("gzip", f'"{SHA}-gzip"')
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(PACKED))
