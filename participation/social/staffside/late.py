"""Two at once: what the first changed, for the second to read; and texts typed for what takes none any more."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from participation.social.models import Account
from participation.social.staffside.forms import DetailsForm
from participation.social.staffside.sealed import label_of, script_of
from portal.audit.models import AuditEvent

TYPED = [
    "handle", "address", "resolution_number", "resolution_date", "authorised_until", "holder_job_ar", "holder_job_en",
    "holder_name", "purpose_ar", "purpose_en", "audience_ar", "audience_en", "last_post_on",
]  # fmt: skip
"""What somebody writes into the form of a proposal, and would have to write again."""


def conflict_context(form: DetailsForm, seen: str) -> dict[str, Any]:
    """What happened since version `seen`: the events, and each changed field as it is stored now."""
    stored = Account.objects.select_related("unit").get(pk=form.instance.pk)
    since = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else stored.version
    events = list(AuditEvent.objects.about(stored).filter(data__version__gt=since).select_related("actor"))
    changed = {name for event in events for name in event.data.get("fields", [])} & set(form.changed_data)
    differences = [_difference(form, stored, name) for name in form.fields if name in changed]
    return {"events": events, "differences": differences}


def _difference(form: DetailsForm, stored: Account, name: str) -> dict[str, Any]:
    value = getattr(stored, name)
    if name == "languages":
        value = _(", ").join(stored.language_names)
    elif name == "platform":
        value = stored.get_platform_display()
    return {"label": form.fields[name].label, "stored": value, "language": _language_of(name, value)}


def too_late(request: HttpRequest, site: AdminSite, account: Account) -> HttpResponse:
    """Nothing is stored and nothing typed is lost: how the account stands now, and the texts to be copied."""
    sent = [(name, request.POST.get(name, "").strip()) for name in TYPED]
    context = {
        **site.each_context(request),
        "title": _("Nothing was saved"),
        "opts": Account._meta,
        "account": account,
        "typed": [{"label": label_of(name), "language": _language_of(name, text), "text": text}
                  for name, text in sent if text],
    }  # fmt: skip
    return render(request, "participation/social/desk/too_late.html", context, status=409)


def _language_of(name: str, text: Any) -> str:
    """The language a text is read out in; none where it is a date, a number or an address."""
    if name.endswith(("_ar", "_en")):
        return name[-2:]
    return script_of(text) if name == "holder_name" else ""
