"""Publishing: everything that makes a version one, in a single transaction, once all its files lie in the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from opendata.building.differences import Difference
from opendata.catalogue import letters
from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import lock, refused
from opendata.catalogue.actions.log import announce_keys, append
from opendata.catalogue.choices import Kind
from opendata.catalogue.models import Change, Dataset, Release, Version, VersionFile
from opendata.inventory.actions import mark_published
from opendata.storing import Stored
from opendata.trust.keys import KeyRing
from portal.audit.actions import record

NOTES = ("change_note_ar", "change_note_en")


class Stale(Exception):
    """Another version came or went since the files were built: compare and number them anew."""


@dataclass(frozen=True)
class Place:
    """Where a new version stands among those of its dataset, as found before it was built."""

    sequence: int
    number: tuple[int, int, int]
    latest: Version | None
    """The version the public sees, which the new one is compared with."""
    newest: Version | None
    """The version before in the chain of manifests, withdrawn or not."""


@dataclass(frozen=True)
class Made:
    """Everything of a version that was made outside the database."""

    place: Place
    published_at: datetime
    rows: int
    preview: list[list[str]]
    files: list[VersionFile]
    query_sha256: str
    marks_sha256: str
    manifest: str
    manifest_sha256: str
    signature: str
    difference: Difference | None = None
    difference_file: Stored | None = None


def place(dataset: Dataset, part: str, latest: Version | None) -> Place:
    """Where the next version of a dataset stands; `part` of its number goes up.

    Counted from the highest number ever given, because also a withdrawn version keeps its own.
    """
    newest = dataset.versions.order_by("-sequence").first()
    highest = dataset.versions.order_by("-major", "-minor", "-patch").first()
    if newest is None or highest is None:
        return Place(1, (1, 0, 0), latest, None)
    major, minor, patch = highest.major, highest.minor, highest.patch
    number = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}[part]
    return Place(newest.sequence + 1, number, latest, newest)


@transaction.atomic
def publish(*, release: Release, made: Made, ring: KeyRing, end: Callable[..., None]) -> Version:
    """Store the version, its files, its difference and its entry in the log, and show it to the public.

    `end` closes the release, and raises where another worker has it by now. Raises Stale where the version it was
    compared with is no longer the one the public sees, Refused where its asset is not open any more, or where the
    dataset's texts or licence are not those that were approved.
    """
    dataset = lock(release.dataset_id)
    check_asset(dataset.asset)
    if release.approved_by_id and dataset.texts_sha256 != release.texts_sha256:
        raise refused("dataset_changed")
    _check_place(dataset, made.place)
    version = _store(release, made, ring.active)
    announce_keys(ring)
    kind = "corrected" if release.kind == Kind.CORRECTION else "published"
    append(kind=kind, subject=dataset.slug, version=version)
    Dataset.objects.filter(pk=dataset.pk).update(
        latest=version, modified_at=made.published_at, revision=F("revision") + 1
    )
    mark_published(asset=dataset.asset, by=release.approved_by, at=made.published_at)
    end(data={"version": version.number, "manifest": version.manifest_sha256})
    record(verb="version.published", subject=version, by=release.approved_by, data={"number": version.number})
    dataset.refresh_from_db()
    record(verb=f"dataset.{kind}", subject=dataset, by=release.approved_by, data={"number": version.number})
    letters.published(release, version)
    return version


def _check_place(dataset: Dataset, found: Place) -> None:
    last = dataset.versions.aggregate(last=Max("sequence"))["last"] or 0
    if last + 1 != found.sequence or dataset.latest_id != (found.latest.pk if found.latest else None):
        raise Stale


def _store(release: Release, made: Made, kid: str) -> Version:
    major, minor, patch = made.place.number
    notes = {name: getattr(release, name) or "" for name in NOTES}
    version = Version.objects.create(
        dataset_id=release.dataset_id, release=release, sequence=made.place.sequence, major=major, minor=minor,
        patch=patch, kind=release.kind, **notes, published_at=made.published_at, rows=made.rows,
        columns=release.dictionary, key=release.key, preview=made.preview, table_sha256=release.table_sha256,
        query_sha256=made.query_sha256, marks_sha256=made.marks_sha256, manifest=made.manifest,
        manifest_sha256=made.manifest_sha256, signature=made.signature, key_id=kid,
        licence=json.loads(made.manifest)["licence"]["name"],
    )  # fmt: skip
    for file in made.files:
        file.version = version
    VersionFile.objects.bulk_create(made.files)
    if made.place.latest is not None and made.difference is not None:
        _store_change(version, made.place.latest, made.difference, made.difference_file)
    return version


def _store_change(version: Version, previous: Version, difference: Difference, file: Stored | None) -> None:
    samples = {"added": difference.sample_added, "removed": difference.sample_removed,
               "changed": difference.sample_changed}  # fmt: skip
    columns = {"added": difference.columns_added, "removed": difference.columns_removed,
               "retyped": difference.columns_retyped}  # fmt: skip
    Change.objects.create(
        version=version, previous=previous, added=difference.added, removed=difference.removed,
        changed=difference.changed, unchanged=difference.unchanged,
        columns={name: list(found) for name, found in columns.items()},
        sample=[{"op": name, **_row(name, row)} for name, rows in samples.items() for row in rows][:50],
        file_sha256=file.sha256 if file else "", file_size=file.size if file else 0,
    )  # fmt: skip


def _row(op: str, row: dict[str, Any]) -> dict[str, Any]:
    """A changed row has its key and its values, old and new; another one its values alone."""
    return dict(row) if op == "changed" else {"values": row}
