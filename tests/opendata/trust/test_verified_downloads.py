"""A download is verified with public keys alone, and one altered byte anywhere is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opendata.trust.canonical import canonical, sha256
from opendata.trust.keys import KeyRing
from opendata.trust.log import entry, head, sign_head
from opendata.trust.signing import sign
from opendata.trust.verifying import CODES, Finding, verify_directory

PUBLISHED = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def codes(download: Path, ring: KeyRing, **more: Any) -> list[str]:
    found = verify_directory(download, ring.jwks(), **more)
    assert {finding.code for finding in found} <= set(CODES)
    return [finding.code for finding in found]


def signed_again(download: Path, ring: KeyRing, **changes: Any) -> dict[str, Any]:
    """Sign the manifest with some of it changed."""
    found = {**json.loads((download / "manifest.json").read_bytes()), **changes}
    (download / "manifest.json").write_bytes(canonical(found))
    (download / "manifest.jws").write_text(sign(found, ring))
    return found


def test_a_genuine_download_has_no_findings(download: Path, ring: KeyRing):
    assert verify_directory(download, ring.jwks()) == []


def test_it_is_still_genuine_after_the_key_was_retired(download: Path, ring: KeyRing):
    assert verify_directory(download, ring.rotate(now=datetime(2026, 12, 1, tzinfo=UTC)).jwks()) == []


@pytest.mark.parametrize("name", ["data.csv", "data file (2).json", "manifest.json", "manifest.jws"])
@pytest.mark.parametrize("bit", [0, 1, 2, 3, 4, 5, 6, 7])
def test_every_altered_bit_is_found(download: Path, ring: KeyRing, name: str, bit: int):
    data = (download / name).read_bytes()
    jwks = ring.jwks()
    for place in range(len(data)):
        altered = bytearray(data)
        altered[place] ^= 1 << bit
        (download / name).write_bytes(altered)
        assert verify_directory(download, jwks), (place, bit)


@pytest.mark.parametrize("name", ["data.csv", "data file (2).json", "manifest.json", "manifest.jws"])
def test_every_byte_more_or_less_is_found(download: Path, ring: KeyRing, name: str):
    data = (download / name).read_bytes()
    for altered in (data + b"\n", data + b"\0", data[:-1], data[1:], b"", b"\xef\xbb\xbf" + data, data + data):
        (download / name).write_bytes(altered)
        assert verify_directory(download, ring.jwks()), altered[:20]


def test_it_says_which_file_was_altered_or_lost(download: Path, ring: KeyRing):
    (download / "data.csv").write_bytes(b"id,name\n1,x\n")
    (download / "data file (2).json").unlink()
    assert verify_directory(download, ring.jwks()) == [
        Finding("file_missing", "data file (2).json"),
        Finding("file_altered", "data.csv", "12 bytes"),
    ]


def test_a_file_that_was_not_published_does_not_pretend(download: Path, ring: KeyRing):
    (download / "data.xlsx").write_bytes(b"x")
    (download / "more").mkdir()
    (download / "more" / "data.csv").write_bytes(b"x")
    found = verify_directory(download, ring.jwks())
    assert found == [Finding("unnamed_file", "data.xlsx"), Finding("unnamed_file", "more/data.csv")]


def test_a_manifest_that_is_not_there_is_said(download: Path, ring: KeyRing):
    (download / "manifest.jws").unlink()
    assert codes(download, ring) == ["no_manifest"]


def test_a_strangers_signature_does_not_hold(download: Path, ring: KeyRing, tmp_path: Path):
    signed_again(download, KeyRing.create(tmp_path / "stranger"))
    assert codes(download, ring) == ["bad_signature"]


def test_a_manifest_beside_another_ones_signature_is_found(download: Path, ring: KeyRing):
    before = (download / "manifest.json").read_bytes()
    signed_again(download, ring, rows=3)
    (download / "manifest.json").write_bytes(before)
    assert codes(download, ring) == ["manifest_differs"]


def test_a_key_that_was_not_valid_when_it_was_published_is_found(download: Path, ring: KeyRing):
    for moment in ("2025-12-31T23:59:59Z", "2026-12-01T00:00:01Z"):
        signed_again(download, ring, published_at=moment)
        later = KeyRing.load(ring.directory) if moment < "2026" else ring.rotate(now=datetime(2026, 12, 1, tzinfo=UTC))
        assert codes(download, later) == ["key_not_valid"]


def test_a_signed_manifest_that_contradicts_itself_is_found(download: Path, ring: KeyRing):
    signed_again(download, ring, files=[])
    assert codes(download, ring) == ["bad_manifest"]


def logged(download: Path, **more: Any) -> list[dict[str, Any]]:
    """A log that says that this version was published."""
    found = json.loads((download / "manifest.json").read_bytes())
    about = {"subject": "population", "version": "1.0.0", "manifest_sha256": sha256(found), **more}
    first = entry(None, at=PUBLISHED, kind="key_added", subject="some-key")
    return [first, entry(first, at=PUBLISHED, kind="published", **about)]


def test_the_log_proves_the_publication(download: Path, ring: KeyRing):
    log = logged(download)
    signed = sign_head(head(log, PUBLISHED.date()), ring, at=PUBLISHED)
    assert codes(download, ring, log=log, head=signed) == []
    (download / "log.json").write_text(json.dumps({"entries": log}))
    (download / "log-head.jws").write_text(signed)
    assert codes(download, ring) == []
    (download / "log.json").write_text(json.dumps(log[:1]))
    assert codes(download, ring) == ["bad_log"]


def test_a_version_that_the_log_does_not_know_is_found(download: Path, ring: KeyRing):
    assert codes(download, ring, log=[]) == ["not_in_log"]
    assert codes(download, ring, log=logged(download, version="1.0.1")) == ["not_in_log"]
    assert codes(download, ring, log=logged(download, manifest_sha256="0" * 64)) == ["not_in_log"]


def test_an_altered_log_is_found(download: Path, ring: KeyRing):
    log = logged(download)
    assert codes(download, ring, log=[{**log[0], "subject": "other"}, log[1]]) == ["bad_log"]
    (download / "log.json").write_text("[{")
    assert codes(download, ring) == ["bad_log"]
    (download / "log.json").write_text("{}")
    assert codes(download, ring) == ["bad_log"]


def test_a_withdrawn_version_is_genuine_and_withdrawn(download: Path, ring: KeyRing):
    log = logged(download)
    about = {name: log[1][name] for name in ("subject", "version", "manifest_sha256")}
    log.append(entry(log[-1], at=PUBLISHED, kind="withdrawn", **about))
    assert verify_directory(download, ring.jwks(), log=log) == [Finding("withdrawn", "population 1.0.0")]
