"""Published files in object storage, with a server that speaks S3 on loopback."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.test import Client
from django.urls import reverse
from obstore.exceptions import BaseError

from opendata.catalogue import bucket, bucket_filling
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.erasing import ask_erasure, erase_version
from opendata.catalogue.models import Download, Erasure, Version, VersionFile
from opendata.catalogue.storage import root, store
from opendata.reusers.checks import check_bucket
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.making import withdrawn
from tests.people import staff
from tests.portal.test_proxy_of_datasets import free_port
from tests.running import wait_until

pytestmark = pytest.mark.django_db
KEY, SECRET = "AKEY", "a/secret+with=signs"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The server; its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), 120)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(f"{address}/moto-api/", timeout=5).status == 200)
    except OSError:
        return False


@pytest.fixture
def place(service: str, settings: Any, request: pytest.FixtureRequest) -> bucket.Place:
    """An empty bucket of this test's, which the portal is set to."""
    name = "b-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    urllib.request.urlopen(urllib.request.Request(f"{service}/{name}", method="PUT"), timeout=10)
    shutil.rmtree(root() / "uploaded", ignore_errors=True)
    host = service.removeprefix("http://")
    settings.S3_URL = f"http://{KEY}:a%2Fsecret%2Bwith%3Dsigns@{host}/{name}/open%20data?region=me-south-1"
    found = bucket.place()
    assert found is not None
    assert found.secret == SECRET
    assert SECRET not in repr(found)
    return found


@pytest.fixture
def version() -> Version:
    made = shown.version(shown.dataset(slug="population"), formats=("csv",))
    digest, size = shown.kept(b"PK\x03\x04")
    VersionFile.objects.create(
        version=made, format="original", name="بيانات السكان.xlsx", media_type="application/octet-stream", size=size,
        sha256=digest,
    )  # fmt: skip
    return made


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def fetched(address: str, method: str = "GET", **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(address, method=method, headers=headers), timeout=10)


def test_downloads_lead_to_the_bucket_once_the_copies_are_there(client: Client, version: Version, place: Any) -> None:
    assert body(client.get("/files/population/1/data.csv"))
    bucket_filling.fill()
    for file in version.files.all():
        Download.objects.all().delete()
        address, content = f"/files/population/1/{file.name}", store().path(file.sha256).read_bytes()
        led = client.get(address)
        assert (led.status_code, led.headers["Cache-Control"]) == (302, "no-store")
        assert led.headers["Access-Control-Allow-Origin"] == "*"
        assert led.headers["Location"].startswith(f"{place.service}/{place.bucket}/")
        answer = fetched(led.headers["Location"])
        assert answer.read() == content
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert "immutable" in answer.headers["Cache-Control"]
        assert fetched(led.headers["Location"], Range="bytes=1-2").read() == content[1:3]
        asked = client.head(address)
        assert fetched(asked.headers["Location"], "HEAD").headers["Content-Length"] == str(len(content))
        client.get(address, headers={"Range": "bytes=5-"})
        assert Download.objects.get().count == 1
        known = client.get(address, headers={"If-None-Match": f'"{file.sha256}"'})
        assert (known.status_code, "Location" in known.headers) == (304, False)
    csv = version.files.get(format="csv")
    answer = fetched(client.get("/files/population/1/data.csv").headers["Location"])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert hashlib.sha256(answer.read()).hexdigest() == csv.sha256


