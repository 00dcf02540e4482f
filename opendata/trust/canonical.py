"""The one way in which a manifest or a log entry is written as bytes, so that its hash and signature mean something.

A subset of RFC 8785 (JSON Canonicalization Scheme): objects with the keys in the order of their UTF-16 units, arrays,
strings, `true`, `false`, `null`, and whole numbers that a double holds exactly. Numbers with a fraction are refused
rather than written as ECMAScript would; nothing that is signed here has any. For all it takes, the bytes are those of
RFC 8785: UTF-8, no spaces, the shortest escapes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

GREATEST = 2**53 - 1


class NotCanonical(ValueError):
    """Something that has no canonical form here, or bytes that are not in it; the message says what."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value; raises `NotCanonical`."""
    try:
        return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"half of a surrogate pair is no text: {error}") from error


def read_canonical(data: bytes) -> Any:
    """The value of canonical bytes; raises `NotCanonical` where they are anything else, as with a key given twice."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from error
    if canonical(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def sha256(value: Any) -> str:
    """The SHA-256 of the canonical bytes of a value, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _ordered(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > GREATEST:
            raise NotCanonical(f"{value} is more than a double holds exactly: write it as a text")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _ordered(value[key]) for key in sorted(value, key=_units)}
    raise NotCanonical(f"{type(value).__name__} has no canonical form here")


def _units(key: str) -> bytes:
    """UTF-16 units in the order of their bytes, as RFC 8785 compares keys."""
    return key.encode("utf-16-be", "surrogatepass")
