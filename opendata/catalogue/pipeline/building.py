"""Building an approved release: files, their description, the signed manifest; then it is published."""

from __future__ import annotations

import csv
import itertools
import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from opendata.building.built import MARKS, QUERIES, BuiltFile
from opendata.building.differences import FILE, Difference, semver
from opendata.building.limited import BuildFailed, build_limited, compare_limited
from opendata.building.schema import BadSchema
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.publishing import Made, Place, place, publish
from opendata.catalogue.choices import Stage
from opendata.catalogue.dictionaries import schema_of
from opendata.catalogue.models import Release, Version, VersionFile
from opendata.catalogue.names import original_name
from opendata.catalogue.pipeline import describing
from opendata.catalogue.pipeline.claiming import Claim
from opendata.catalogue.pipeline.scratch import folder
from opendata.catalogue.pipeline.unable import Unable
from opendata.catalogue.storage import ring, store
from opendata.inventory.actions.changing import NotPossible
from opendata.reading import encodings
from opendata.storing import Stored
from opendata.trust.canonical import canonical, sha256
from opendata.trust.keys import KeyRing
from opendata.trust.signing import sign

logger = logging.getLogger(__name__)

PREVIEW = 100
"""Rows a page shows without asking an engine."""


def build(claim: Claim) -> None:
    """Make everything a version consists of, put it into the store, and publish it."""
    release = claim.release
    try:
        with folder(claim) as into:
            made, keys = _made(claim, release, into)
            claim.step("publishing")

            def end(**told: Any) -> None:
                claim.end(Stage.PUBLISHED, "published", failure="", **told)

            publish(release=release, made=made, ring=keys, end=end)
    except BuildFailed as error:
        logger.warning("release %s could not be built: %s %s", release.pk, error.code, error.where)
        raise Unable(error.code) from error
    except BadSchema as error:
        raise Unable("bad_schema") from error
    except NotPossible as error:  # assessed anew while it was being published
        raise Unable("asset_not_open") from error
    except Refused as error:
        raise Unable(error.reasons[0].code) from error


def _made(claim: Claim, release: Release, into: Path) -> tuple[Made, Any]:
    schema, kept = schema_of(release.dictionary, release.key), store()
    table, original = kept.path(release.table_sha256), kept.path(release.file_sha256)
    if not (kept.check(release.table_sha256) and kept.check(release.file_sha256)):
        raise Unable("store_damaged")
    claim.step("building")
    is_map = (release.report or {}).get("kind") == "geojson"
    geojson = original if is_map and not release.without_original else None  # it is the original
    codec = encodings.KNOWN.get((release.report or {}).get("encoding", ""), "utf-8")
    built = build_limited(table, schema, into / "files", geojson=geojson, geojson_codec=codec)
    latest = Version.objects.standing().filter(dataset=release.dataset_id).order_by("-sequence").first()
    difference, difference_file = None, None
    if latest is not None:
        if not kept.check(latest.table_sha256):
            raise Unable("store_damaged")
        claim.step("comparing")
        difference, difference_file = _difference(release, latest, table, into / "difference")
    stands = _place(release, schema, latest, difference)
    claim.step("keeping")
    files = [_kept(into / "files", file) for file in built if file.offered]
    as_uploaded = [] if release.without_original else [_original(release)]
    keys, published_at = _key_and_moment()
    package = describing.package(release, stands, schema, [*built, *map(_as_built, as_uploaded)], published_at)
    files += [*as_uploaded, _package(package, into)]
    claim.step("signing")
    manifest = describing.manifest_of(release, stands, schema, files, built[0].rows, published_at)
    made = Made(
        place=stands, published_at=published_at, rows=built[0].rows, preview=preview_of(into / "files" / "data.csv"),
        files=files, query_sha256=kept.add(into / "files" / QUERIES).sha256,
        marks_sha256=kept.add(into / "files" / MARKS).sha256, manifest=canonical(manifest).decode(),
        manifest_sha256=sha256(manifest), signature=sign(manifest, keys), difference=difference,
        difference_file=difference_file,
    )  # fmt: skip
    return made, keys


def _key_and_moment() -> tuple[KeyRing, datetime]:
    """The ring, and a moment at which its key is valid, also while another process makes or rotates keys."""
    while True:
        keys, now = ring(), timezone.now().replace(microsecond=0)
        if ring().active == keys.active:
            return keys, now


def _difference(release: Release, latest: Version, table: Path, into: Path) -> tuple[Difference, Stored]:
    found = compare_limited(store().path(latest.table_sha256), table, tuple(release.key), into)
    return found, store().add(into / FILE)


def _place(release: Release, schema: Any, latest: Version | None, difference: Difference | None) -> Place:
    before = schema_of(latest.columns, latest.key) if latest else None
    return place(release.dataset, semver(before, schema, difference), latest)


def _kept(folder: Path, file: BuiltFile) -> VersionFile:
    stored = store().add(folder / file.name)
    if stored.sha256 != file.sha256:
        raise OSError(f"{file.name} changed while it was stored")
    note = file.note.code if file.note else ""
    return VersionFile(format=file.format, name=file.name, media_type=file.media_type, size=file.size,
                       sha256=file.sha256, note=note)  # fmt: skip


def _original(release: Release) -> VersionFile:
    """The upload as it came; its bytes are nobody's to interpret, so it is offered as a download only."""
    return VersionFile(format="original", name=original_name(release.file_name), media_type="application/octet-stream",
                       size=release.file_size, sha256=release.file_sha256)  # fmt: skip


def _as_built(file: VersionFile) -> BuiltFile:
    return BuiltFile(file.name, file.format, file.media_type, file.size, file.sha256)


def _package(package: dict[str, Any], into: Path) -> VersionFile:
    path = into / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    stored = store().add(path)
    return VersionFile(format="datapackage", name=path.name, media_type="application/json", size=stored.size,
                       sha256=stored.sha256)  # fmt: skip


def preview_of(path: Path) -> list[list[str]]:
    """The first rows of data.csv as text."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = itertools.islice(csv.reader(file), 1, PREVIEW + 1)
        return [[cell[:1000].replace("\x00", "") for cell in row] for row in rows]
