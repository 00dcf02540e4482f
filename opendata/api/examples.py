"""Examples that documents show. Their addresses name a dataset that is there, so that they work as they are copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from opendata.api.places import dataset_path
from opendata.catalogue.addresses import absolute
from opendata.catalogue.models import Version

SLUG, SEQUENCE = "population-by-governorate", 1
LONGEST_VALUE = 40


@dataclass(frozen=True)
class Sample:
    """A dataset to ask in examples, with a column of texts, one of its values, and a column of numbers."""

    slug: str = SLUG
    sequence: int = SEQUENCE
    text: str = "governorate"
    value: str = "Muscat"
    number: str = "population"


def sample() -> Sample:
    """The newest published dataset with such columns; where there is none, one that is made up."""
    versions = Version.objects.standing().exclude(query_sha256="").filter(pk__in=_latest()).order_by("-published_at")
    for version in versions.select_related("dataset").only(
        "dataset__slug", "sequence", "columns", "preview", "published_at"
    )[:10]:
        if found := _sample(version):
            return found
    return Sample()


def _latest() -> Any:
    from opendata.catalogue.models import Dataset

    return Dataset.objects.published().order_by().values("latest")


def _sample(version: Version) -> Sample | None:
    types = [one.get("type", "text") for one in version.columns]
    names = [one["name"] for one in version.columns]
    numbers = [name for name, kind in zip(names, types, strict=True) if kind in ("integer", "decimal")]
    number = numbers[-1] if numbers else ""  # the first is often a year
    for place, kind in enumerate(types):
        value = next((str(row[place]) for row in version.preview if row[place]), "")
        if kind == "text" and number and value and len(value) <= LONGEST_VALUE:
            return Sample(version.dataset.slug, version.sequence, names[place], value, number)
    return None


def asked(of: Sample) -> dict[str, str]:
    """Addresses of the examples by what they show."""
    rows = dataset_path(of.slug, "rows")

    def at(path: str, **query: str) -> str:
        return absolute(f"{path}?{urlencode(query, safe=',:')}" if query else path)

    return {
        "list": at("/api/v1/datasets", theme="population", limit="5"),
        "find": at("/api/v1/datasets", q="السكان"),
        "dataset": at(dataset_path(of.slug)),
        "page": at(rows, limit="5"),
        "filter": at(rows, **{of.text: of.value, "sort": f"-{of.number}", "limit": "5"}),
        "compare": at(rows, **{f"{of.number}__gte": "1000", "columns": f"{of.text},{of.number}"}),
        "group": at(rows, group_by=of.text, aggregate=f"count,sum:{of.number}"),
        "csv": at(rows, format="csv"),
        "version": at(dataset_path(of.slug, "versions", of.sequence, "rows"), format="ndjson"),
    }


ROWS = {
    "dataset": SLUG,
    "version": {"sequence": 1, "number": "1.0.0"},
    "columns": [{"name": "governorate", "type": "text"}, {"name": "population", "type": "integer"}],
    "rows": [{"governorate": "Muscat", "population": 1473000}, {"governorate": "Muscat", "population": 1510000}],
    "total": 2,
    "next": None,
}
"""What `ROWS_ASKED` is answered with where the table of the tests is published under `SLUG`."""
ROWS_ASKED = "columns=governorate,population&governorate=Muscat&sort=population"
PROBLEM = {
    "type": "about:blank",
    "title": "A parameter is wrong",
    "status": 400,
    "detail": "It takes a whole number from 1 to 100, in digits alone.",
    "code": "bad-parameter",
    "documentation": absolute("/api/docs/"),
    "parameter": "limit",
}
PROBLEM_ASKED = "limit=all"
"""Of the list of datasets."""
EXAMPLES: dict[str, Any] = {"rows": ROWS, "version_rows": ROWS}
