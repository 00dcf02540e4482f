"""A data asset as a record of DCAT-US 1.1 (Project Open Data): with its files, or with why it is not open.

A record is known by its asset's address for as long as the asset is kept, published or not. It says nothing that
changes by itself: harvesters compare records whole. English stands in the fields of the standard, which knows one
language; Arabic beside them in fields ending in `_ar`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from django.conf import settings

from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.choices import FORMATS, LICENCE_URLS, Licence
from opendata.catalogue.models import Version, VersionFile
from opendata.dcat import words
from opendata.dcat.datasets import ORIGINAL
from opendata.dcat.rdf import LANGUAGES
from opendata.dcat.rows import PACKAGE
from opendata.inventory.choices import Access, Frequency, Ground, Reason, Theme
from opendata.inventory.showing import contact_of, public_text
from portal.organisations.models import Governorate

LONGEST_RIGHTS = 255
ACCESS_LEVELS: dict[str, str] = {
    Access.OPEN: "public",
    Access.RESTRICTED: "restricted public",
    Access.CLOSED: "non-public",
}
PERIODS: dict[str, str] = {
    Frequency.CONTINUOUS: "R/PT1S",
    Frequency.DAILY: "R/P1D",
    Frequency.WEEKLY: "R/P1W",
    Frequency.MONTHLY: "R/P1M",
    Frequency.QUARTERLY: "R/P3M",
    Frequency.YEARLY: "R/P1Y",
    Frequency.IRREGULAR: "irregular",
}
NO_FEDERAL_CODES = {"bureauCode": ["000:00"], "programCode": ["000:000"]}
"""Codes of bodies and programmes of the United States, without which the standard's own JSON Schema takes no record:
zeros, which are given to none."""
_HIDDEN = {"en": "Title not shown", "ar": "العنوان غير معروض"}
_NOTHING_MORE = {"en": "Nothing more is said of this data asset.", "ar": "لا يُذكر عن أصل البيانات هذا أكثر من ذلك."}
_BASIS = {"en": "Legal basis: ", "ar": "السند القانوني: "}


def record(asset: Any) -> dict[str, Any]:
    """The asset for the public; it comes from `for_public`. What is empty is left out."""
    dataset = getattr(asset, "dataset", None)
    published = dataset if dataset and dataset.latest and asset.access == Access.OPEN else None
    found = {
        "@type": "dcat:Dataset",
        **NO_FEDERAL_CODES,
        "identifier": absolute(f"/data/inventory/{asset.pk}/"),
        **_described(asset, published),
        "modified": _moment(published.modified_at if published else asset.updated_at),
        "publisher": _publisher(asset.organisation),
        "contactPoint": _contact(asset),
        "accessLevel": ACCESS_LEVELS[asset.access],
        **_both("rights", _rights(asset)),
        "theme": [words.label(Theme(asset.theme))["en"]],
        "accrualPeriodicity": PERIODS.get(asset.frequency),
        **(_published(asset, published) if published else {}),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _described(asset: Any, published: Any) -> dict[str, Any]:
    """Texts of what is published, else of the inventory; of what may not be named, only that there is something."""
    theme = words.label(Theme(asset.theme))
    if asset.hidden_ground:
        ground = words.label(Ground(asset.hidden_ground))
        texts = {code: f"{ground[code]}. {_NOTHING_MORE[code]}" for code in LANGUAGES}
        return {**_both("title", _HIDDEN), **_both("description", texts), "keyword": [theme["en"], theme["ar"]]}
    if published:
        title, description = words.of(published, "title"), words.of(published, "description")
        keywords = words.keywords(published)
        return {
            **_both("title", title),
            **_both("description", description),
            "keyword": [*keywords["en"], *keywords["ar"]],
        }
    title = {code: public_text(asset, f"title_{code}") for code in LANGUAGES}
    description = {code: public_text(asset, f"description_{code}") or title[code] for code in LANGUAGES}
    return {**_both("title", title), **_both("description", description), "keyword": [theme["en"], theme["ar"]]}


def _both(name: str, found: dict[str, str]) -> dict[str, str]:
    return {name: found.get("en", ""), f"{name}_ar": found.get("ar", "")}


def _rights(asset: Any) -> dict[str, str]:
    """Why it is not open and by which law; the standard takes 255 letters of it."""
    if asset.access == Access.OPEN:
        return {}
    reasons, basis = words.label(Reason(asset.reason)), words.of(asset, "legal_basis")
    whole = {code: f"{reasons[code]}. {_BASIS[code]}{basis[code]}" for code in LANGUAGES}
    return {code: _cut(said) for code, said in whole.items()}


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST_RIGHTS else f"{said[: LONGEST_RIGHTS - 1]}…"


def _publisher(organisation: Any) -> dict[str, str]:
    return {"@type": "org:Organization", **_both("name", words.of(organisation, "name"))}


def _contact(asset: Any) -> dict[str, str]:
    """Whom to ask. The standard wants an e-mail: without one, who runs the portal passes it on."""
    found = contact_of(asset, "contact_role_en")
    if found.email:
        email, name = found.email, found.role or asset.organisation.name_en
    else:
        email, name = parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.ENTITY_NAME["en"]
    return {"@type": "vcard:Contact", "fn": name, "hasEmail": f"mailto:{quote(email, safe='@+!$&*=~')}"}


def _published(asset: Any, dataset: Any) -> dict[str, Any]:
    """What there is to say only of what can be downloaded."""
    version = dataset.latest
    files = list(version.files.all())
    package = next((file for file in files if file.format == PACKAGE), None)
    return {
        "issued": _moment(asset.first_published_at),
        "landingPage": absolute(f"/en/data/{dataset.slug}/"),
        "language": ["en", "ar"],
        "license": LICENCE_URLS[Licence(version.licence)],
        "spatial": _places(dataset.governorates),
        "temporal": _coverage(dataset),
        "describedBy": _address(dataset, version, package) if package else None,
        "describedByType": package.media_type if package else None,
        "distribution": [_file(dataset, version, file) for file in files if file is not package],
    }


def _places(governorates: list[str]) -> str:
    return ", ".join([*(words.label(Governorate(code))["en"] for code in governorates), "Oman"])


def _coverage(dataset: Any) -> str | None:
    """The standard knows no open end."""
    days = (dataset.covers_from, dataset.covers_until)
    return "/".join(day.isoformat() for day in days) if all(days) else None


def _file(dataset: Any, version: Version, file: VersionFile) -> dict[str, Any]:
    label = FORMATS[file.format].label or ORIGINAL["en"]
    return {
        "@type": "dcat:Distribution",
        "title": f"{label}: {file.name}",
        "format": label,
        "mediaType": file.media_type,
        "downloadURL": _address(dataset, version, file),
        "byteSize": file.size,
        "checksum": {"algorithm": "SHA-256", "checksumValue": file.sha256},
    }


def _address(dataset: Any, version: Version, file: VersionFile) -> str:
    return absolute(file_path(dataset.slug, version.sequence, file.name))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
