"""The ring of Ed25519 signing keys, kept outside the database: whoever reads or alters the database cannot sign.

The folder holds `ring.json` (public keys, each with the time it is valid from and until, and which one signs) and a
PKCS #8 file `<kid>.pem` for each private key, readable by its owner only. With `SIGNING_KEY` set the private key comes
from the environment and the folder keeps public keys alone. A key's name is its RFC 7638 thumbprint. Public keys are
never removed: what they signed while they were valid stays verifiable.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import OKPKey

from opendata.trust import moments

RING, LOCK = "ring.json", "ring.lock"
_SEED_BYTES = 32
_OWNER_ONLY = 0o600


class NoKey(Exception):
    """There is no key to sign with, or the one given is none; the message says what to do."""


@dataclass(frozen=True)
class PublicKey:
    """A public key by its name, its 32 bytes (`x`, base64url), and when it was valid; `valid_until` "" means still."""

    kid: str
    x: str
    valid_from: str
    valid_until: str = ""

    def jwk(self) -> dict[str, str]:
        """As a JSON Web Key. `valid_from` and `valid_until` are ours; readers ignore what they do not know."""
        named = {"kty": "OKP", "crv": "Ed25519", "x": self.x, "kid": self.kid, "use": "sig", "alg": "EdDSA"}
        until = {"valid_until": self.valid_until} if self.valid_until else {}
        return {**named, "valid_from": self.valid_from, **until}

    def pem(self) -> str:
        """As OpenSSL takes it."""
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": self.x}).as_pem(private=False).decode()


@dataclass(frozen=True)
class KeyRing:
    """All public keys, oldest first, and the private one that signs."""

    directory: Path
    keys: tuple[PublicKey, ...]
    active: str
    private: OKPKey

    @classmethod
    def load(cls, directory: Path, env: str = "", *, now: datetime | None = None) -> KeyRing:
        """The ring of a folder. `env` is SIGNING_KEY: PKCS #8 PEM, or the 32 bytes of the seed in base64.

        A key from the environment that the ring does not know yet takes over from the one before. Raises `NoKey`.
        """
        if env.strip():
            return _take_over(directory, from_environment(env), now or datetime.now(UTC), keep=False)
        keys, active = _read(directory)
        if not active:
            raise NoKey(f"{directory} holds no signing key: create one, or set SIGNING_KEY.")
        return cls(directory, keys, active, _private(directory, active))

    @classmethod
    def create(cls, directory: Path, *, now: datetime | None = None) -> KeyRing:
        """The ring of a folder, with a first key made if it has none. Two processes at once make one key."""
        with _locked(directory):
            _keys, active = _read(directory)
            if not active:
                _add(directory, OKPKey.generate_key("Ed25519"), now or datetime.now(UTC), keep=True)
        return cls.load(directory)

    def rotate(self, *, now: datetime | None = None) -> KeyRing:
        """Sign with a new key from now on; the old public key stays, valid until now."""
        if not (self.directory / f"{self.active}.pem").exists():
            raise NoKey("The signing key comes from SIGNING_KEY: to rotate it, put another key there and restart.")
        return _take_over(self.directory, OKPKey.generate_key("Ed25519"), now or datetime.now(UTC), keep=True)

    def jwks(self) -> dict[str, Any]:
        """All public keys as a JSON Web Key Set, for /.well-known/jwks.json."""
        return jwks(self.keys)

    def public(self, kid: str) -> PublicKey:
        """One public key; raises `KeyError`."""
        return {key.kid: key for key in self.keys}[kid]


def public_keys(directory: Path) -> tuple[PublicKey, ...]:
    """All public keys of a folder, oldest first; none where nothing was ever signed.

    Needs no private key, waits for no lock and makes nothing: this is all that whoever only verifies has to have.
    """
    return _read(directory)[0]


def jwks(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Public keys as a JSON Web Key Set."""
    return {"keys": [key.jwk() for key in keys]}


def from_environment(text: str) -> OKPKey:
    """The private key that SIGNING_KEY holds; raises `NoKey` and never says what was in it."""
    text = text.strip().replace("\\n", "\n")
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.encode(), password=None)
        else:
            seed = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
            key = Ed25519PrivateKey.from_private_bytes(seed)
    except (ValueError, TypeError, binascii.Error):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(
            "SIGNING_KEY is not an Ed25519 key. Make one with: openssl genpkey -algorithm ed25519 "
            f"(the whole PEM), or: openssl rand -base64 {_SEED_BYTES} (the seed)."
        )
    return OKPKey.import_key(key)


def _take_over(directory: Path, key: OKPKey, now: datetime, *, keep: bool) -> KeyRing:
    with _locked(directory):
        _keys, active = _read(directory)
        if active != key.thumbprint():
            _add(directory, key, now, keep=keep)
        keys, active = _read(directory)
    return KeyRing(directory, keys, active, key)


def _add(directory: Path, key: OKPKey, now: datetime, *, keep: bool) -> None:
    """Make it the active key; the one before is valid until now. It is on disk before the ring names it."""
    kid, moment = key.thumbprint(), moments.written(now)
    before, active = _read(directory)
    if kid in {old.kid for old in before}:
        raise NoKey("This key was retired before and may not sign again: take a new one.")
    if keep:
        _write(directory / f"{kid}.pem", key.as_pem(private=True))
    closed = [replace(old, valid_until=moment) if old.kid == active else old for old in before]
    public = PublicKey(kid, str(key.as_dict(private=False)["x"]), moment)
    ring = {"active": kid, "keys": [asdict(one) for one in [*closed, public]]}
    _write(directory / RING, json.dumps(ring, indent=2).encode())


def _read(directory: Path) -> tuple[tuple[PublicKey, ...], str]:
    try:
        ring = json.loads((directory / RING).read_text())
    except FileNotFoundError:
        return (), ""
    return tuple(PublicKey(**key) for key in ring["keys"]), ring["active"]


def _private(directory: Path, kid: str) -> OKPKey:
    path = directory / f"{kid}.pem"
    try:
        key = OKPKey.import_key(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise NoKey(f"{path} is missing or broken: restore it from the backup, or set SIGNING_KEY.") from error
    if key.thumbprint() != kid:
        raise NoKey(f"{path} holds another key than its name says: restore it from the backup.")
    return key


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for its owner only from the first moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """One process changes the ring at a time; the lock goes with the process that holds it."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