def test_addresses_are_signed_as_the_standard_says(client: Client, version: Version, place: Any) -> None:
    bucket_filling.fill()
    location = client.get("/files/population/1/data.csv").headers["Location"]
    bare, asked = location.partition("?")[0], parse_qs(urlsplit(location).query)
    assert asked["X-Amz-Expires"] == ["600"]
    request = AWSRequest("GET", bare)
    at = datetime.strptime(asked["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ")
    signing = S3SigV4QueryAuth(Credentials(KEY, SECRET), "s3", "me-south-1", expires=600)
    request.context["timestamp"] = at.strftime("%Y%m%dT%H%M%SZ")
    signing._modify_request_before_signing(request)
    signed = signing.signature(signing.string_to_sign(request, signing.canonical_request(request)), request)
    assert asked["X-Amz-Signature"] == [signed]


def test_each_round_mends_what_differs_and_does_nothing_twice(client: Client, version: Version, place: Any) -> None:
    import obstore

    first = bucket_filling.fill()
    assert (first.copied, bucket_filling.fill().copied) == (2, 0)
    key = bucket.key_of(version.files.get(format="csv"))
    obstore.put(bucket.connection(place), key, b"cut")
    assert bucket_filling.fill().copied == 1
    obstore.delete(bucket.connection(place), key)
    assert bucket_filling.fill(seconds=-1).left == 1
    assert client.get("/files/population/1/data.csv").status_code == 200
    assert bucket_filling.fill().copied == 1
    obstore.put(bucket.connection(place), "of somebody else", b"x")
    withdrawn(version)
    assert client.get("/files/population/1/data.csv").status_code == 410
    assert bucket_filling.fill().removed == 2
    assert list(bucket_filling._listed(place)) == ["of somebody else"]


def asked_for(version: Version) -> tuple[Erasure, Any]:
    """A wish to destroy a version that was withdrawn, and who may confirm it."""
    told = {"because": "It names people.", "ground_ar": "قانون", "ground_en": "A law"}
    assert ask_erasure(version=withdrawn(version), by=making.house_of(version.dataset).approver, **told)
    return Erasure.objects.get(version=version), staff("second", version.dataset.asset.unit, "lead", *making.APPROVE)


def test_what_is_destroyed_is_taken_out_of_the_bucket_first(
    place: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = making.published(making.make_dataset(slug="people"))
    other = making.published(first.dataset, making.CSV + "2026,Muscat,4\n")
    bucket_filling.fill()
    wish, second = asked_for(first)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_version(version=first, by=second, asked=wish.pk)
    assert {key.rpartition("/")[0] for key in bucket_filling._listed(place)} == {"people/2"}
    assert not [file for file in first.files.all() if bucket.mark_of(place, file.pk).exists()]
    assert len(bucket_filling._listed(place, "people/2/")) == other.files.count()
    assert bucket_filling.fill().copied == 0


def test_while_the_bucket_does_not_answer_nothing_is_said_to_be_destroyed(place: Any, settings: Any) -> None:
    version = making.published(making.make_dataset(slug="people"))
    bucket_filling.fill()
    wish, second = asked_for(version)
    settings.S3_URL = f"http://a:b@127.0.0.1:{free_port()}/bucket"
    visitor = Client()
    visitor.force_login(second)
    answer = visitor.post(reverse("admin:catalogue_version_erase", args=[version.pk]), {"asked": wish.pk})
    assert answer.status_code == 422
    assert "Nothing was destroyed" in answer.content.decode()
    version.refresh_from_db()
    wish.refresh_from_db()
    assert not version.is_erased
    assert wish.confirmed_at is None
    assert all(store().has(file.sha256) for file in version.files.all())


def test_nothing_is_destroyed_while_a_copy_is_made_and_none_is_made_afterwards(place: Any, monkeypatch: Any) -> None:
    version = making.published(making.make_dataset(slug="people"))
    file = VersionFile.objects.select_related("version__dataset").filter(version=version)[0]
    wish, second = asked_for(version)
    monkeypatch.setattr(bucket_filling, "PATIENCE", 0.3)
    with bucket_filling._alone("copying"), pytest.raises(Refused, match="bucket_not_cleared"):
        erase_version(version=version, by=second, asked=wish.pk)
    assert erase_version(version=version, by=second, asked=wish.pk)
    assert not file.version.is_withdrawn  # as a round that began before knows it
    assert bucket_filling._copy(place, file, bucket.key_of(file)) == 0
    assert bucket_filling._listed(place) == {}


def test_what_is_damaged_is_not_copied(version: Version, place: Any) -> None:
    file = version.files.get(format="original")
    kept = store().path(file.sha256)
    content = kept.read_bytes()
    kept.chmod(0o640)
    kept.write_bytes(b"XX\x03\x04")
    assert bucket_filling.fill().copied == 1
    kept.write_bytes(content)
    assert bucket_filling.fill().copied == 1


def test_the_portal_gives_files_out_itself_while_the_bucket_does_not_answer(
    client: Client, version: Version, place: Any, settings: Any
) -> None:
    bucket_filling.fill()
    assert client.get("/files/population/1/data.csv").status_code == 302
    name = urllib.request.Request(f"{place.service}/moto-api/reset", method="POST")
    urllib.request.urlopen(name, timeout=10)  # and with everything else the bucket is gone
    with pytest.raises(BaseError):
        bucket_filling.fill()
    assert client.get("/files/population/1/data.csv").status_code == 200


def test_one_process_at_a_time_does_a_round(version: Version, place: Any) -> None:
    with bucket_filling._alone() as is_alone:
        assert is_alone
        assert bucket_filling.fill().copied == 0
    assert bucket_filling.fill().copied == 2


def test_without_a_bucket_nothing_changes(client: Client, version: Version, settings: Any) -> None:
    settings.S3_URL = ""
    assert bucket_filling.fill().copied == 0
    assert client.get("/files/population/1/data.csv").status_code == 200
    assert check_bucket(None) == []


@pytest.mark.parametrize(
    "address", ["s3.example.om/bucket", "https://s3.example.om/bucket", "https://a:b@s3.example.om"]
)
def test_an_address_that_says_too_little_is_told_at_the_start(settings: Any, address: str) -> None:
    settings.S3_URL = address
    [found] = check_bucket(None)
    assert found.id == "reusers.E001"
    assert "https://KEY:SECRET@" in found.msg
