"""Signatures as compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037); the payload is canonical JSON.

RFC 9864 would call the algorithm "Ed25519" instead of "EdDSA"; most verifiers that people have know only the older
name, so that is what is written, and no other is accepted.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import CompactSignature, JWSAlgModel, JWSRegistry, deserialize_compact, serialize_compact

from opendata.trust import moments
from opendata.trust.canonical import NotCanonical, canonical, read_canonical
from opendata.trust.keys import KeyRing

ALGORITHM = "EdDSA"
MANIFEST, LOG_HEAD = "dataset-manifest+json", "log-head+json"
"""Values of `typ`: a signature made for one purpose cannot be shown for another."""


class BadSignature(ValueError):
    """A signature that does not hold; the message says why."""


class _OneAlgorithm(JWSRegistry):
    """Only our algorithm, and room for the manifest of a table with very many columns."""

    max_payload_length = 16 * 1024 * 1024

    def get_alg(self, name: str) -> JWSAlgModel:
        """The algorithm, without the library's warning about its name."""
        if name != ALGORITHM:
            raise BadSignature(f"signed with {name}, not with {ALGORITHM}")
        return self.algorithms[ALGORITHM]


_REGISTRY = _OneAlgorithm()


@dataclass(frozen=True)
class Verified:
    """A payload whose signature holds, and the name of the key."""

    payload: dict[str, Any]
    kid: str


def sign(payload: dict[str, Any], ring: KeyRing, typ: str = MANIFEST) -> str:
    """The compact JWS of a payload, signed with the ring's active key."""
    header = {"alg": ALGORITHM, "kid": ring.active, "typ": typ}
    return serialize_compact(header, canonical(payload), ring.private, registry=_REGISTRY)


def verify(jws: str | bytes, jwks: dict[str, Any], typ: str = MANIFEST) -> Verified:
    """The payload of a signature that holds, is written canonically and names a key of the set; else `BadSignature`.

    Whether that key was valid when it signed is another question: see `valid_at`.
    """
    data = jws.encode() if isinstance(jws, str) else jws
    header, _payload, _signature = split(data)
    if header.get("typ") != typ:
        raise BadSignature(f"signed as {header.get('typ')!r}, not as {typ!r}")
    key = _key(header.get("kid"), jwks)
    try:
        found: CompactSignature = deserialize_compact(data, key, registry=_REGISTRY)
        payload = read_canonical(found.payload or b"")
    except (JoseError, NotCanonical, ValueError) as error:
        raise BadSignature(str(error) or type(error).__name__) from error
    if not isinstance(payload, dict):
        raise BadSignature("the payload is not an object")
    return Verified(payload, str(header["kid"]))


def split(jws: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, payload and signature of a compact JWS; raises `BadSignature` unless each part is written canonically.

    The last letter of base64 has bits that mean nothing: a file where they are altered is an altered file.
    """
    parts = jws.split(b".")
    if len(parts) != 3:
        raise BadSignature("not a compact JWS: it has three parts")
    header, payload, signature = (_decoded(part) for part in parts)
    try:
        named = read_canonical(header)
    except NotCanonical as error:
        raise BadSignature(f"the header is {error}") from error
    if not isinstance(named, dict):
        raise BadSignature("the header is not an object")
    return named, payload, signature


def detached(jws: str | bytes) -> tuple[bytes, bytes]:
    """The bytes that were signed and the 64 bytes of the signature, as `openssl pkeyutl -verify -rawin` takes them."""
    data = jws.encode() if isinstance(jws, str) else jws
    _header, _payload, signature = split(data)
    return data.rpartition(b".")[0], signature


def valid_at(kid: str, moment: datetime, jwks: dict[str, Any]) -> bool:
    """Was the key valid at this moment? A key that says nothing of when it was valid never was."""
    for key in jwks.get("keys", []):
        if key.get("kid") == kid and key.get("valid_from"):
            until = key.get("valid_until")
            return moments.read(key["valid_from"]) <= moment and (not until or moment <= moments.read(until))
    return False


def _key(kid: object, jwks: dict[str, Any]) -> OKPKey:
    for key in jwks.get("keys", []):
        if key.get("kid") == kid and key.get("kty") == "OKP" and key.get("crv") == "Ed25519":
            found = OKPKey.import_key({name: key[name] for name in ("kty", "crv", "x")})
            if found.thumbprint() == kid:
                return found
    raise BadSignature(f"signed with the key {kid!r}, which is not among the published ones")


def _decoded(part: bytes) -> bytes:
    try:
        decoded = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadSignature(f"not base64url: {error}") from error
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part:
        raise BadSignature("not base64url as RFC 7515 writes it")
    return decoded
