"""nginx itself with our configuration: large files pass through it as they come, stored files are sent from it."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse

from opendata.catalogue import serving
from tests.running import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
NGINX = shutil.which("nginx")
CONTENT = "سنة,محافظة\n".encode() * 5_000
SHA = hashlib.sha256(CONTENT).hexdigest()
MEGABYTE = 1024 * 1024
UPLOAD = "/admin/catalogue/dataset/7/release/"

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")


@dataclass
class Portal:
    """What stands behind the proxy: it takes what is sent, and answers with the headers of a stored file."""

    headers: dict[str, str]
    received: int = 0
    seen: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, portal.headers)

            def do_POST(self) -> None:
                portal.seen.append(str(self.headers["X-Forwarded-For"]))
                left = int(self.headers["Content-Length"])
                while left and (chunk := self.rfile.read1(min(left, MEGABYTE))):  # type: ignore[attr-defined]
                    left -= len(chunk)
                    portal.received += len(chunk)
                self._answer(204, {})

            def _answer(self, status: int, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        return Handler


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def portal(rf: RequestFactory, settings: Any) -> Iterator[tuple[Portal, int]]:
    settings.SENDFILE_PREFIX = "/_proxy/store/"
    served = serving.Served(Path("nowhere"), SHA, len(CONTENT), "text/csv; charset=utf-8", "بيانات.csv")
    behind = Portal(dict(serving.answer_file(rf.get("/files/x/1/data.csv"), served).headers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), behind.handler())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield behind, server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(portal: tuple[Portal, int], tmp_path: Path) -> Iterator[int]:
    """nginx with deploy/nginx.conf, where only addresses and folders are this test's; its port."""
    assert NGINX
    stored = tmp_path / "store" / SHA[:2] / SHA
    stored.parent.mkdir(parents=True)
    stored.write_bytes(CONTENT)
    port = free_port()
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("${FRONT_PROXY}", "127.0.0.1/32"), ("listen 8080;", f"listen 127.0.0.1:{port};"), ("/tmp/", f"{tmp_path}/"),
        ("http://web:8000", f"http://127.0.0.1:{portal[1]}"), ("/srv/proxy/store/", f"{tmp_path}/store/"),
        ("/srv/proxy/pages/", f"{ROOT}/deploy/pages/"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    process = subprocess.Popen(
        [NGINX, "-c", str(tmp_path / "nginx.conf"), "-g", f"daemon off; {user}"], stdout=subprocess.DEVNULL
    )
    wait_until(lambda: ask(port, "GET", "/_proxy/live").status == 200)
    yield port
    process.terminate()
    process.wait(timeout=20)


def ask(port: int, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    except ConnectionRefusedError:
        return http.client.HTTPResponse(socket.socket())
    return connection.getresponse()


def begun(port: int, path: str, size: int) -> socket.socket:
    """A POST of which the headers and the first megabyte were sent."""
    sending = socket.create_connection(("127.0.0.1", port), timeout=20)
    sending.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * MEGABYTE)
    return sending


def test_the_file_of_a_dataset_reaches_the_portal_while_it_comes(portal: tuple[Portal, int], proxy: int) -> None:
    assert reverse("admin:catalogue_dataset_upload", args=[7]) == UPLOAD
    with begun(proxy, UPLOAD, 40 * MEGABYTE) as sending:
        wait_until(lambda: portal[0].received > 0)  # the rest is not sent yet
        for _number in range(39):
            sending.sendall(b"x" * MEGABYTE)
        assert sending.recv(100).startswith(b"HTTP/1.1 204")
    assert portal[0].received == 40 * MEGABYTE
    assert portal[0].seen == ["127.0.0.1"]


def test_the_largest_file_fits_and_nothing_else_may_be_so_large(proxy: int) -> None:
    with begun(proxy, UPLOAD, settings.DATASET_MAX_BYTES + MEGABYTE) as sending:
        sending.settimeout(1)
        with pytest.raises(TimeoutError):  # it waits for the rest
            sending.recv(100)
    for path in ("/admin/catalogue/dataset/7/change/", "/ar/contact/", f"/en{UPLOAD}"):
        with begun(proxy, path, 40 * MEGABYTE) as sending:
            assert sending.recv(100).startswith(b"HTTP/1.1 413")


def test_a_stored_file_is_sent_with_all_that_the_portal_says_of_it(portal: tuple[Portal, int], proxy: int) -> None:
    answer = ask(proxy, "GET", "/files/x/1/data.csv", Accept_Encoding="gzip")
    assert (answer.status, answer.read()) == (200, CONTENT)
    said = {name: value for name, value in portal[0].headers.items() if name != "X-Accel-Redirect"}
    assert len(said) >= 8
    assert {name: answer.headers[name] for name in said} == said
    assert answer.headers["Content-Encoding"] is None
    assert answer.headers["Last-Modified"]
    whole = len(CONTENT)
    part = ask(proxy, "GET", "/files/x/1/data.csv", Range="bytes=5-9", If_Range=f'"{SHA}"')
    assert (part.status, part.read(), part.headers["ETag"]) == (206, CONTENT[5:10], f'"{SHA}"')
    assert part.headers["Content-Range"] == f"bytes 5-9/{whole}"
    assert part.headers["Access-Control-Allow-Origin"] == "*"
    other = ask(proxy, "GET", "/files/x/1/data.csv", Range="bytes=5-9", If_Range='"of another"')
    assert (other.status, len(other.read())) == (200, whole)


def test_nobody_reaches_the_store_past_the_portal(proxy: int) -> None:
    assert ask(proxy, "GET", f"/_proxy/store/{SHA[:2]}/{SHA}").status == 404
