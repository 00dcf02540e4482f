"""Dated notices of what programs have to follow: tables that changed, versions that were withdrawn, the interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Version

MOST = 20
_HEAVY = ("preview", "columns", "manifest", "signature")

INTERFACES: Sequence[tuple[date, Any]] = (
    (
        date(2026, 11, 22),
        _(
            "New: queries over rows, reads as CKAN answers them, DCAT catalogues, archives of many datasets, "
            "and compressed downloads."
        ),
    ),
)
"""What changed in the interfaces themselves, newest first."""


@dataclass(frozen=True)
class Notice:
    """Something that happened on a day. Of a version, or else of the interfaces (`words`)."""

    day: date
    kind: str
    """major, withdrawn or interface."""
    version: Version | None = None
    words: Any = ""
    removed: Sequence[str] = ()
    """Names of columns that went; likewise those with another type."""
    retyped: Sequence[str] = ()


def notices(limit: int = MOST) -> list[Notice]:
    """The newest of all of them, newest first."""
    rows = Version.objects.select_related("dataset__asset", "change").defer(*_HEAVY, "change__sample")
    majors = rows.standing().filter(major__gt=1, minor=0, patch=0).order_by("-published_at", "-pk")[:limit]
    withdrawn = rows.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")[:limit]
    found = [*map(_major, majors), *map(_withdrawn, withdrawn)]
    found += [Notice(day, "interface", words=words) for day, words in INTERFACES]
    return sorted(found, key=lambda one: one.day, reverse=True)[:limit]


def _major(version: Version) -> Notice:
    columns = getattr(getattr(version, "change", None), "columns", None) or {}
    removed, retyped = columns.get("removed", ()), columns.get("retyped", ())
    return Notice(_day(version.published_at), "major", version, removed=removed, retyped=retyped)


def _withdrawn(version: Version) -> Notice:
    assert version.withdrawn_at is not None
    return Notice(_day(version.withdrawn_at), "withdrawn", version)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
