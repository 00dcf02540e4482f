"""Checking everything the portal has published against its signatures and its log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from opendata.building.schema import BadSchema
from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.dictionaries import schema_of
from opendata.catalogue.models import Change, DailyHead, LogEntry, Version
from opendata.catalogue.named_files import of_version, used
from opendata.catalogue.pipeline.building import preview_of
from opendata.catalogue.storage import jwks, store
from opendata.trust import moments
from opendata.trust.canonical import canonical, sha256
from opendata.trust.log import verify_chain, verify_head
from opendata.trust.manifest import BadManifest, check
from opendata.trust.signing import LOG_HEAD, BadSignature, valid_at, verify


def findings() -> Iterator[str]:
    """Every fault, in English, one line each: of files, manifests, signatures, the log and its daily heads."""
    keys = jwks()
    yield from _log(list(LogEntry.objects.order_by("sequence")), keys)
    for version in _versions().iterator(chunk_size=100):
        name = f"{version.dataset.slug} {version.number}"
        yield from (f"{name}: {fault}" for fault in _version(version, keys))
    yield from _chains()


def _versions() -> QuerySet[Version]:
    """Each with what the log says of it, asked in one statement: else one published meanwhile would look wrong."""
    about = LogEntry.objects.filter(version=OuterRef("pk"), entry__contains=OuterRef("manifest_sha256"))
    rows = Version.objects.select_related("dataset").prefetch_related("files").order_by("pk")
    return rows.annotate(
        is_told=Exists(about.exclude(entry__contains='"kind":"withdrawn"')),
        is_told_withdrawn=Exists(about.filter(entry__contains='"kind":"withdrawn"')),
    )


def _log(rows: list[LogEntry], keys: dict[str, Any]) -> Iterator[str]:
    try:
        written = [json.loads(row.entry) for row in rows]
    except ValueError:
        yield "log: an entry is not JSON"
        return
    for fault in verify_chain(written):
        yield f"log, entry {fault.sequence}: {fault.code} {fault.detail}".rstrip()
    for row, entry in zip(rows, written, strict=True):
        if _columns(row) != _said(entry):
            yield f"log, entry {row.sequence}: its columns differ from what it says"
    yield from _heads(written, keys)


def _columns(row: LogEntry) -> tuple[Any, ...]:
    at = moments.written(row.at)
    return row.entry, row.sequence, row.hash, row.previous_hash, at, row.version_id is None


def _said(entry: dict[str, Any]) -> tuple[Any, ...]:
    """The same of an entry as it is written canonically."""
    is_about_key = str(entry.get("kind")).startswith("key_")
    return (
        canonical(entry).decode(), entry.get("sequence"), sha256(entry), entry.get("previous"), entry.get("at"),
        is_about_key,
    )  # fmt: skip


def _heads(written: list[dict[str, Any]], keys: dict[str, Any]) -> Iterator[str]:
    """Each is signed, says what its columns say, and no day since the first entry is left out."""
    due = moments.read(written[0]["at"]).astimezone(UTC).date() if written else None
    for head in DailyHead.objects.order_by("day"):
        if due is not None and head.day != due:
            yield f"head of {due}: it is missing"
        due = head.day + timedelta(days=1)
        faults = verify_head(head.signature, written, keys)
        yield from (f"head of {head.day}: {fault.code} {fault.detail}".rstrip() for fault in faults)
        if not faults:
            signed = verify(head.signature, keys, LOG_HEAD).payload
            if (signed.get("day"), signed["sequence"], signed["sha256"]) != (
                head.day.isoformat(),
                head.sequence,
                head.hash,
            ):
                yield f"head of {head.day}: its columns differ from what was signed"


def _version(version: Any, keys: dict[str, Any]) -> Iterator[str]:
    try:
        found = verify(version.signature, keys)
        check(found.payload)
    except (BadSignature, BadManifest) as error:
        yield f"the signature does not hold: {error}"
        return
    manifest = found.payload
    if canonical(manifest).decode() != version.manifest or sha256(manifest) != version.manifest_sha256:
        yield "the manifest is not what was signed"
    if found.kid != version.key_id or not valid_at(found.kid, moments.read(manifest["published_at"]), keys):
        yield "the key was not valid when it signed"
    for name, stands in _facts(version).items():
        if manifest[name] != stands:
            yield f"{name} is not what the manifest says"
    yield from _files(version, {file["name"]: file["sha256"] for file in manifest["files"]})
    if not version.is_told:
        yield "the log does not say that it was published"
    if version.is_told_withdrawn != version.is_withdrawn:
        yield "the log and the version do not agree whether it was withdrawn"


def _facts(version: Version) -> dict[str, Any]:
    """What pages show of a version and its manifest says too, as the manifest writes it."""
    try:
        schema = schema_of(version.columns, version.key).to_json()
    except BadSchema:
        schema = {}
    names = ("name", "format", "media_type", "sha256")
    files = [{"bytes": one.size, **{name: getattr(one, name) for name in names}} for one in version.files.all()]
    return {
        "version": version.number,
        "sequence": version.sequence,
        "rows": version.rows,
        "kind": version.kind,
        "licence": {"name": version.licence, "url": LICENCE_URLS[Licence(version.licence)]},
        "published_at": moments.written(version.published_at),
        "schema": schema,
        "files": sorted(files, key=lambda file: str(file["name"])),
    }


def _files(version: Version, named: dict[str, str]) -> Iterator[str]:
    if version.is_erased:
        yield from _erased(version)
        return
    kept, change = store(), Change.objects.filter(version=version, previous__erased_at=None).first()
    others = {
        "the table": version.table_sha256,
        "the file for queries": version.query_sha256,
        "the marks of its rows": version.marks_sha256,
    }
    if change is not None:
        others["difference.csv"] = change.file_sha256
    for name, hashed in {**named, **others}.items():
        if hashed and not kept.check(hashed):
            yield f"{name} is missing or altered in the store ({hashed})"
        elif name == "data.csv" and preview_of(kept.path(hashed)) != version.preview:
            yield "the rows its page shows are not those of data.csv"


def _erased(version: Version) -> Iterator[str]:
    """What was destroyed is nowhere, but for files that something else names too."""
    held = of_version(version)
    kept = store()
    for hashed in sorted(held - used(held)):
        if kept.has(hashed) or kept.packed_path(hashed).exists():
            yield f"it was destroyed, and a file of it is in the store all the same ({hashed})"
    if version.preview:
        yield "it was destroyed, and rows of it are in the database all the same"


def _chains() -> Iterator[str]:
    """Each manifest names the one before of its dataset."""
    before: dict[int, str | None] = {}
    for version in Version.objects.select_related("dataset").order_by("dataset", "sequence").iterator():
        previous = before.get(version.dataset_id)
        if f'"previous":{_written(previous)}' not in version.manifest:
            yield f"{version.dataset.slug} {version.number}: it does not name the manifest before"
        before[version.dataset_id] = version.manifest_sha256


def _written(previous: str | None) -> str:
    return "null" if previous is None else f'"{previous}"'
