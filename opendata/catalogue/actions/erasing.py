"""Destroying what a withdrawn version held: one person asks for it, another one does it.

What was signed and logged stays: that there was such a version, its list of files with their hashes, when it went and
on which ground. Rows and files go from everywhere the portal keeps them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from opendata.catalogue import bucket_filling, tables
from opendata.catalogue.actions.changing import Refused, lock, refused
from opendata.catalogue.actions.uploading import busy
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Change, Erasure, Release, Version
from opendata.catalogue.named_files import UPLOADED, of_version, used
from opendata.catalogue.retention import forget
from opendata.catalogue.storage import store
from portal.audit.actions import record
from portal.retention.registry import unheld

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_erasure(*, version: Version, by: Any, because: str, ground_ar: str, ground_en: str) -> bool:
    """Ask that the contents of a withdrawn version be destroyed; False where somebody asked before.

    `ground` is told to the public, `because` to staff alone.
    """
    lock(version.dataset_id)
    version.refresh_from_db()
    if not version.is_withdrawn:
        raise refused("erasure_of_standing")
    if Erasure.objects.filter(version=version).exists():
        return False
    Erasure.objects.create(
        version=version, asked_by=by, because=because, ground=ground_ar, ground_ar=ground_ar, ground_en=ground_en
    )
    record(verb="version.erasure_asked", subject=version, by=by, data={"number": version.number})
    return True


@transaction.atomic
def drop_erasure(*, version: Version, by: Any) -> bool:
    """Let the contents be kept after all; False where nobody asks for it, or they are destroyed."""
    dropped, _each = Erasure.objects.filter(version=version, confirmed_at=None).delete()
    if dropped:
        record(verb="version.erasure_dropped", subject=version, by=by, data={"number": version.number})
    return bool(dropped)


@transaction.atomic
def erase_version(*, version: Version, by: Any, asked: int) -> bool:
    """Destroy the contents for good, as `asked` (pk of the Erasure that was read); False where that is over.

    Refused for whoever asked, while a release of the dataset is under way or a legal hold keeps it, and while the
    bucket of S3_URL cannot be cleared of its copies. A file that another version holds too stays with that one. Files
    go after the commit; what a crash leaves, the next tidying removes, and sums that are remembered for charts go by
    themselves within 30 days.
    """
    dataset = lock(version.dataset_id)
    erasure = Erasure.objects.filter(pk=asked, version=version, confirmed_at=None).first()
    if erasure is None:
        return False
    if erasure.asked_by_id == by.pk:
        raise refused("own_erasure")
    if reason := busy(dataset):
        raise Refused(reason)
    if not unheld(Release.objects.filter(pk=version.release_id)).exists():
        raise refused("erasure_held")
    _clear_bucket(version)
    now, held = timezone.now(), of_version(version)
    if not Erasure.objects.filter(pk=erasure.pk, confirmed_at=None).update(confirmed_by=by, confirmed_at=now):
        return False
    _empty(version, now, held)
    going = held - used(held)
    data = {"number": version.number, "files": len(going), "shared": len(held) - len(going)}
    record(verb="version.erased", subject=version, by=by, data=data)
    transaction.on_commit(partial(_discard, going), robust=True)
    transaction.on_commit(partial(tables.forget, version.query_sha256), robust=True)
    version.refresh_from_db()
    return True


def _clear_bucket(version: Version) -> None:
    """Before anything is said to be destroyed: copies of what is withdrawn have no place there in any case."""
    try:
        bucket_filling.clear(version)
    except bucket_filling.NotCleared as error:
        logger.error("the bucket was not cleared of %s %s: %s", version.dataset.slug, version.number, error)
        raise refused("bucket_not_cleared") from error


def _empty(version: Version, now: Any, held: set[str]) -> None:
    """Take the rows out of the database: of the version, of differences to it, and of what was read and compared."""
    Version.objects.filter(pk=version.pk).update(erased_at=now, preview=[])
    Change.objects.filter(Q(version=version) | Q(previous=version)).update(sample=[])
    Release.objects.filter(pk=version.release_id).update(report=None, findings=[], comparison=None)
    compared = Q(version__change__previous=version) | ~Q(stage=Stage.PUBLISHED)
    Release.objects.filter(compared, dataset=version.dataset_id).update(comparison=None)
    same = Q(*((f"{name}__in", held) for name in UPLOADED), _connector=Q.OR)
    forget(Release.objects.filter(same, stage=Stage.ABANDONED))


def _discard(going: Iterable[str]) -> None:
    for sha256 in sorted(going):
        store().discard(sha256)
