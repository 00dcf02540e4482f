"""Datasets, versions, files and columns as JSON: every text in both languages, every address in full."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from opendata.api.places import dataset_path
from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.models import Change, Dataset, Version, VersionFile
from opendata.querying.checking import check_op
from opendata.querying.queries import OPS, Field
from opendata.querying.words import BadQuery
from portal.bilingual import LANGUAGE_CODES

Told = dict[str, Any]


def summary(dataset: Dataset) -> Told:
    """A dataset as lists show it; `latest__files` and the publisher are to be read before."""
    version, asset = dataset.latest, dataset.asset
    assert version is not None
    return {
        "slug": dataset.slug,
        "id": str(dataset.uuid),
        "title": _both(dataset, "title"),
        "description": _both(dataset, "description"),
        "keywords": {code: _words(text) for code, text in _both(dataset, "keywords").items()},
        "organisation": {"code": asset.organisation.code, "name": _both(asset.organisation, "name")},
        "theme": asset.theme,
        "frequency": asset.frequency,
        "is_high_value": asset.is_high_value,
        "licence": licence(version.licence),
        "coverage": {
            "from": dataset.covers_from.isoformat() if dataset.covers_from else None,
            "until": dataset.covers_until.isoformat() if dataset.covers_until else None,
            "governorates": list(dataset.governorates),
        },
        "figures": dataset.figures_slug,
        "modified_at": moment(dataset.modified_at),
        "version": {
            "sequence": version.sequence,
            "number": version.number,
            "published_at": moment(version.published_at),
            "rows": version.rows,
            "formats": [one.format for one in version.files.all()],
        },
        "urls": dataset_urls(dataset.slug),
    }


def whole(dataset: Dataset, versions: Iterable[Version]) -> Told:
    """Everything about a dataset: also its dictionary, the files of its newest version, and its last versions."""
    version = dataset.latest
    assert version is not None
    return {
        **summary(dataset),
        "methods": _both(dataset, "methods"),
        "columns": columns(version),
        "files": [file(dataset.slug, version, one) for one in version.files.all()],
        "manifest_sha256": version.manifest_sha256,
        "versions": [version_line(dataset.slug, one) for one in versions],
    }


def version_line(slug: str, version: Version) -> Told:
    """A version as lists show it; what was withdrawn leaves when and why."""
    return {
        "sequence": version.sequence,
        "number": version.number,
        "kind": version.kind,
        "published_at": moment(version.published_at),
        "change_note": _both(version, "change_note"),
        "licence": licence(version.licence),
        "rows": version.rows,
        "manifest_sha256": version.manifest_sha256,
        "withdrawn": _withdrawn(version),
        "urls": version_urls(slug, version.sequence),
    }


def version_whole(version: Version) -> Told:
    """A version that stands: also its dictionary, its files and what differs from the one before."""
    slug = version.dataset.slug
    return {
        **version_line(slug, version),
        "dataset": slug,
        "columns": columns(version),
        "files": [file(slug, version, one) for one in version.files.all()],
        "changes": _changes(getattr(version, "change", None)),
    }


def columns(version: Version) -> list[Told]:
    """The data dictionary, in the order of the table, with the operators that filters of a column take."""
    return [
        {
            "name": one["name"],
            "type": one.get("type", "text"),
            "title": {code: one.get(f"title_{code}", "") for code in LANGUAGE_CODES},
            "description": {code: one.get(f"description_{code}", "") for code in LANGUAGE_CODES},
            "unit": one.get("unit", ""),
            "formula": one.get("formula", ""),
            "is_key": one["name"] in version.key,
            "operators": list(operators(one.get("type", "text"))),
        }
        for one in version.columns
    ]


@lru_cache
def operators(kind: str) -> tuple[str, ...]:
    """Those that filters of a column of this type take."""
    found = []
    for op in OPS:
        with suppress(BadQuery):
            check_op(Field("any", kind), op, "")
            found.append(op)
    return tuple(found)


def file(slug: str, version: Version, one: VersionFile) -> Told:
    """A file of a version: how large, what it hashes to, where it is fetched."""
    return {
        "name": one.name,
        "format": one.format,
        "media_type": one.media_type,
        "bytes": one.size,
        "sha256": one.sha256,
        "url": absolute(file_path(slug, version.sequence, one.name)),
    }


def licence(code: str) -> Told:
    """A licence by its SPDX identifier."""
    return {"id": code, "url": LICENCE_URLS[Licence(code)]}


def dataset_urls(slug: str) -> dict[str, str]:
    """Where a dataset is, for people and for programs."""
    return {
        "self": absolute(dataset_path(slug)),
        "page_ar": absolute(f"/ar/data/{slug}/"),
        "page_en": absolute(f"/en/data/{slug}/"),
        **{name: absolute(dataset_path(slug, name)) for name in ("rows", "columns", "versions")},
    }


def version_urls(slug: str, sequence: int) -> dict[str, str]:
    """Where a version is, for people and for programs."""
    return {
        "self": absolute(dataset_path(slug, "versions", sequence)),
        "page_ar": absolute(f"/ar/data/{slug}/v/{sequence}/"),
        "page_en": absolute(f"/en/data/{slug}/v/{sequence}/"),
        "rows": absolute(dataset_path(slug, "versions", sequence, "rows")),
        "manifest": absolute(file_path(slug, sequence, "manifest.json")),
        "signature": absolute(file_path(slug, sequence, "manifest.jws")),
    }


def moment(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _both(row: Any, name: str) -> dict[str, str]:
    return {code: getattr(row, f"{name}_{code}") or "" for code in LANGUAGE_CODES}


def _words(text: str) -> list[str]:
    return [word for one in text.replace("،", ",").split(",") if (word := one.strip())]


def _withdrawn(version: Version) -> Told | None:
    if version.withdrawn_at is None:
        return None
    return {"at": moment(version.withdrawn_at), "because": _both(version, "withdrawn_because")}


def _changes(change: Change | None) -> Told | None:
    """How many rows differ from the version before; nothing where that was withdrawn or there was none."""
    if change is None or change.previous.is_withdrawn:
        return None
    counts = {name: getattr(change, name) for name in ("added", "removed", "changed", "unchanged")}
    return {"previous": change.previous.sequence, **counts}
