"""Two people at once: what the first one changed, for the second to read before deciding."""

from __future__ import annotations

from typing import Any

from django.db import models

from portal.audit.models import AuditEvent


def conflict_context(form: Any, seen: str) -> dict[str, Any]:
    """What happened since revision `seen`: the events, and each changed field as it is stored now."""
    stored: models.Model = type(form.instance)._default_manager.get(pk=form.instance.pk)
    since = int(seen) if seen.isdecimal() else 0
    events = list(AuditEvent.objects.about(stored).filter(data__revision__gt=since).select_related("actor"))
    changed = {name for event in events for name in event.data.get("fields", [])}
    wanted = [name for name in form.fields if name in changed]
    return {"events": events, "differences": [_difference(form, stored, name) for name in wanted]}


def _difference(form: Any, stored: Any, name: str) -> dict[str, Any]:
    code = name[-2:] if name[-3:] in ("_ar", "_en") else ""
    display = getattr(stored, f"get_{name}_display", None)
    value = display() if display else getattr(stored, name)
    return {"label": form.fields[name].label, "stored": value, "language": code}
