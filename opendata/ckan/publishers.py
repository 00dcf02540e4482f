"""Organisations with published datasets, as CKAN's organisations."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max

from opendata.ckan.texts import moment, name
from opendata.inventory.models import Agency
from portal.audit.models import AuditEvent
from portal.organisations.models import Organisation

_SPACE = uuid.UUID("6f1b7a64-0c58-4b0e-9d3c-27a1f1c6e9b5")
"""Where the identifiers of what has none of its own are derived: organisations by code, tags by name."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Publisher:
    """An organisation as its datasets name it."""

    pk: int
    id: str
    name: str
    title: str
    title_ar: str
    since: datetime
    """From when its duties are counted; long ago where it has none."""
    changed_at: datetime = LONG_AGO
    """When what is said of it here last changed."""


def derived_id(kind: str, key: str) -> str:
    """The identifier of what has none of its own: always the same."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{key}"))


def publishers() -> dict[int, Publisher]:
    """Those with published datasets, by the key of the organisation, in the order of their names."""
    rows = Organisation.objects.filter(data_assets__dataset__latest__isnull=False).distinct()
    found = list(rows.order_by("pk").select_related("open_data"))
    changes = _changes([agency.pk for agency in map(_agency, found) if agency])
    made = list(_named(found, changes))
    return {one.pk: one for one in sorted(made, key=lambda one: one.name)}


def _named(rows: list[Organisation], changes: dict[str, datetime]) -> Iterator[Publisher]:
    """An agency goes by its address; another organisation by its code, unless that word is taken."""
    taken: set[str] = set()
    for row in sorted(rows, key=lambda row: (_agency(row) is None, row.pk)):
        agency = _agency(row)
        own = name(agency.slug if agency else row.code)
        own = f"{own}-{row.pk}" if own in taken else own
        taken.add(own)
        yield _publisher(row, agency, own, changes)


def _publisher(row: Any, agency: Any, own_name: str, changes: dict[str, datetime]) -> Publisher:
    since = datetime.combine(agency.counted_from, time(), UTC) if agency else LONG_AGO
    return Publisher(
        row.pk, derived_id("organization", row.code), own_name, row.name_en, row.name_ar, since,
        changes.get(str(agency.pk), LONG_AGO) if agency else LONG_AGO,
    )  # fmt: skip


def _agency(row: Organisation) -> Agency | None:
    try:
        return row.open_data
    except ObjectDoesNotExist:
        return None


def _changes(keys: list[int]) -> dict[str, datetime]:
    """By the key of an agency, when what the public reads of it was last changed."""
    rows = AuditEvent.objects.filter(subject_kind="inventory.agency", verb="agency.described").order_by()
    found = rows.filter(subject_id__in=[str(key) for key in keys]).values("subject_id").annotate(at=Max("at"))
    return {row["subject_id"]: row["at"] for row in found}


def short_dict(one: Publisher) -> dict[str, Any]:
    """As it stands in a dataset."""
    return {
        "id": one.id,
        "name": one.name,
        "title": one.title,
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": moment(one.since),
        "revision_id": one.id,
        "revision_timestamp": moment(max(one.since, one.changed_at)),
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def full_dict(one: Publisher, count: int) -> dict[str, Any]:
    """As `organization_show` shows it, with how many datasets it has published."""
    return {
        **short_dict(one),
        "display_name": one.title,
        "title_translated": {"en": one.title, "ar": one.title_ar},
        "image_display_url": "",
        "num_followers": 0,
        "package_count": count,
        "extras": [{"key": "title_ar", "value": one.title_ar}],
        "groups": [],
        "tags": [],
        "users": [],
    }
