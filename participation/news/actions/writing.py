"""Writing and changing the text of an announcement."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.news.actions.changing import Conflict, change
from participation.news.models import Announcement
from portal.audit.actions import record

TEXTS = ("title", "summary", "body", "image_alt")
EDITABLE = {
    "slug", "unit", "topic", "expires_at", "image", "image_width", "image_height",
    *(f"{name}_{code}" for name in TEXTS for code in ("ar", "en")),
}  # fmt: skip


@transaction.atomic
def write_announcement(*, by: Any, **content: Any) -> Announcement:
    """Store a draft. It needs an address, a unit and a title in one language; the rest may come later."""
    announcement = Announcement.objects.create(author=by, **_known(content))
    record(verb="announcement.written", subject=announcement, by=by, data={"unit": announcement.unit.code})
    return announcement


@transaction.atomic
def edit_announcement(*, announcement: Announcement, by: Any, version: int, **content: Any) -> bool:
    """Change what is given, if the announcement is still the one of `version`; False where nothing differs.

    Once the public could read it, a change is told there with its date, and the address stays what it was. Raises
    Conflict where somebody else changed it first, or where it is locked or taken down.
    """
    stored = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    different = {name: value for name, value in _known(content).items() if _stored(stored, name) != value}
    now = timezone.now()
    is_public = stored.publish_at is not None and stored.publish_at <= now
    if is_public:
        different.pop("slug", None)
    if stored.version == version and not different:
        return False
    revised = {"revised_at": now} if is_public and different.keys() != {"expires_at"} else {}
    may_change = Q(is_locked=False, hidden_at__isnull=True)
    data = {"fields": sorted(different), "published": stored.publish_at is not None}
    if not change(announcement, "edited", by=by, only=may_change, version=version, data=data,
                  updated_at=now, **revised, **different):  # fmt: skip
        raise Conflict
    return True


@transaction.atomic
def discard_draft(*, announcement: Announcement, by: Any) -> bool:
    """Delete a draft for good; what was ever published stays. False where it is no draft any more."""
    rows = Announcement.objects.drafts().filter(pk=announcement.pk).select_for_update()
    if not rows.exists():
        return False
    record(verb="announcement.discarded", subject=announcement, by=by, data={"unit": announcement.unit.code})
    return bool(rows.delete()[0])


def _known(content: dict[str, Any]) -> dict[str, Any]:
    if unknown := content.keys() - EDITABLE:
        raise TypeError(f"not part of an announcement's content: {', '.join(sorted(unknown))}")
    return {name: "" if value is None and _is_text(name) else value for name, value in content.items()}


def _stored(announcement: Announcement, name: str) -> Any:
    value = getattr(announcement, name)
    return "" if value is None and _is_text(name) else value


def _is_text(name: str) -> bool:
    return name[:-3] in TEXTS
