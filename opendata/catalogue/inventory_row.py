"""A dataset and its row in the inventory: who answers for the pages of both, and what changes for the public."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils import timezone

from opendata.catalogue.models import Dataset
from opendata.inventory.models import Asset

_ASSET = re.compile(r"/data/inventory/([0-9]{1,9})/")
_DATASET = re.compile(r"/data/([a-z0-9][a-z0-9-]+)/")
SHOWN = frozenset({
    "unit", "theme", "frequency", "is_high_value", "contact_role_ar", "contact_role_en", "contact_email",
    "contact_phone",
})  # fmt: skip
"""What the page of a dataset says of its row."""


def unit_for(path: str) -> int | None:
    """Key of the unit that answers for a dataset, by any page of it, or for a row of the inventory."""
    if found := _ASSET.match(path):
        return Asset.objects.public().filter(pk=found[1]).values_list("unit_id", flat=True).first()
    if found := _DATASET.match(path):
        return Dataset.objects.filter(slug=found[1]).values_list("asset__unit_id", flat=True).first()
    return None


def note_edit(asset: Asset, fields: Collection[str]) -> None:
    """Where the public sees what was changed of the row on the dataset's page, the dataset has changed."""
    if SHOWN & set(fields):
        Dataset.objects.filter(asset=asset).update(modified_at=timezone.now())
