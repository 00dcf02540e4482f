"""What search engines for data read of the pages of the catalogue and of a dataset: schema.org JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.models import Dataset, Version, VersionFile
from portal.organisations.models import Governorate

CONTEXT = "https://schema.org/"
CATALOGUE = "/catalog"
"""With the portal's address before it the lasting name of the catalogue, here and in its RDF."""
LONGEST_DESCRIPTION = 5000
SHORTEST_DESCRIPTION = 50
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def dataset_path(uuid: UUID) -> str:
    """The lasting name of a dataset, without the portal's address."""
    return f"/dataset/{uuid}"


def structured(dataset: Dataset, version: Version, files: Sequence[VersionFile]) -> SafeString:
    """The JSON for a `<script type="application/ld+json">` in the page of a dataset."""
    return _script(_dataset(dataset, version, files))


def structured_catalogue() -> SafeString:
    """The same for the page of the catalogue, in the active language."""
    catalogue = _catalogue() | {
        "description": _what_it_is(),
        "inLanguage": ["ar", "en"],
        "isAccessibleForFree": True,
        "publisher": {"@type": "GovernmentOrganization", "name": settings.ENTITY_NAME[get_language() or "ar"]},
    }
    return _script({"@context": CONTEXT, **catalogue})


def _what_it_is() -> str:
    return _("Data of government agencies, free for everybody to download, use and pass on.")


def _script(found: dict[str, Any]) -> SafeString:
    """As JSON in which nothing can end the element it stands in."""
    text = json.dumps(found, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - every character that means something to HTML is escaped


def _catalogue() -> dict[str, Any]:
    url = absolute(reverse("catalogue:list"))
    return {"@type": "DataCatalog", "@id": absolute(CATALOGUE), "name": _("Open data"), "url": url}


def _dataset(dataset: Dataset, version: Version, files: Sequence[VersionFile]) -> dict[str, Any]:
    language = get_language() or "ar"
    organisation = dataset.asset.organisation
    publisher = {"@type": "GovernmentOrganization", "name": str(organisation)}
    found = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": absolute(dataset_path(dataset.uuid)),
        "name": str(dataset),
        "description": _description(dataset),
        "url": absolute(dataset.get_absolute_url()),
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
        "includedInDataCatalog": _catalogue(),
        "distribution": [_distribution(dataset, version, file) for file in files],
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _description(dataset: Dataset) -> str:
    """Search engines refuse fewer than 50 letters."""
    text = dataset.description or ""
    if len(text) < SHORTEST_DESCRIPTION:
        text = " ".join(filter(None, (f"{dataset}.", text, f"{dataset.asset.organisation}.", _what_it_is())))
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
