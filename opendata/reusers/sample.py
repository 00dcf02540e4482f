"""The dataset examples are about: one that is really published, so that they work as they are copied."""

from __future__ import annotations

from dataclasses import dataclass

from opendata.catalogue.models import Dataset, Version

LOOKED_AT = 20
"""Newest datasets among which one is sought that fits every example."""
FEW = 12
"""Columns that fit on a screen."""
_NUMBERS = ("integer", "decimal")
_PLACES = {"latitude", "longitude", "lat", "lon", "lng", "x", "y"}
"""Numbers that nobody adds up."""


@dataclass(frozen=True)
class Sample:
    """A version of a dataset, with the name of a column of texts and of one of numbers; "" where it has none."""

    version: Version
    text: str
    number: str

    @property
    def slug(self) -> str:
        return self.version.dataset.slug


def sample() -> Sample | None:
    """The newest dataset whose rows can be asked and which has both kinds of columns; else the newest of all."""
    latest = Dataset.objects.published().order_by().values("latest")
    rows = (
        Version.objects.filter(pk__in=latest)
        .select_related("dataset__asset__organisation")
        .defer("preview", "manifest", "signature")
    )
    found = [_sample(one) for one in rows.order_by("-published_at", "-pk")[:LOOKED_AT]]
    return max(found, key=_fits, default=None)


def _fits(one: Sample) -> tuple[int, ...]:
    """Figures about several things at once, such as a place and a year, show more than a list of things does; those
    of an agency more than the portal's about itself."""
    version = one.version
    columns, is_own = bool(one.text) + bool(one.number), bool(version.dataset.figures_slug)
    return bool(version.query_sha256), columns, len(version.key) > 1, not is_own, len(version.columns) <= FEW


def _sample(version: Version) -> Sample:
    texts = [one["name"] for one in version.columns if one.get("type") == "text" and version.key != [one["name"]]]
    texts.sort(key=lambda name: name not in version.key)  # what is counted by is rather in the key
    numbers = [one["name"] for one in version.columns if one.get("type") in _NUMBERS and one["name"] not in _PLACES]
    figures = [name for name in numbers if name not in version.key] or numbers  # years and codes are rather in the key
    return Sample(version, next(iter(texts), ""), next(reversed(figures), ""))
