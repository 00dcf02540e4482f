"""Files, manifests, the log and the keys, as browsers, download programs and mirrors fetch them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opendata.catalogue.actions.log import append, sign_heads
from opendata.catalogue.downloads import count_download, downloads_of
from opendata.catalogue.models import Download, LogEntry, Version
from opendata.catalogue.storage import ring, store
from opendata.trust import by_hand
from opendata.trust.log import verify_chain, verify_head
from opendata.trust.verifying import verify_directory
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.opendata.catalogue.public_urls")]
TEXT = "،".join(f"سطر رقم {n}" for n in range(400)).encode()


@pytest.fixture
def version() -> Version:
    return shown.version(formats=("csv", "xlsx"))


@pytest.fixture
def address(version: Version) -> str:
    return f"/files/{version.dataset.slug}/1/data.csv"


@pytest.fixture
def content(version: Version) -> bytes:
    return store().path(version.files.get(format="csv").sha256).read_bytes()


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def ranged(client: Client, address: str, header: str, **headers: str) -> Any:
    return client.get(address, headers={"Range": header, **headers})


def test_a_file_comes_whole_for_ever_and_for_any_site(client, version, address, content):
    response = client.get(address)
    assert body(response) == content
    assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Length"] == str(len(content))
    assert f'filename="{version.dataset.slug}-1.0.0.csv"' in response.headers["Content-Disposition"]
    assert not response.cookies


def test_head_says_the_same_without_the_file(client, address, content):
    got, asked = client.get(address), client.head(address)
    assert body(asked) == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Accept-Ranges", "Content-Disposition"):
        assert asked.headers[name] == got.headers[name]


@pytest.mark.parametrize("header", ['"{sha}"', 'W/"{sha}"', '"x", "{sha}"', "*"])
def test_who_has_it_is_told_so(client, address, content, header):
    sha = hashlib.sha256(content).hexdigest()
    response = client.get(address, headers={"If-None-Match": header.format(sha=sha)})
    assert response.status_code == 304
    assert body(response) == b""
    assert response.headers["ETag"] == f'"{sha}"'
    assert not Download.objects.exists()


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", slice(0, 10)), ("bytes=5-", slice(5, None)), ("bytes=-7", slice(-7, None)),
        ("bytes=3-3", slice(3, 4)), ("bytes=10-999999", slice(10, None)), ("bytes=-999999", slice(0, None)),
        ("BYTES = 0-9", slice(0, 10)),
    ],
)  # fmt: skip
def test_a_part_of_it_is_given(client, address, content, header, part):
    response = ranged(client, address, header)
    assert response.status_code == 206
    assert body(response) == content[part]
    assert response.headers["Content-Length"] == str(len(content[part]))
    start = content.index(content[part]) if part.start and part.start < 0 else (part.start or 0)
    start = len(content) + part.start if part.start and part.start < 0 else start
    assert response.headers["Content-Range"] == f"bytes {start}-{start + len(content[part]) - 1}/{len(content)}"


@pytest.mark.parametrize("header", ["bytes=999999-", "bytes=-0", "bytes=999999-1000000,888888-"])
def test_a_part_behind_the_end_is_refused(client, address, content, header):
    response = ranged(client, address, header)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(content)}"
    assert "immutable" not in response.headers["Cache-Control"]  # no cache answers others with it


@pytest.mark.parametrize("path", ["/files/{slug}/1/data.csv", "/files/{slug}/latest/data.csv", "/files/all.zip"])
@pytest.mark.urls("portal.urls")
def test_pages_of_other_sites_may_ask_for_the_last_bytes(client, version, path):
    address = path.format(slug=version.dataset.slug)
    asked = client.options(
        address, headers={"Origin": "https://other.example", "Access-Control-Request-Headers": "range"}
    )
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.headers["Access-Control-Allow-Headers"] == "*"
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    refused = Client(enforce_csrf_checks=True).post(address)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header",
    ["bytes=", "bytes=a-b", "lines=0-9", "bytes=9-0", "bytes", "bytes=0-5,3-9", "bytes=٠-٩", "bytes=-",
     "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 40, 2)), "bytes=" + "9" * 5000 + "-"],
)  # fmt: skip
def test_a_header_that_means_nothing_gets_the_whole_file(client, address, content, header):
    response = ranged(client, address, header)
    assert response.status_code == 200
    assert body(response) == content


def test_several_parts_come_with_their_places(client, address, content):
    response = ranged(client, address, "bytes=0-3,-5")
    assert response.status_code == 206
    kind, _semicolon, boundary = response.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    text = body(response)
    assert response.headers["Content-Length"] == str(len(text))
    parts = text.split(f"--{boundary}".encode())[1:-1]
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts] == [content[:4], content[-5:]]
    assert f"Content-Range: bytes 0-3/{len(content)}".encode() in parts[0]


def test_a_download_goes_on_only_where_the_file_is_the_same(client, address, content):
    sha = hashlib.sha256(content).hexdigest()
    assert ranged(client, address, "bytes=5-9", **{"If-Range": f'"{sha}"'}).status_code == 206
    assert ranged(client, address, "bytes=5-9", **{"If-Range": '"other"'}).status_code == 200
    assert client.head(address, headers={"Range": "bytes=0-1"}).status_code == 200


def test_a_download_is_counted_once_and_nobody_with_it(client, version, address):
    for _n in range(2):
        body(client.get(address))
    body(ranged(client, address, "bytes=0-4"))
    body(ranged(client, address, "bytes=5-9"))
    client.head(address)
    client.get(address, headers={"If-None-Match": "*"})
    [row] = Download.objects.values("dataset", "day", "format", "count")
    assert row == {"dataset": version.dataset_id, "day": timezone.localdate(), "format": "csv", "count": 3}
    assert {field.name for field in Download._meta.fields} == {"id", "dataset", "day", "format", "count"}


def test_downloads_are_told_by_month_and_in_all(version):
    today = timezone.localdate().replace(day=15)
    for day, count in ((today, 3), (today - timedelta(days=40), 4)):
        Download.objects.create(dataset=version.dataset, day=day, format="csv", count=count)
    found = downloads_of(version.dataset, today)
    assert (found.this_month, found.ever) == (3, 7)


def test_a_count_that_fails_keeps_nobody_from_the_file(client, version, address, content):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_download RENAME TO elsewhere")
    assert body(client.get(address)) == content
    count_download(-1, "csv")


def test_latest_leads_to_the_newest_that_stands(client, version):
    slug = version.dataset.slug
    second = shown.version(version.dataset)
    response = client.get(f"/files/{slug}/latest/data.csv")
    assert (response.status_code, response.headers["Location"]) == (302, f"/files/{slug}/2/data.csv")
    assert "no-cache" in response.headers["Cache-Control"]
    making.withdrawn(second)
    assert client.get(f"/files/{slug}/latest/data.csv").headers["Location"] == f"/files/{slug}/1/data.csv"
    making.withdrawn(version)
    assert client.get(f"/files/{slug}/latest/data.csv").status_code == 410


@pytest.mark.parametrize("name", ["data.csv", "manifest.json", "manifest.jws", "difference.csv", "never-there.csv"])
def test_what_was_withdrawn_says_when_and_why_to_programs(client, version, name):
    making.withdrawn(version)
    response = client.get(f"/files/{version.dataset.slug}/1/{name}")
    assert response.status_code == 410
    assert response.headers["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["detail"] == "The source was found to be wrong"
    assert found["detail_ar"] == "تبين خطأ في المصدر"
    assert found["manifest_sha256"] == version.manifest_sha256
    assert found["withdrawn_at"]
    assert "immutable" not in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["nothing/1/data.csv", "{slug}/2/data.csv", "{slug}/1/data.exe", "{slug}/1/query.duckdb",
     "{slug}/1/..%2f..%2fsecrets.json", "{slug}/latest/", "nothing/latest/data.csv"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, version, path):
    response = client.get(f"/files/{path.format(slug=version.dataset.slug)}")
    assert response.status_code == 404


def test_a_draft_has_no_files(client):
    release = making.make_release()
    assert client.get(f"/files/{release.dataset.slug}/1/data.csv").status_code == 404


def test_a_file_that_left_the_disk_is_a_clear_error_and_no_crash(client, version, address):
    store().path(version.files.get(format="csv").sha256).unlink()
    response = client.get(address)
    assert response.status_code == 503
    assert not Download.objects.exists()
    assert client.get(f"/en/data/{version.dataset.slug}/").status_code == 200


def test_the_proxy_sends_the_bytes_where_it_is_told_to(client, version, address, content, settings):
    settings.SENDFILE_PREFIX = "/-store/"
    sha = hashlib.sha256(content).hexdigest()
    response = client.get(address)
    assert response.headers["X-Accel-Redirect"] == f"/-store/{sha[:2]}/{sha}"
    assert response.content == b""
    assert response.headers["ETag"] == f'"{sha}"'
    assert "immutable" in response.headers["Cache-Control"]
    client.get(address, headers={"Range": "bytes=5-"})
    assert Download.objects.get().count == 1
    behind = client.get(address, headers={"Range": "bytes=999999-"})  # which the proxy would let caches keep
    assert (behind.status_code, "X-Accel-Redirect" in behind.headers) == (416, False)
    assert "immutable" not in behind.headers["Cache-Control"]


def test_a_file_takes_two_statements(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        body(client.get(address))
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 2


def test_a_download_of_everything_passes_verification_and_the_documented_commands(client, tmp_path):
    version = making.published(data=("name,note\n" + "\n".join(f"م{n},ن" for n in range(200))).encode())
    slug = version.dataset.slug
    names = [*version.files.values_list("name", flat=True), "manifest.json", "manifest.jws"]
    for name in names:
        response = client.get(f"/files/{slug}/1/{name}")
        assert response.status_code == 200, name
        (tmp_path / name).write_bytes(body(response))
    log = client.get("/log.json").json()
    jwks = client.get("/.well-known/jwks.json").json()
    assert verify_directory(tmp_path, jwks, log=log["entries"]) == []
    commands = by_hand.commands(ring().keys[-1])
    ran = subprocess.run(["bash", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    _alter(tmp_path / "data.csv")
    assert [finding.code for finding in verify_directory(tmp_path, jwks) if finding.name == "data.csv"] == [
        "file_altered"
    ]


def _alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(bytes(content))


def test_the_log_grows_in_pages_and_is_a_whole_chain(client, monkeypatch, version):
    from opendata.catalogue.views import log

    assert client.get("/log.json").json() == {"entries": [], "last": None, "next": None}
    monkeypatch.setattr(log, "PAGE_SIZE", 2)
    for _n in range(5):
        append(kind="published", subject=version.dataset.slug, version=version)
    first = client.get("/log.json")
    assert client.get("/log.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    entries: list[Any] = []
    address: str | None = "/log.json"
    while address:
        page = client.get(address).json()
        entries += page["entries"]
        address = page["next"]
    assert len(entries) == 5
    assert verify_chain(entries) == []
    assert page["last"]["sha256"] == LogEntry.objects.get(sequence=5).hash
    assert client.get("/log.json?after=abc").status_code == 400
    assert client.get(f"/log.json?after={'9' * 30}").status_code == 400
    assert client.get("/log.json?after=99").json()["entries"] == []


def test_full_pages_of_the_log_are_kept_and_the_last_is_asked_for_again(client, monkeypatch, version):
    from opendata.catalogue.views import log

    monkeypatch.setattr(log, "PAGE_SIZE", 2)
    for _n in range(3):
        append(kind="published", subject=version.dataset.slug, version=version)
    full, last = client.get("/log.json"), client.get("/log.json?after=2")
    assert "immutable" in full.headers["Cache-Control"]
    assert "no-cache" in last.headers["Cache-Control"]
    known = {"If-None-Match": last.headers["ETag"]}
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/log.json?after=2", headers=known).status_code == 304
    assert not [query for query in queries if '"entry"' in query["sql"]]
    append(kind="published", subject=version.dataset.slug, version=version)
    answer = client.get("/log.json?after=2", headers=known)
    assert (answer.status_code, len(answer.json()["entries"])) == (200, 2)
    assert answer.headers["ETag"] != full.headers["ETag"]
    assert client.get("/log.json").content == full.content


def test_the_heads_of_days_are_signed(client, version):
    append(kind="published", subject=version.dataset.slug, version=version)
    sign_heads(ring(), timezone.now().date() + timedelta(days=2))
    heads = client.get("/log/heads.json").json()["heads"]
    jwks = client.get("/.well-known/jwks.json").json()
    entries = client.get("/log.json").json()["entries"]
    assert len(heads) == 2
    assert all(verify_head(head["signature"], entries, jwks) == [] for head in heads)


def test_the_keys_hold_nothing_secret(client, version):
    text = client.get("/.well-known/jwks.json").content.decode()
    keys = json.loads(text)["keys"]
    assert version.key_id in [key["kid"] for key in keys]
    assert not any("d" in key for key in keys)
    assert settings.SITE_URL
