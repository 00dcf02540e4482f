"""What the form of a dataset shows beside its fields, and the conflict of two who edit it."""

from __future__ import annotations

from typing import Any

from opendata.catalogue.access import may_upload
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.staffside.dataset_form import DatasetForm
from portal.audit.models import AuditEvent


def panel(user: Any, dataset: Dataset) -> dict[str, Any]:
    """Its versions, the release under way, the history."""
    releases = Release.objects.filter(dataset=dataset).select_related("uploaded_by")
    return {
        "versions": list(dataset.versions.all()),
        "open_release": releases.open().first(),
        "may_upload": may_upload(user, dataset),
        "events": list(AuditEvent.objects.about(dataset).select_related("actor")),
    }


def conflict_context(form: DatasetForm, seen: str) -> dict[str, Any]:
    """What happened since revision `seen`: the events, and each changed field as it is stored now."""
    stored = Dataset.objects.get(pk=form.instance.pk)
    since = int(seen) if seen.isascii() and seen.isdecimal() else stored.revision
    events = AuditEvent.objects.about(stored).filter(data__revision__gt=since).select_related("actor")
    found = list(events)
    changed = {name for event in found for name in event.data.get("fields", [])} & set(form.changed_data)
    return {
        "events": found,
        "differences": [
            {"label": form.fields[name].label, "stored": getattr(stored, name), "language": _language(name)}
            for name in form.fields
            if name in changed
        ],
    }


def _language(name: str) -> str:
    return name[-2:] if name[-3:] in ("_ar", "_en") else ""
