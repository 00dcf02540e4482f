"""The public log: an entry for each publication, correction, withdrawal and change of keys, each with the hash of the
one before. Whoever kept one entry can tell whether anything before it was altered, removed or put in later; the head
of each day is signed, so that nobody can be shown a log that ends earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from opendata.trust import moments
from opendata.trust.canonical import NotCanonical, sha256
from opendata.trust.keys import KeyRing
from opendata.trust.signing import LOG_HEAD, BadSignature, sign, valid_at, verify

KINDS = ("published", "corrected", "withdrawn", "key_added", "key_retired")
_ABOUT_KEYS = ("key_added", "key_retired")
_FIELDS = {"sequence", "at", "kind", "subject", "version", "manifest_sha256", "previous"}
_SHA256 = re.compile(r"[0-9a-f]{64}")

FAULTS = {
    "bad_entry": "An entry lacks a field, has one too many, or holds something that it may not.",
    "wrong_sequence": "The numbers do not go up by one from 1: an entry is missing or was put in.",
    "wrong_previous": "An entry does not name the hash of the one before: that one was altered.",
    "goes_back": "An entry is dated before the one it follows.",
    "bad_head": "The signed head does not hold.",
    "head_differs": "The log does not contain the entry that the signed head names: it was altered or cut off.",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a log: a code of `FAULTS`, the number of the entry, and what stands there."""

    code: str
    sequence: int
    detail: str = ""


def entry(
    previous: dict[str, Any] | None,
    *,
    at: datetime,
    kind: str,
    subject: str,
    version: str = "",
    manifest_sha256: str = "",
) -> dict[str, Any]:
    """The entry that follows `previous` (None: the first). `subject` is a dataset's slug or a key's name.

    Raises `ValueError` for what `verify_chain` would not accept. Its time is never before that of the previous entry,
    whatever the clocks of two machines say.
    """
    moment = moments.written(at)
    found = {
        "sequence": previous["sequence"] + 1 if previous else 1,
        "at": max(moment, previous["at"]) if previous else moment,
        "kind": kind,
        "subject": subject,
        "version": version,
        "manifest_sha256": manifest_sha256,
        "previous": sha256(previous) if previous else "",
    }
    if wrong := _wrong_with(found):
        raise ValueError(wrong)
    return found


def verify_chain(entries: Iterable[dict[str, Any]]) -> list[Fault]:
    """Everything that is wrong with a log from its first entry on; empty when it is whole."""
    faults = []
    before: dict[str, Any] | None = None
    for number, found in enumerate(entries, start=1):
        wrong = _wrong_with(found)
        if wrong:
            faults.append(Fault("bad_entry", number, wrong))
            before = found if isinstance(found, dict) else {}
            continue
        if found["sequence"] != number:
            faults.append(Fault("wrong_sequence", number, str(found["sequence"])))
        if found["previous"] != _hash(before):
            faults.append(Fault("wrong_previous", number, found["previous"]))
        if before and str(before.get("at", "")) > found["at"]:
            faults.append(Fault("goes_back", number, found["at"]))
        before = found
    return faults


def head(entries: Sequence[dict[str, Any]], day: date) -> dict[str, Any]:
    """The last entry up to the end of a day in UTC: its number and hash, 0 and "" when there is none yet."""
    end = moments.written(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC))
    last = max((one for one in entries if one["at"] <= end), key=lambda one: one["sequence"], default=None)
    named = {"sequence": last["sequence"], "sha256": sha256(last)} if last else {"sequence": 0, "sha256": ""}
    return {"day": day.isoformat(), **named}


def sign_head(found: dict[str, Any], ring: KeyRing, *, at: datetime) -> str:
    """The head with the moment of its signing, as compact JWS."""
    return sign({**found, "signed_at": moments.written(at)}, ring, LOG_HEAD)


def verify_head(jws: str | bytes, entries: Sequence[dict[str, Any]], jwks: dict[str, Any]) -> list[Fault]:
    """Does the signature hold, and does the log contain the entry that the head names?"""
    try:
        found = verify(jws, jwks, LOG_HEAD)
        number, hashed = int(found.payload["sequence"]), str(found.payload["sha256"])
        signed_at = moments.read(found.payload["signed_at"])
    except (BadSignature, KeyError, ValueError, TypeError) as error:
        return [Fault("bad_head", 0, str(error))]
    if not valid_at(found.kid, signed_at, jwks):
        return [Fault("bad_head", number, f"the key {found.kid} was not valid at {found.payload['signed_at']}")]
    if number and (number > len(entries) or _hash(entries[number - 1]) != hashed):
        return [Fault("head_differs", number, hashed)]
    return []


def _hash(found: dict[str, Any] | None) -> str:
    """The hash of an entry, "" before the first; one that has no hash equals nothing."""
    try:
        return sha256(found) if found is not None else ""
    except NotCanonical:
        return "none"


def _wrong_with(found: Any) -> str:
    """What makes this no entry; "" when it is one."""
    if not isinstance(found, dict) or set(found) != _FIELDS:
        return f"an entry has exactly {', '.join(sorted(_FIELDS))}"
    texts = _FIELDS - {"sequence"}
    if type(found["sequence"]) is not int or not all(isinstance(found[name], str) for name in texts):
        return "sequence is a whole number and everything else a text"
    if found["kind"] not in KINDS or not found["subject"]:
        return f"kind is one of {', '.join(KINDS)}, and there is a subject"
    about_key = found["kind"] in _ABOUT_KEYS
    if about_key == bool(_SHA256.fullmatch(found["manifest_sha256"])) or about_key == bool(found["version"]):
        return "an entry of a dataset names its version and the SHA-256 of its manifest, one of a key names neither"
    try:
        moments.read(found["at"])
    except ValueError as error:
        return str(error)
    return ""
