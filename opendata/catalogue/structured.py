"""What search engines for data read of a dataset's page: schema.org JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.models import Dataset, Version, VersionFile
from portal.organisations.models import Governorate

LONGEST_DESCRIPTION = 5000
SHORTEST_DESCRIPTION = 50
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def structured(dataset: Dataset, version: Version, files: Sequence[VersionFile]) -> SafeString:
    """The JSON for a `<script type="application/ld+json">`; nothing in it can end the element."""
    text = json.dumps(_dataset(dataset, version, files), ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - every character that means something to HTML is escaped


def _dataset(dataset: Dataset, version: Version, files: Sequence[VersionFile]) -> dict[str, Any]:
    language = get_language() or "ar"
    url = absolute(dataset.get_absolute_url())
    organisation = dataset.asset.organisation
    publisher = {"@type": "GovernmentOrganization", "name": str(organisation)}
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": absolute(f"/data/{dataset.slug}/"),
        "name": str(dataset),
        "description": _description(dataset),
        "url": url,
        "identifier": str(dataset.uuid),
        "version": version.number,
        "keywords": _keywords(dataset),
        "license": LICENCE_URLS[Licence(version.licence)],
        "isAccessibleForFree": True,
        "inLanguage": ["ar", "en"],
        "creator": publisher,
        "publisher": publisher,
        "datePublished": version.published_at.date().isoformat(),
        "dateModified": dataset.modified_at.date().isoformat(),
        "temporalCoverage": _time(dataset),
        "spatialCoverage": _places(dataset),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": one.get(f"title_{language}") or one["name"]} for one in version.columns
        ][:100],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": _("Open data"), "url": _catalogue(url, dataset)},
        "distribution": [_distribution(dataset, version, file) for file in files],
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _catalogue(url: str, dataset: Dataset) -> str:
    return url.removesuffix(f"{dataset.slug}/")


def _description(dataset: Dataset) -> str:
    """Search engines refuse fewer than 50 letters."""
    text = dataset.description or ""
    if len(text) < SHORTEST_DESCRIPTION:
        text = f"{dataset}. {text} {dataset.asset.organisation}".strip().ljust(SHORTEST_DESCRIPTION, ".")
    return text[:LONGEST_DESCRIPTION]


def _keywords(dataset: Dataset) -> list[str]:
    own = [word.strip() for word in (dataset.keywords or "").replace("،", ",").split(",")]
    return [*filter(None, own), str(dataset.asset.get_theme_display())]


def _time(dataset: Dataset) -> str:
    days = [day.isoformat() if day else ".." for day in (dataset.covers_from, dataset.covers_until)]
    return "" if days == ["..", ".."] else "/".join(days)


def _places(dataset: Dataset) -> list[dict[str, str]]:
    names = [str(Governorate(one).label) for one in dataset.governorates] or [_("Oman")]
    return [{"@type": "Place", "name": name} for name in names]


def _distribution(dataset: Dataset, version: Version, file: VersionFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": absolute(file_path(dataset.slug, version.sequence, file.name)),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
