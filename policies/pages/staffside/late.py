"""Two at once: what the first changed, for the second to read; and texts typed for what takes none any more."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from policies.pages.actions.writing import TEXTS
from policies.pages.models import PolicyVersion
from policies.pages.staffside.forms import VersionForm
from policies.pages.staffside.sealed import label_of
from portal.audit.models import AuditEvent


def conflict_context(form: VersionForm, seen: str) -> dict[str, Any]:
    """What happened since revision `seen`: the events, and each changed text as it is stored now."""
    stored = PolicyVersion.objects.get(pk=form.instance.pk)
    since = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else stored.revision
    events = list(AuditEvent.objects.about(stored).filter(data__revision__gt=since).select_related("actor"))
    changed = {name for event in events for name in event.data.get("fields", [])} & set(form.changed_data)
    return {
        "events": events,
        "differences": [
            {"label": label_of(name), "stored": getattr(stored, name), "language": name[-2:]}
            for name in TEXTS
            if name in changed
        ],
    }


def too_late(request: HttpRequest, site: AdminSite, version: PolicyVersion) -> HttpResponse:
    """Nothing is stored and nothing typed is lost: the state of the version now, and the texts to be copied."""
    sent = [(name, request.POST.get(name, "").strip()) for name in TEXTS]
    typed = [{"label": label_of(name), "language": name[-2:], "text": text} for name, text in sent if text]
    if remark := request.POST.get("remark", "").strip():
        typed.append({"label": _("Remark of the reviewer"), "language": "", "text": remark})
    context = {
        **site.each_context(request),
        "title": _("Nothing was saved"),
        "opts": PolicyVersion._meta,
        "version": version,
        "typed": typed,
    }
    return render(request, "policies/pages/desk/too_late.html", context, status=409)
