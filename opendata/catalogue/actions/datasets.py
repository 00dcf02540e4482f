"""Entering a dataset for an open asset, and mending its texts."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import Conflict, refused
from opendata.catalogue.models import Dataset
from opendata.catalogue.models.datasets import SHARED, TRANSLATED
from opendata.inventory.models import Asset
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES

TEXTS = tuple(f"{name}_{code}" for name in TRANSLATED for code in LANGUAGE_CODES)
FIELDS = (*TEXTS, *SHARED)


@transaction.atomic
def enter_dataset(*, asset: Asset, slug: str, by: Any, figures_slug: str | None = None, **fields: Any) -> Dataset:
    """A dataset for an open asset that has none. Nothing of it is public before its first version."""
    _check(fields)
    asset = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
    check_asset(asset)
    if Dataset.objects.filter(asset=asset).exists():
        raise refused("asset_has_dataset")
    try:
        with transaction.atomic():
            dataset = Dataset.objects.create(asset=asset, slug=slug, figures_slug=figures_slug, **fields)
    except IntegrityError as error:
        if "slug" in str(error):
            raise refused("slug_taken", slug=slug) from error
        raise
    record(verb="dataset.entered", subject=dataset, by=by, data={"asset": asset.pk, "slug": slug})
    return dataset


@transaction.atomic
def edit_dataset(*, dataset: Dataset, by: Any, revision: int, **fields: Any) -> bool:
    """Change what the public reads about it, if it is still the one of `revision`; False where nothing differs.

    Raises Conflict where somebody else changed it first.
    """
    _check(fields)
    stored = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
    different = {name: value for name, value in fields.items() if (getattr(stored, name) or "") != (value or "")}
    if stored.revision != revision:
        raise Conflict
    if not different:
        return False
    Dataset.objects.filter(pk=stored.pk).update(revision=F("revision") + 1, modified_at=timezone.now(), **different)
    dataset.refresh_from_db()
    data = {"fields": sorted(different), "revision": dataset.revision}
    record(verb="dataset.edited", subject=dataset, by=by, data=data)
    return True


def _check(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - set(FIELDS):
        raise TypeError(f"not a field of a dataset: {', '.join(sorted(unknown))}")
