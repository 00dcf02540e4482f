"""Two editors at once: what the first one changed, for the second to read before deciding."""

from __future__ import annotations

from typing import Any

from policies.services.models import Service
from policies.services.staffside.content_form import ServiceForm
from portal.audit.models import AuditEvent


def version_in(text: str) -> int | None:
    """The version a form names; None where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def conflict_context(form: ServiceForm, seen: str) -> dict[str, Any]:
    """What happened since version `seen`: the events, and each changed field as it is stored now."""
    stored = Service.objects.get(pk=form.instance.pk)
    since = version_in(seen)
    newer = AuditEvent.objects.about(stored).filter(data__version__gt=stored.version if since is None else since)
    events = list(newer.select_related("actor"))
    changed = {name for event in events for name in event.data.get("fields", [])}
    wanted = [name for name in form.fields if name in changed & set(form.changed_data)]
    return {"events": events, "differences": [_difference(form, stored, name) for name in wanted]}


def _difference(form: ServiceForm, stored: Service, name: str) -> dict[str, Any]:
    code = name[-2:] if name[-3:] in ("_ar", "_en") else ""
    value = getattr(stored, name)
    if isinstance(value, list):
        labels = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        value = "\n".join(str(labels.get(one, one)) for one in value)
    return {"label": form.fields[name].label, "stored": value, "language": code}
