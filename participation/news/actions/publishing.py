"""Publishing, scheduling, pinning, locking. Each says how it shall be; saying it twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.news.actions.changing import Conflict, change
from participation.news.models import Announcement


class NotReady(Exception):
    """Something is missing before it may be published, named by `problem` and its `fields`."""

    def __init__(self, problem: str, fields: list[tuple[str, str]] | None = None) -> None:
        super().__init__(problem)
        self.problem, self.fields = problem, fields or []


@transaction.atomic
def publish_announcement(
    *, announcement: Announcement, by: Any, at: datetime | None = None, version: int | None = None
) -> bool:
    """Show it to the public now, or from `at` on. False where it is out already, or scheduled for just then.

    Raises NotReady where a text is missing in one language or it would expire before it appears; Conflict where it is
    no longer the `version` its publisher read.
    """
    now = timezone.now()
    announcement.refresh_from_db()
    if _is_settled(announcement, at, now):
        return False
    when = at if at and at > now else now
    _check_ready(announcement, when)
    verb = "scheduled" if when > now else "published"
    not_out = Q(publish_at__isnull=True) | Q(publish_at__gt=now)
    if not change(announcement, verb, by=by, only=not_out, version=version or announcement.version,
                  data={"at": when}, publish_at=when, published_by=by):  # fmt: skip
        raise Conflict
    return True


def _is_settled(announcement: Announcement, at: datetime | None, now: datetime) -> bool:
    if announcement.publish_at is None:
        return False
    return announcement.publish_at <= now or announcement.publish_at == at


def _check_ready(announcement: Announcement, when: datetime) -> None:
    if missing := announcement.missing():
        raise NotReady("missing", missing)
    if announcement.expires_at is not None and announcement.expires_at <= when:
        raise NotReady("expires")


@transaction.atomic
def unschedule_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Make a scheduled announcement a draft again; False where it is a draft, or where the public has it already."""
    scheduled = Q(publish_at__gt=timezone.now())
    return change(announcement, "unscheduled", by=by, only=scheduled, publish_at=None, published_by=None,
                  is_pinned=False, is_locked=False)  # fmt: skip


@transaction.atomic
def pin_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Keep it on top of the list."""
    return change(announcement, "pinned", by=by, only=_published(is_pinned=False), is_pinned=True)


@transaction.atomic
def unpin_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Let it take its place by date."""
    return change(announcement, "unpinned", by=by, only=_published(is_pinned=True), is_pinned=False)


@transaction.atomic
def lock_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Let nobody change its text, as for a notice with legal effect."""
    return change(announcement, "locked", by=by, only=_published(is_locked=False), is_locked=True)


@transaction.atomic
def unlock_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Let its text be changed again."""
    return change(announcement, "unlocked", by=by, only=_published(is_locked=True), is_locked=False)


def _published(**marks: bool) -> Q:
    return Q(publish_at__isnull=False, hidden_at__isnull=True, **marks)
