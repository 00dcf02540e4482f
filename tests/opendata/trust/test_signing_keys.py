"""Keys outside the database: made once, rotated, readable by their owner only, and never forgotten."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from opendata.trust.keys import KeyRing, NoKey, from_environment, jwks, public_keys
from opendata.trust.signing import sign, valid_at, verify

JANUARY, JUNE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def create(folder: Path) -> str:
    return KeyRing.create(folder).active


def test_a_key_is_made_once_and_kept(tmp_path: Path):
    first = KeyRing.create(tmp_path / "keys")
    assert KeyRing.create(tmp_path / "keys") == KeyRing.load(tmp_path / "keys")
    assert KeyRing.load(tmp_path / "keys").active == first.active
    private = tmp_path / "keys" / f"{first.active}.pem"
    assert private.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert "PRIVATE" not in (tmp_path / "keys" / "ring.json").read_text()


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = {job.result() for job in [pool.submit(create, tmp_path / "keys") for _ in range(8)]}
    assert len(found) == 1
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1


def test_rotation_keeps_the_old_public_key_with_its_time(tmp_path: Path):
    old = KeyRing.create(tmp_path, now=JANUARY)
    signed = sign({"a": 1}, old)
    new = old.rotate(now=JUNE)
    assert new.active != old.active
    assert KeyRing.load(tmp_path).active == new.active
    assert verify(signed, new.jwks()).kid == old.active
    before, after = new.jwks()["keys"]
    assert (before["valid_from"], before["valid_until"]) == ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z")
    assert (after["valid_from"], "valid_until" in after) == ("2026-06-01T00:00:00Z", False)
    assert valid_at(old.active, JUNE, new.jwks())
    assert not valid_at(old.active, datetime(2026, 6, 1, 0, 0, 1, tzinfo=UTC), new.jwks())
    assert not valid_at(new.active, JANUARY, new.jwks())
    assert not valid_at("unknown", JUNE, new.jwks())


def test_public_keys_say_nothing_private(tmp_path: Path):
    ring = KeyRing.create(tmp_path)
    key = ring.jwks()["keys"][0]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg", "valid_from"}
    assert key["kid"] == ring.active == ring.private.thumbprint()
    assert "BEGIN PUBLIC KEY" in ring.public(ring.active).pem()


def test_the_key_may_come_from_the_environment_as_pem_or_seed(tmp_path: Path):
    pem = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, text=True, check=True
    ).stdout
    seed = os.urandom(32)
    forms = [pem, pem.replace("\n", "\\n"), base64.b64encode(seed).decode(), base64.urlsafe_b64encode(seed).decode()]
    kids = [from_environment(form).thumbprint() for form in forms]
    assert kids[0] == kids[1] != kids[2] == kids[3]
    ring = KeyRing.load(tmp_path / "keys", pem, now=JANUARY)
    assert ring.active == kids[0]
    assert list((tmp_path / "keys").glob("*.pem")) == []
    assert KeyRing.load(tmp_path / "keys", pem, now=JUNE).keys == ring.keys
    later = KeyRing.load(tmp_path / "keys", forms[2], now=JUNE)
    assert [key.valid_until for key in later.keys] == ["2026-06-01T00:00:00Z", ""]
    assert verify(sign({}, ring), later.jwks()).kid == kids[0]


def test_a_retired_key_does_not_come_back(tmp_path: Path):
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    KeyRing.load(tmp_path, first)
    KeyRing.load(tmp_path, second)
    with pytest.raises(NoKey, match="retired"):
        KeyRing.load(tmp_path, first)


def test_a_key_of_the_environment_is_rotated_there(tmp_path: Path):
    ring = KeyRing.load(tmp_path, base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(NoKey, match="SIGNING_KEY"):
        ring.rotate()


@pytest.mark.parametrize("text", ["secret-but-wrong", base64.b64encode(b"x" * 31).decode(), "-----BEGIN X-----\nabc"])
def test_what_is_no_key_is_refused_without_repeating_it(tmp_path: Path, text: str):
    with pytest.raises(NoKey, match="openssl") as refused:
        KeyRing.load(tmp_path, text)
    assert text[:8] not in str(refused.value).replace("-----BEGIN", "")


def test_a_key_of_another_kind_is_refused(tmp_path: Path):
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    with pytest.raises(NoKey):
        KeyRing.load(tmp_path, subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_folder_without_keys_says_what_to_do(tmp_path: Path):
    with pytest.raises(NoKey, match="create one"):
        KeyRing.load(tmp_path / "nothing")


def test_public_keys_are_read_without_a_private_one_and_nothing_is_made(tmp_path: Path):
    assert public_keys(tmp_path / "nothing") == ()
    assert not (tmp_path / "nothing").exists()
    ring = KeyRing.create(tmp_path / "keys").rotate()
    for private in (tmp_path / "keys").glob("*.pem"):
        private.unlink()
    assert jwks(public_keys(tmp_path / "keys")) == ring.jwks()


def test_a_lost_or_exchanged_private_key_says_what_to_do(tmp_path: Path):
    ring = KeyRing.create(tmp_path / "a")
    other = KeyRing.create(tmp_path / "b")
    private = tmp_path / "a" / f"{ring.active}.pem"
    private.write_bytes((tmp_path / "b" / f"{other.active}.pem").read_bytes())
    with pytest.raises(NoKey, match="another key"):
        KeyRing.load(tmp_path / "a")
    private.unlink()
    with pytest.raises(NoKey, match="backup"):
        KeyRing.load(tmp_path / "a")
    assert len(json.loads((tmp_path / "a" / "ring.json").read_text())["keys"]) == 1
