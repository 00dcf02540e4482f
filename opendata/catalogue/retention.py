"""How long uploads that were never published are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue import letters
from opendata.catalogue.actions.deciding import give_up
from opendata.catalogue.choices import WORKING, Stage
from opendata.catalogue.models import Release
from portal.retention.registry import Rule, Subject, before, days, register, register_subjects
from portal.retention.subjects import by_column

UPLOAD_DAYS = days("catalogue.upload", 90)
UNTOUCHED_DAYS = days("catalogue.untouched", 180)
WARNED = 7
"""So many days before a release that nobody goes on with is given up, its uploader is told."""
EMPTY: dict[str, Any] = {
    "file_name": "", "file_sha256": "", "table_sha256": "", "problems_sha256": "", "report": None, "comparison": None,
    "dictionary": [], "key": [], "choices": {}, "cleared_because": "", "returned_because": "",
    "texts_sha256": "", "findings": [],
}  # fmt: skip
"""What a release that was given up keeps nothing of; the files go with the next tidying of the store."""


def uploads_due(at: datetime) -> QuerySet[Release]:
    """Releases given up long enough ago."""
    over = Release.objects.filter(stage=Stage.ABANDONED, updated_at__lt=before(at, UPLOAD_DAYS))
    return over.exclude(file_sha256="")


def forget(releases: QuerySet[Release]) -> int:
    """Forget what was uploaded; that there was a release, whose and when, stays."""
    return releases.update(**EMPTY)


def untouched_due(at: datetime) -> QuerySet[Release]:
    """Releases that wait for somebody, and that nobody has done anything with for long enough."""
    waiting = Release.objects.open().exclude(stage__in=WORKING)
    return waiting.filter(updated_at__lt=before(at, UNTOUCHED_DAYS))


def end(releases: QuerySet[Release]) -> int:
    """Give them up, as nobody else did, and forget what was uploaded."""
    ended = [release.pk for release in releases if give_up(release=release, by=None)]
    return forget(Release.objects.filter(pk__in=ended))


def warn(now: datetime | None = None) -> int:
    """Tell the uploaders of what is given up soon, once each; returns how many letters were written."""
    soon = untouched_due((now or timezone.now()) + timedelta(WARNED))
    told = 0
    for release in soon.select_related("dataset", "uploaded_by"):
        with transaction.atomic():
            told += letters.ending(release, release.updated_at + timedelta(UNTOUCHED_DAYS))
    return told


UPLOAD = Rule(
    "catalogue.upload", "catalogue.release", tuple(EMPTY),
    title=_("Files that were uploaded for publication and not published, with what was found in them"),
    purpose=_("To go on with a release, or to see why it was given up."),
    basis=_("A file that was not published may hold what must not be published. What was published is public."),
    days=UPLOAD_DAYS, counted_from=_("the day the release was given up"), due=uploads_due, dispose=forget,
    within={"catalogue.dataset": "dataset", "organisations.unit": "dataset__asset__unit",
            "organisations.organisation": "dataset__asset__organisation"},
)  # fmt: skip
UNTOUCHED = Rule(
    "catalogue.untouched", "catalogue.release", tuple(EMPTY),
    title=_("Files that were uploaded for publication and then left lying"),
    purpose=_("To go on with the release."),
    basis=_("A file that nobody publishes may hold what must not be published. The release is given up with it."),
    days=UNTOUCHED_DAYS, counted_from=_("the day somebody last did something with the release"),
    due=untouched_due, dispose=end, within=UPLOAD.within,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(UPLOAD, UNTOUCHED)
    named = by_column("catalogue.dataset", "slug")
    register_subjects(Subject("catalogue.dataset", _("Dataset"), _("the last part of its address"), **named))
