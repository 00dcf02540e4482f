"""Finding what an address names: a published dataset, a version that stands. Raises what is to be answered instead."""

from __future__ import annotations

import functools
from typing import Any

from django.db import connection

from opendata.api.wrong import Wrong, bad, gone
from opendata.catalogue.models import Dataset, Version

SIGNED = ("preview", "manifest", "signature")
"""What no answer of this API holds."""
HEAVY = (*SIGNED, "columns")
ASKED = (
    "sequence", "major", "minor", "patch", "manifest_sha256", "query_sha256", "marks_sha256", "columns", "key", "rows",
    "dataset__slug",
)  # fmt: skip
"""What rows are asked by."""
STANDS = """
    SELECT version.id, version.manifest_sha256 FROM catalogue_version version
    JOIN catalogue_dataset dataset ON dataset.id = version.dataset_id
    WHERE dataset.slug = %s AND version.withdrawn_at IS NULL AND """
LATEST, NUMBERED = f"{STANDS} version.id = dataset.latest_id", f"{STANDS} version.sequence = %s"


def latest_of(slug: str) -> Version:
    """The newest standing version of a dataset, to ask its rows; raises `Wrong` (404, 410)."""
    found = _standing(LATEST, slug)
    if found is None:
        raise _no_dataset(slug)
    return found


def rows_version(slug: str, sequence: int) -> Version:
    """One version that stands, to ask its rows; raises `Wrong` (404, 410)."""
    return _standing(NUMBERED, slug, sequence) or version_of(slug, sequence)


def _standing(statement: str, slug: str, *which: int) -> Version | None:
    """The version that a statement finds.

    Finding one would take most of the time of a page of rows. So the database is only asked which one stands; what
    never changes of it is kept, and the ORM, which would compile the question each time, is not asked.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, (slug, *which))
        row = cursor.fetchone()
    return _kept(slug, *row) if row else None


@functools.lru_cache(maxsize=100)
def _kept(slug: str, number: int, manifest_sha256: str) -> Version:
    return Version.objects.select_related("dataset").only(*ASKED).get(pk=number)


def version_of(slug: str, sequence: int) -> Version:
    """One version that stands, with its dataset; raises `Wrong` (404, 410)."""
    rows = Version.objects.filter(dataset__slug=slug, sequence=sequence)
    found = rows.select_related("dataset", "change__previous").defer(*_of_versions()).first()
    if found is None:
        raise Wrong("not-found", f"There is no version {_short(sequence)} of a dataset called {slug}.")
    if found.is_withdrawn:
        raise gone(found)
    return found


def versions_of(slug: str, limit: int, cursor: str | None = None) -> tuple[list[Version], int, str | None]:
    """Versions of a dataset, newest first, how many there are, and the cursor of those before; raises `Wrong` (404)."""
    rows = Version.objects.filter(dataset__slug=slug)
    total = rows.count()
    if not total:
        raise _no_dataset(slug)
    if cursor is not None:
        if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
            raise bad("cursor", "Take it as it stands in `next` of the page before.")
        rows = rows.filter(sequence__lt=int(cursor))
    found = list(rows.order_by("-sequence").defer(*HEAVY)[: limit + 1])
    return found[:limit], total, str(found[limit - 1].sequence) if len(found) > limit else None


def dataset_of(slug: str) -> Dataset:
    """A dataset with its newest version, publisher and inventory row; raises `Wrong` (404, 410)."""
    rows = Dataset.objects.in_lists().defer(*(f"latest__{name}" for name in SIGNED)).prefetch_related("latest__files")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise _no_dataset(slug)
    return found


def _of_versions() -> list[str]:
    return [*SIGNED, "change__sample", *(f"change__previous__{name}" for name in HEAVY)]


def _no_dataset(slug: str) -> Wrong:
    """Never published answers like nothing at all; all withdrawn says so."""
    last: Any = Version.objects.filter(dataset__slug=slug).select_related("dataset").defer(*HEAVY)
    version = last.order_by("-sequence").first()
    if version is not None:
        return gone(version)
    return Wrong("not-found", "There is no published dataset of this name. /api/v1/datasets lists all of them.")


def _short(sequence: int) -> str:
    return str(sequence) if sequence < 10**9 else "of this number"
