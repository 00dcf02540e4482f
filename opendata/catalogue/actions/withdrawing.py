"""Withdrawing a version: it leaves a tombstone, and the newest one still standing takes its place."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opendata.catalogue.actions.changing import lock
from opendata.catalogue.actions.log import append
from opendata.catalogue.models import Dataset, Version
from opendata.inventory.actions import mark_unpublished
from portal.audit.actions import record


@transaction.atomic
def withdraw_version(*, version: Version, by: Any, because_ar: str, because_en: str) -> bool:
    """Take a version from the public for ever; False where it was withdrawn before.

    Its page says what it was, when it went and why. Its files stay in the store and are not served any more;
    actions.erasing destroys them.
    """
    dataset = lock(version.dataset_id)
    now = timezone.now()
    rows = Version.objects.standing().filter(pk=version.pk)
    if not rows.update(
        withdrawn_at=now, withdrawn_because=because_ar, withdrawn_because_ar=because_ar, withdrawn_because_en=because_en
    ):
        return False
    version.refresh_from_db()
    append(kind="withdrawn", subject=dataset.slug, version=version, at=now)
    latest = Version.objects.standing().filter(dataset=dataset).order_by("-sequence").first()
    Dataset.objects.filter(pk=dataset.pk).update(latest=latest, modified_at=now, revision=F("revision") + 1)
    if latest is None:
        mark_unpublished(asset=dataset.asset, by=by)
    record(verb="version.withdrawn", subject=version, by=by, data={"number": version.number})
    dataset.refresh_from_db()
    record(verb="dataset.version_withdrawn", subject=dataset, by=by, data={"number": version.number})
    return True
