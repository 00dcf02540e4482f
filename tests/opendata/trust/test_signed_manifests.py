"""One form of bytes, one signature, and commands that everybody can run to check both."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from opendata.trust.by_hand import commands
from opendata.trust.canonical import NotCanonical, canonical, read_canonical, sha256
from opendata.trust.hashing import hash_file
from opendata.trust.keys import KeyRing
from opendata.trust.manifest import BadManifest, check, checksums
from opendata.trust.signing import LOG_HEAD, BadSignature, detached, sign, split, verify

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(VALUES)
def test_canonical_bytes_are_one_form_of_the_value(value: Any):
    data = canonical(value)
    assert json.loads(data) == value
    assert read_canonical(data) == value
    assert canonical(json.loads(json.dumps(value, indent=1))) == data


def test_keys_are_ordered_by_utf16_units_as_rfc_8785_says():
    # The example of RFC 8785, section 3.2.3.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = list(json.loads(canonical(dict.fromkeys(keys, 0))))
    assert found == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_are_escaped_as_rfc_8785_says():
    assert canonical('€$\x0f\nA\'B"\\\\"/\x7f') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"'.encode()


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {1: 2}, {"a": b"x"}, "\ud800", datetime(2026, 1, 1)])
def test_what_has_no_canonical_form_is_refused(value: Any):
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"b":1,"a":1}', b"[1, 2]", b'"\\u0041"', b"1.0", b"", b"{", b"\xff"]
)
def test_bytes_in_another_form_are_refused(data: bytes):
    with pytest.raises(NotCanonical):
        read_canonical(data)


def test_a_signature_holds_for_its_payload_and_purpose(ring: KeyRing):
    signed = sign({"a": "مسقط"}, ring)
    header, _payload, signature = split(signed.encode())
    assert header == {"alg": "EdDSA", "kid": ring.active, "typ": "dataset-manifest+json"}
    assert len(signature) == 64
    assert verify(signed, ring.jwks()).payload == {"a": "مسقط"}
    with pytest.raises(BadSignature, match="not as"):
        verify(signed, ring.jwks(), LOG_HEAD)


def test_another_key_or_algorithm_does_not_hold(ring: KeyRing, tmp_path: Path):
    other = KeyRing.create(tmp_path / "other")
    with pytest.raises(BadSignature, match="not among"):
        verify(sign({"a": 1}, other), ring.jwks())
    forged = {"keys": [{**other.jwks()["keys"][0], "kid": ring.active}]}
    with pytest.raises(BadSignature):
        verify(sign({"a": 1}, ring), forged)
    header, payload, _signature = sign({"a": 1}, ring).split(".")
    for alg in ("none", "HS256", "Ed448"):
        named = {**json.loads(base64.urlsafe_b64decode(header + "==")), "alg": alg}
        for signature in ("", "AAAA"):
            with pytest.raises(BadSignature):
                verify(f"{_encoded(canonical(named))}.{payload}.{signature}", ring.jwks())


def test_a_key_in_the_header_is_not_trusted(ring: KeyRing):
    mine = OKPKey.generate_key("Ed25519")
    public = dict(mine.as_dict(private=False))
    named = {"alg": "EdDSA", "jwk": public, "kid": mine.thumbprint(), "typ": "dataset-manifest+json"}
    body = f"{_encoded(canonical(named))}.{_encoded(b'{}')}"
    signature = mine.get_op_key("sign").sign(body.encode())
    with pytest.raises(BadSignature):
        verify(f"{body}.{_encoded(signature)}", ring.jwks())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_manifest_of_very_many_columns_is_signed(ring: KeyRing):
    columns = [{"name": f"c{n}", "description_ar": "وصف " * 200} for n in range(2_000)]
    assert verify(sign({"schema": columns}, ring), ring.jwks()).payload == {"schema": columns}


def test_the_documented_commands_accept_a_genuine_download(download: Path, ring: KeyRing):
    done = by_hand(download, ring)
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    assert done.stdout.count(": OK") == 2


@pytest.mark.parametrize("name", ["data.csv", "data file (2).json", "manifest.json", "manifest.jws"])
def test_the_documented_commands_find_an_altered_byte(download: Path, ring: KeyRing, name: str):
    data = bytearray((download / name).read_bytes())
    data[len(data) // 2] ^= 1
    (download / name).write_bytes(data)
    assert by_hand(download, ring).returncode != 0


def test_the_documented_commands_find_another_key(download: Path, tmp_path: Path):
    assert by_hand(download, KeyRing.create(tmp_path / "other")).returncode != 0


def by_hand(folder: Path, ring: KeyRing) -> subprocess.CompletedProcess[str]:
    """Run the commands as a reader pastes them; any that fails ends them."""
    script = f"set -e\n{commands(ring.public(ring.active))}"
    return subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def test_openssl_takes_the_detached_form(download: Path, ring: KeyRing, tmp_path: Path):
    signed, signature = detached((download / "manifest.jws").read_bytes())
    for name, data in (("signed", signed), ("signature", signature)):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "key.pem").write_text(ring.public(ring.active).pem())
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature"
    assert subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_sha256sum_takes_the_checksums(download: Path):
    found = json.loads((download / "manifest.json").read_bytes())
    done = subprocess.run(
        ["sha256sum", "-c", "-"], input=checksums(found), cwd=download, capture_output=True, text=True, check=True
    )
    assert done.stdout.count(": OK") == 2


def test_a_manifest_says_what_was_published(download: Path):
    found = json.loads((download / "manifest.json").read_bytes())
    assert found["dataset"] == {"id": "7d4d2a5c", "slug": "population"}
    assert found["title"] == {"ar": "السكان", "en": "Population"}
    assert found["published_at"] == "2026-11-22T10:30:00Z"
    assert [file["name"] for file in found["files"]] == ["data file (2).json", "data.csv"]
    assert sha256(found) == hash_file(download / "manifest.json")


FILE = {"name": "a.csv", "format": "csv", "media_type": "text/csv", "bytes": 1, "sha256": "0" * 64}


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 0},
        {"sequence": 2},
        {"sequence": True},
        {"previous": "0" * 64},
        {"kind": "other"},
        {"published_at": "2026-11-22"},
        {"files": []},
        {"files": [FILE, FILE]},
        {"files": [{**FILE, "name": "../a.csv"}]},
        {"files": [{**FILE, "name": "manifest.json"}]},
        {"files": [{**FILE, "name": 'a"b'}]},
        {"files": [{**FILE, "name": ".hidden"}]},
        {"files": [{**FILE, "bytes": -1}]},
        {"files": [{**FILE, "sha256": "A" * 64}]},
        {"files": ["a.csv"]},
        {"licence": "CC-BY-4.0"},
        {"rows": None},
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(download: Path, changes: dict[str, Any]):
    found = json.loads((download / "manifest.json").read_bytes())
    check(found)
    with pytest.raises(BadManifest):
        check({**found, **changes})
    with pytest.raises(BadManifest):
        check({name: value for name, value in found.items() if name not in changes})
