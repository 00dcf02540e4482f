"""The manifest of a version: what was published, by whom, under which licence, and the SHA-256 of every file.

`manifest.json` holds its canonical bytes and nothing else; `manifest.jws` holds the same bytes, signed. Each manifest
names the hash of the one before, so the versions of a dataset are a chain of their own beside the public log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opendata.trust import moments

FORMAT = "urn:musharaka:manifest:1"
KINDS = ("new", "correction")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"[^/\\\x00-\x1f\"]{1,255}")
OWN = ("manifest.json", "manifest.jws")
_FIELDS: dict[str, type | tuple[type, ...]] = {
    "format": str,
    "dataset": dict,
    "version": str,
    "sequence": int,
    "title": dict,
    "publisher": dict,
    "licence": dict,
    "published_at": str,
    "kind": str,
    "approved_by": list,
    "rows": int,
    "schema": dict,
    "files": list,
    "previous": (str, type(None)),
}


class BadManifest(ValueError):
    """A manifest that lacks something or contradicts itself; the message says what."""


@dataclass(frozen=True)
class NamedFile:
    """One file as the manifest names it; `bytes` is its size."""

    name: str
    format: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    ar: str
    en: str


def manifest(
    *,
    dataset_id: str,
    slug: str,
    version: str,
    sequence: int,
    title: Text,
    publisher_code: str,
    publisher: Text,
    licence: str,
    licence_url: str,
    published_at: datetime,
    kind: str,
    schema: dict[str, Any],
    rows: int,
    files: Iterable[NamedFile],
    approved_by: Iterable[str],
    previous: str | None,
) -> dict[str, Any]:
    """A manifest that `canonical` takes; raises `BadManifest`.

    `sequence` counts the versions of the dataset from 1. `approved_by` are roles ("publisher", "approver"), never names
    of people. `previous` is the SHA-256 of the manifest before, None for the first.
    """
    found = {
        "format": FORMAT,
        "dataset": {"id": dataset_id, "slug": slug},
        "version": version,
        "sequence": sequence,
        "title": vars(title),
        "publisher": {"code": publisher_code, "name": vars(publisher)},
        "licence": {"name": licence, "url": licence_url},
        "published_at": moments.written(published_at),
        "kind": kind,
        "approved_by": list(approved_by),
        "rows": rows,
        "schema": schema,
        "files": [vars(file) for file in sorted(files, key=lambda file: file.name)],
        "previous": previous,
    }
    check(found)
    return found


def check(found: dict[str, Any]) -> None:
    """Raise `BadManifest` unless it has every field, each of its kind, and names every file once."""
    if missing := sorted(set(_FIELDS) - set(found)):
        raise BadManifest(f"it lacks {', '.join(missing)}")
    for name, kind in _FIELDS.items():
        if not isinstance(found[name], kind) or isinstance(found[name], bool):
            raise BadManifest(f"{name} is no {kind}")
    if found["format"] != FORMAT or found["kind"] not in KINDS or found["sequence"] < 1 or not found["files"]:
        raise BadManifest("it has another format or kind, no place in the sequence, or no files")
    if (found["sequence"] == 1) != (found["previous"] is None):
        raise BadManifest("the first version, and only the first, has none before it")
    if found["previous"] is not None and not _SHA256.fullmatch(found["previous"]):
        raise BadManifest("previous is not a SHA-256")
    try:
        moments.read(found["published_at"])
    except ValueError as error:
        raise BadManifest(str(error)) from error
    _check_files(found["files"])


def _check_files(files: list[Any]) -> None:
    wanted = set(NamedFile.__dataclass_fields__)
    seen = set()
    for file in files:
        if not isinstance(file, dict) or set(file) != wanted:
            raise BadManifest(f"a file needs {', '.join(sorted(wanted))}")
        name = file["name"]
        if not isinstance(name, str) or not _FILE_NAME.fullmatch(name) or name[0] in ".-" or name in OWN:
            raise BadManifest(f"{name!r} is no name for a file")
        if name in seen:
            raise BadManifest(f"{name} is named twice")
        if not isinstance(file["sha256"], str) or not _SHA256.fullmatch(file["sha256"]):
            raise BadManifest(f"{name} has no SHA-256")
        if not isinstance(file["bytes"], int) or isinstance(file["bytes"], bool) or file["bytes"] < 0:
            raise BadManifest(f"{name} has no size")
        seen.add(name)


def checksums(found: dict[str, Any]) -> str:
    """The files as `sha256sum -c` takes them."""
    return "".join(f"{file['sha256']}  {file['name']}\n" for file in found["files"])
