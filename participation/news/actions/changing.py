"""The one way a stored announcement changes: a conditional UPDATE, versioned and audited."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from participation.news.models import Announcement
from portal.audit.actions import record


class Conflict(Exception):
    """The announcement is no longer what the caller saw: somebody else changed it, or it allows this no more."""

    message = _("Somebody else changed this announcement in the meantime. See what is new, then try again.")


def change(
    announcement: Announcement,
    verb: str,
    *,
    by: Any,
    only: Q,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Set `changes` where `only` (and the version, if given) still holds; False, and nothing done, where not.

    The instance is read afresh afterwards, so that it shows what is stored. Call inside a transaction.
    """
    rows = Announcement.objects.filter(only, pk=announcement.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        return False
    announcement.refresh_from_db()
    record(
        verb=f"announcement.{verb}", subject=announcement, by=by, data={**(data or {}), "version": announcement.version}
    )
    return True
