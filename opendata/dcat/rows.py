"""The datasets a page of the catalogue describes, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, Subquery

from opendata.catalogue.models import Dataset, Version, VersionFile

PACKAGE = "datapackage"
"""The format of the file that describes the others."""
UNUSED = ("preview", "columns", "manifest", "signature", "key")
"""What catalogues have no use for of a version."""


@dataclass(frozen=True)
class Described:
    """A published dataset with what a catalogue says of it."""

    dataset: Dataset
    version: Version
    first_published_at: datetime
    files: tuple[VersionFile, ...]
    """Those that hold data."""
    package: VersionFile | None
    previous: Version | None
    """The newest of the older versions that still stand."""


@dataclass(frozen=True)
class Extent:
    """How many datasets are published, since when there are any, and when the last of them changed or went."""

    count: int
    first_at: datetime | None
    changed_at: datetime | None


def published() -> Any:
    """Published datasets, the first entered first: what comes later does not move the others."""
    return Dataset.objects.published().order_by("pk")


def extent() -> Extent:
    """Of the whole catalogue, in one statement."""
    found = Dataset.objects.filter(versions__isnull=False).aggregate(
        count=Count("pk", filter=Q(latest__isnull=False), distinct=True),
        first=Min("versions__published_at"),
        changed=Max("modified_at"),
    )
    return Extent(found["count"], found["first"], found["changed"])


def described(rows: Any) -> list[Described]:
    """The datasets with everything a catalogue says of them."""
    files = Prefetch("latest__files", VersionFile.objects.order_by("pk"))
    related = rows.select_related("asset__organisation__open_data", "latest").prefetch_related(files)
    unused = [f"latest__{name}" for name in UNUSED]
    first = Version.objects.filter(dataset=OuterRef("pk")).order_by("sequence").values("published_at")[:1]
    found = list(related.defer(*unused).annotate(first_published_at=Subquery(first)))
    previous = _previous(found)
    return [_described(one, previous) for one in found]


def by_uuid(uuid: UUID) -> Described | None:
    """The published dataset of this name."""
    return next(iter(described(published().filter(uuid=uuid))), None)


def _previous(datasets: Iterable[Dataset]) -> dict[int, Version]:
    """For each dataset, by its key, the version that came before its newest."""
    keys = {one.pk: one.latest_id for one in datasets}
    rows = Version.objects.standing().filter(dataset__in=keys).exclude(pk__in=keys.values()).defer(*UNUSED)
    return {one.dataset_id: one for one in rows.order_by("dataset_id", "-sequence").distinct("dataset_id")}


def _described(dataset: Any, previous: dict[int, Version]) -> Described:
    version = dataset.latest
    files = list(version.files.all())
    return Described(
        dataset=dataset,
        version=version,
        first_published_at=dataset.first_published_at,
        files=tuple(one for one in files if one.format != PACKAGE),
        package=next((one for one in files if one.format == PACKAGE), None),
        previous=previous.get(dataset.pk),
    )
