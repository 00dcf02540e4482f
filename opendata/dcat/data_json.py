"""The public inventory as one document of DCAT-US 1.1, written record by record, and by what a copy of it is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Prefetch, Subquery, Sum

from opendata.catalogue.addresses import absolute
from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.dcat.records import record
from opendata.dcat.rows import UNUSED
from opendata.inventory.models import Agency, Asset
from opendata.inventory.showing import for_public
from portal.organisations.models import Organisation

MEDIA_TYPE = "application/json"
ADDRESS = "/data.json"
STANDARD = "https://project-open-data.cio.gov/v1.1/schema"
FORM = 2
"""Of the records: goes up when they are written otherwise, so that no copy of the old form passes for the newest."""
CHUNK = 200


@dataclass(frozen=True)
class Standing:
    """By what a copy of the document is known, and when the last of it changed."""

    fingerprint: str
    changed_at: datetime | None


def standing() -> Standing:
    """How the document stands, without writing it. Every change to a row moves its revision or its time."""
    assets = Asset.objects.public().aggregate(Count("pk"), Sum("revision"), Max("updated_at"))
    datasets = Dataset.objects.aggregate(Count("pk"), Sum("revision"), Max("modified_at"))
    agencies = list(Agency.objects.order_by("pk").values_list("contact_role_en", "contact_email", "organisation"))
    bodies = list(Organisation.objects.order_by("pk").values_list("pk", "name_en", "name_ar"))
    ours = (FORM, absolute(""), settings.DEFAULT_FROM_EMAIL, settings.ENTITY_NAME["en"])
    said = repr((ours, sorted(assets.items()), sorted(datasets.items()), agencies, bodies))
    changed = [at for at in (assets["updated_at__max"], datasets["modified_at__max"]) if at]
    return Standing(hashlib.sha256(said.encode()).hexdigest(), max(changed, default=None))


def document() -> Iterator[bytes]:
    """The document piece by piece: however many assets there are, few are in memory."""
    head = {
        "@context": f"{STANDARD}/catalog.jsonld",
        "@id": absolute(ADDRESS),
        "@type": "dcat:Catalog",
        "conformsTo": STANDARD,
        "describedBy": f"{STANDARD}/catalog.json",
    }
    yield f'{json.dumps(head)[:-1]}, "dataset": ['.encode()
    before = "\n"
    for asset in _assets().iterator(CHUNK):
        yield (before + json.dumps(record(asset), ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _assets() -> Any:
    """The public inventory with the datasets that hang on it, those without one too."""
    unused = [f"dataset__latest__{name}" for name in UNUSED]
    files = Prefetch("dataset__latest__files", VersionFile.objects.order_by("pk"))
    first = Version.objects.filter(dataset__asset=OuterRef("pk")).order_by("sequence").values("published_at")[:1]
    rows = for_public(Asset.objects.all()).select_related("dataset__latest").defer("search", *unused)
    return rows.annotate(first_published_at=Subquery(first)).prefetch_related(files).order_by("pk")
