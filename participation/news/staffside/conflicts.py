"""Two editors at once: what the first one changed, for the second to read before deciding."""

from __future__ import annotations

from typing import Any

from participation.news.models import Announcement
from participation.news.staffside.content_form import AnnouncementForm
from portal.audit.models import AuditEvent


def conflict_context(form: AnnouncementForm, seen: str) -> dict[str, Any]:
    """What happened since version `seen`: the events, and each changed text as it is stored now."""
    stored = Announcement.objects.get(pk=form.instance.pk)
    since = int(seen) if seen.isdecimal() else stored.version
    events = AuditEvent.objects.about(stored).filter(data__version__gt=since).select_related("actor")
    found = list(events)
    changed = {name for event in found for name in event.data.get("fields", [])}
    return {
        "events": found,
        "differences": [
            _difference(form, stored, name) for name in form.fields if name in changed & set(form.changed_data)
        ],
    }


def _difference(form: AnnouncementForm, stored: Announcement, name: str) -> dict[str, Any]:
    code = name[-2:] if name[-3:] in ("_ar", "_en") else ""
    return {"label": form.fields[name].label, "stored": getattr(stored, name), "language": code}
