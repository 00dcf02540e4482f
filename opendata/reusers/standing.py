"""How the interfaces are at this moment, found out while the page is made, and what they are limited to."""

from __future__ import annotations

from dataclasses import dataclass

from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.catalogue.querying import NoRows, rows_of
from opendata.catalogue.storage import store
from opendata.querying.client import NotAnswered, run
from opendata.querying.queries import DEFAULT_LIMIT, MOST_FILTERS, MOST_OFFSET, MOST_ROWS, Query
from opendata.reusers.bulk import PLACES

SECONDS = 2.0
"""What the engine may take for the one row it is asked for."""


@dataclass(frozen=True)
class Standing:
    """`queries` and `downloads`: do they work? None where there is nothing yet to try it with."""

    queries: bool | None
    downloads: bool | None
    newest: Version | None
    datasets: int

    default_rows: int = DEFAULT_LIMIT
    most_rows: int = MOST_ROWS
    most_offset: int = MOST_OFFSET
    most_filters: int = MOST_FILTERS
    archives: int = PLACES


def standing() -> Standing:
    """Tried with the newest version."""
    latest = Dataset.objects.published().order_by().values("latest")
    rows = Version.objects.filter(pk__in=latest).select_related("dataset").defer("preview", "manifest", "signature")
    newest = rows.order_by("-published_at", "-pk").first()
    if newest is None:
        return Standing(None, None, None, 0)
    return Standing(_queries(newest), _downloads(newest), newest, Dataset.objects.published().count())


def _queries(version: Version) -> bool | None:
    if not version.query_sha256:
        return None
    try:
        source = rows_of(version)
        run(source.path, source.columns, Query(limit=1), "objects", seconds=SECONDS)
    except (NoRows, NotAnswered):
        return False
    return True


def _downloads(version: Version) -> bool:
    kept = store()
    return all(
        kept.has(sha256) for sha256 in VersionFile.objects.filter(version=version).values_list("sha256", flat=True)
    )
