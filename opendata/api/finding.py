"""Finding what an address names: a published dataset, a version that stands. Raises what is to be answered instead."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from opendata.api.wrong import Wrong, bad, gone
from opendata.catalogue.models import Dataset, Version

SIGNED = ("preview", "manifest", "signature")
"""What no answer of this API holds."""
HEAVY = (*SIGNED, "columns")
ASKED = (
    "sequence", "major", "minor", "patch", "withdrawn_at", "manifest_sha256", "query_sha256", "columns", "key", "rows",
    "dataset__slug",
)  # fmt: skip
"""What rows are asked by. Reading no more makes finding a version take half the time, and it is most of a request's."""


def latest_of(slug: str) -> Version:
    """The newest standing version of a dataset, in one statement; raises `Wrong` (404, 410)."""
    found = _asked(slug, pk=F("dataset__latest"))
    if found is None:
        raise _no_dataset(slug)
    return found


def rows_version(slug: str, sequence: int) -> Version:
    """One version that stands, to ask its rows; raises `Wrong` (404, 410)."""
    found = _asked(slug, sequence=sequence)
    return version_of(slug, sequence) if found is None or found.is_withdrawn else found


def _asked(slug: str, **which: Any) -> Version | None:
    rows = Version.objects.filter(dataset__slug=slug, **which).select_related("dataset").only(*ASKED)
    return next(iter(rows[:1]), None)


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
