"""Which files of the store are named by what: a file that nothing names may go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from opendata.catalogue.models import Change, Release, Version, VersionFile

UPLOADED = ("file_sha256", "table_sha256", "problems_sha256")
"""Columns of a release with what was uploaded and what reading made of it."""
BUILT = ("table_sha256", "query_sha256", "marks_sha256")


def used(among: set[str] | None = None, *, without: Version | None = None) -> set[str]:
    """The hashes (of `among`, if given) that releases, versions and differences name.

    What was destroyed names nothing any more, nor does `without`.
    """
    return {hashed for rows, names in _naming(without) for hashed in _hashes(_only(rows, names, among), names)
            if among is None or hashed in among}  # fmt: skip


def of_version(version: Version) -> set[str]:
    """The hashes of everything that holds rows of a version: its files, tables, upload, and the differences to it."""
    changes = Change.objects.filter(Q(version=version) | Q(previous=version))
    return {
        *_hashes(Release.objects.filter(pk=version.release_id), UPLOADED),
        *_hashes(Version.objects.filter(pk=version.pk), BUILT),
        *_hashes(VersionFile.objects.filter(version=version), ("sha256",)),
        *_hashes(changes, ("file_sha256",)),
    }


def _naming(without: Version | None) -> list[tuple[QuerySet[Any], tuple[str, ...]]]:
    gone = Q(erased_at__isnull=False) | Q(pk=without.pk if without else None)
    versions = Version.objects.filter(gone).values("pk")
    return [
        (Release.objects.exclude(pk__in=Version.objects.filter(gone).values("release")), UPLOADED),
        (Version.objects.exclude(pk__in=versions), BUILT),
        (VersionFile.objects.exclude(version__in=versions), ("sha256",)),
        (Change.objects.exclude(version__in=versions).exclude(previous__in=versions), ("file_sha256",)),
    ]


def _only(rows: QuerySet[Any], names: tuple[str, ...], among: set[str] | None) -> QuerySet[Any]:
    if among is None:
        return rows
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"{name}__in": among})
    return rows.filter(wanted)


def _hashes(rows: QuerySet[Any], names: tuple[str, ...]) -> Iterator[str]:
    return (hashed for row in rows.order_by().values_list(*names).iterator() for hashed in row if hashed)
