"""Datasets as CKAN's packages: English first, Arabic beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.urls import reverse

from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.models import Dataset, Version
from opendata.ckan import texts
from opendata.ckan.licences import licence_dict
from opendata.ckan.publishers import Publisher, derived_id, short_dict
from opendata.ckan.resources import resource_dict, resources_of
from opendata.inventory.choices import Theme
from opendata.inventory.showing import contact_of
from portal.bilingual import in_language
from portal.organisations.models import Governorate

BATCH = 100
"""Packages read at once: a thousand are given out bit by bit."""
_HEAVY = ("latest__preview", "latest__columns", "latest__manifest", "latest__signature")


def packages(keys: Sequence[int], known: Mapping[int, Publisher]) -> Iterator[dict[str, Any]]:
    """The datasets of these keys in this order; those that were withdrawn meanwhile are left out."""
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        rows = {row.pk: row for row in load(Dataset.objects.filter(pk__in=batch))}
        yield from (package_dict(rows[key], known) for key in batch if key in rows and _publisher(rows[key], known))


def load(rows: Any) -> Iterable[Dataset]:
    """The published ones among these datasets with everything a package needs, in two statements."""
    whole = rows.in_lists().select_related("asset__organisation__open_data").prefetch_related("latest__files")
    return whole.defer(*_HEAVY)


def modified_at(dataset_at: datetime, asset_at: datetime, publisher: Publisher) -> datetime:
    """When anything changed that the public reads of a dataset: its texts, versions, inventory row or publisher."""
    return max(dataset_at, asset_at, publisher.changed_at)


def tags_of(keywords: Iterable[str | None], theme: str) -> list[str]:
    """The tags of a dataset: its keywords and theme in both languages, each once."""
    words = [*(tag for text in keywords for tag in texts.tags(text or ""))]
    words += [texts.tag(texts.label(Theme(theme), code)) for code in ("en", "ar")]
    return list(dict.fromkeys(filter(None, words)))


def tag_dict(name: str) -> dict[str, Any]:
    """A tag as it stands in a package."""
    tag = {"id": derived_id("tag", name), "name": name, "display_name": name}
    return {**tag, "state": "active", "vocabulary_id": None}


def package_dict(dataset: Dataset, known: Mapping[int, Publisher]) -> dict[str, Any]:
    """A dataset as CKAN shows it, with every key its importers ask for."""
    version, publisher = dataset.latest, known[dataset.asset.organisation_id]
    assert version is not None
    named: Any = dataset
    licence = licence_dict(version.licence)
    tags = [tag_dict(tag) for tag in tags_of([named.keywords_en, named.keywords_ar], dataset.asset.theme)]
    resources = [resource_dict(one, place) for place, one in enumerate(resources_of(dataset))]
    modified = modified_at(dataset.modified_at, dataset.asset.updated_at, publisher)
    with in_language("en"):
        url = absolute(reverse("catalogue:dataset", args=[dataset.slug]))
    return {
        "id": str(dataset.uuid),
        "name": dataset.slug,
        **_texts(dataset),
        "url": url,
        "version": version.number,
        "author": publisher.title,
        "author_email": None,
        **_maintainer(dataset),
        "license_id": licence["id"],
        "license_title": licence["title"],
        "license_url": licence["url"],
        "isopen": True,
        "state": "active",
        "type": "dataset",
        "private": False,
        "creator_user_id": None,
        "owner_org": publisher.id,
        "organization": short_dict(publisher),
        "groups": [],
        "tags": tags,
        "extras": [{"key": key, "value": value} for key, value in _extras(dataset, version, publisher) if value],
        "resources": resources,
        "num_resources": len(resources),
        "num_tags": len(tags),
        "relationships_as_subject": [],
        "relationships_as_object": [],
        "metadata_created": texts.moment(dataset.created_at),
        "metadata_modified": texts.moment(modified),
    }


def _texts(named: Any) -> dict[str, Any]:
    return {
        "title": named.title_en,
        "title_translated": {"en": named.title_en, "ar": named.title_ar},
        "notes": named.description_en,
        "notes_translated": {"en": named.description_en, "ar": named.description_ar},
    }


def _maintainer(dataset: Dataset) -> dict[str, str | None]:
    contact = contact_of(dataset.asset, "contact_role_en")
    return {"maintainer": contact.role or None, "maintainer_email": contact.email or None}


def _publisher(dataset: Dataset, known: Mapping[int, Publisher]) -> Publisher | None:
    return known.get(dataset.asset.organisation_id)


def _extras(dataset: Dataset, version: Version, publisher: Publisher) -> Iterator[tuple[str, str]]:
    """What CKAN has no field for; every value is a text."""
    named, written = dataset, version
    theme = Theme(dataset.asset.theme)
    yield "identifier", str(dataset.uuid)
    yield "language", json.dumps(["ar", "en"])
    for name in ("title_ar", "keywords_en", "keywords_ar"):
        yield name, getattr(named, name) or ""
    yield "notes_ar", getattr(named, "description_ar", "") or ""
    yield "methods", getattr(named, "methods_en", "") or ""
    yield "methods_ar", getattr(named, "methods_ar", "") or ""
    yield "publisher_name", publisher.title
    yield "publisher_name_ar", publisher.title_ar
    yield "theme", theme.value
    yield "theme_label", texts.label(theme, "en")
    yield "theme_label_ar", texts.label(theme, "ar")
    yield "frequency", dataset.asset.frequency
    yield "spatial_text", ", ".join(texts.label(Governorate(one), "en") for one in dataset.governorates) or "Oman"
    yield "temporal_start", dataset.covers_from.isoformat() if dataset.covers_from else ""
    yield "temporal_end", dataset.covers_until.isoformat() if dataset.covers_until else ""
    yield "issued", texts.moment(version.published_at)
    yield "version_notes", getattr(written, "change_note_en", "") or ""
    yield "version_notes_ar", getattr(written, "change_note_ar", "") or ""
    yield "rows", str(version.rows)
    yield "manifest_url", absolute(file_path(dataset.slug, version.sequence, "manifest.json"))
    yield "manifest_signature_url", absolute(file_path(dataset.slug, version.sequence, "manifest.jws"))
    yield "manifest_sha256", version.manifest_sha256
