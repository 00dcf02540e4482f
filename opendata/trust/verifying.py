"""Is a downloaded version what was published? Checked from its folder and the public keys alone, without a network.

Any byte that was altered, in a file, in the manifest or in its signature, is found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from opendata.trust import moments
from opendata.trust.canonical import NotCanonical, canonical, read_canonical
from opendata.trust.hashing import hash_file
from opendata.trust.log import verify_chain, verify_head
from opendata.trust.manifest import OWN, BadManifest, check
from opendata.trust.signing import BadSignature, Verified, valid_at, verify

COMPANIONS = ("log.json", "log-head.jws", "jwks.json")
"""Files that may lie beside a version without being named in its manifest."""

CODES = {
    "no_manifest": "manifest.json or manifest.jws is not there.",
    "bad_signature": "The signature of the manifest does not hold.",
    "key_not_valid": "The key that signed was not valid when the version was published.",
    "manifest_differs": "manifest.json is not what was signed.",
    "bad_manifest": "The manifest lacks something or contradicts itself.",
    "file_missing": "A file that the manifest names is not there.",
    "file_altered": "A file is not the one that was published.",
    "unnamed_file": "A file lies there that the manifest does not name: it was not published with this version.",
    "bad_log": "The public log was altered or cut off.",
    "not_in_log": "The public log does not say that this version was published.",
    "withdrawn": "The version is genuine, but it was withdrawn later.",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong: a code of `CODES`, the file or entry it is about, and what stands there. Only `withdrawn` does
    not mean that something was altered."""

    code: str
    name: str
    detail: str = ""


def verify_directory(
    path: Path,
    jwks: dict[str, Any],
    *,
    log: Sequence[dict[str, Any]] | None = None,
    head: str | bytes | None = None,
) -> list[Finding]:
    """Everything that is wrong with a downloaded version; empty when all of it is as it was published.

    `jwks` must come from the portal itself, not from the folder. `log` and `head` (a signed head of the log) are
    optional; without `log`, a `log.json` in the folder is used, which may also be an object with `entries`.
    """
    try:
        signed = (path / "manifest.jws").read_bytes()
        written = (path / "manifest.json").read_bytes()
    except OSError as error:
        return [Finding("no_manifest", Path(str(error.filename)).name, error.strerror or "")]
    try:
        found = verify(signed, jwks)
    except BadSignature as error:
        return [Finding("bad_signature", "manifest.jws", str(error)), *_against_unsigned(path, written)]
    if canonical(found.payload) != written:
        return [Finding("manifest_differs", "manifest.json"), *_files(path, found.payload)]
    return [*_manifest(found, jwks), *_files(path, found.payload), *_log(path, found.payload, jwks, log, head)]


def _against_unsigned(path: Path, written: bytes) -> list[Finding]:
    """Nothing can be trusted now, but it still helps to say which files are not even what manifest.json says."""
    try:
        value = read_canonical(written)
        check(value)
    except (NotCanonical, BadManifest, TypeError, AttributeError):
        return []
    return _files(path, value)


def _manifest(found: Verified, jwks: dict[str, Any]) -> list[Finding]:
    try:
        check(found.payload)
    except BadManifest as error:
        return [Finding("bad_manifest", "manifest.json", str(error))]
    published = found.payload["published_at"]
    if not valid_at(found.kid, moments.read(published), jwks):
        return [Finding("key_not_valid", "manifest.jws", f"{found.kid} at {published}")]
    return []


def _files(path: Path, manifest: dict[str, Any]) -> list[Finding]:
    try:
        check(manifest)
    except BadManifest:
        return []
    findings = []
    for file in manifest["files"]:
        place = path / file["name"]
        if not place.is_file():
            findings.append(Finding("file_missing", file["name"]))
        elif place.stat().st_size != file["bytes"] or hash_file(place) != file["sha256"]:
            findings.append(Finding("file_altered", file["name"], f"{place.stat().st_size} bytes"))
    named = {file["name"] for file in manifest["files"]} | set(OWN) | set(COMPANIONS)
    extra = sorted(found.relative_to(path).as_posix() for found in path.rglob("*") if not found.is_dir())
    return findings + [Finding("unnamed_file", name) for name in extra if name not in named]


def _log(
    path: Path,
    manifest: dict[str, Any],
    jwks: dict[str, Any],
    entries: Sequence[dict[str, Any]] | None,
    head: str | bytes | None,
) -> list[Finding]:
    """The chain holds, contains the head, and says that this very manifest was published."""
    try:
        entries = _entries(path) if entries is None else entries
        head = (path / "log-head.jws").read_bytes() if head is None and (path / "log-head.jws").is_file() else head
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [Finding("bad_log", "log.json", str(error))]
    if entries is None:
        return [Finding("bad_log", "log-head.jws", "a head without its log")] if head is not None else []
    faults = verify_chain(entries) + (verify_head(head, entries, jwks) if head is not None else [])
    if faults:
        return [Finding("bad_log", str(fault.sequence), f"{fault.code} {fault.detail}".strip()) for fault in faults]
    return _said_of(manifest, entries)


def _entries(path: Path) -> list[dict[str, Any]] | None:
    if not (path / "log.json").is_file():
        return None
    found = json.loads((path / "log.json").read_bytes())
    return list(found["entries"] if isinstance(found, dict) else found)


def _said_of(manifest: dict[str, Any], entries: Sequence[dict[str, Any]]) -> list[Finding]:
    hashed = sha256(canonical(manifest)).hexdigest()
    named = f"{manifest['dataset'].get('slug')} {manifest['version']}"
    kinds = [one["kind"] for one in entries if one["manifest_sha256"] == hashed and _about(one) == named]
    if not {"published", "corrected"} & set(kinds):
        return [Finding("not_in_log", named, hashed)]
    return [Finding("withdrawn", named)] if "withdrawn" in kinds else []


def _about(one: dict[str, Any]) -> str:
    return f"{one['subject']} {one['version']}"
