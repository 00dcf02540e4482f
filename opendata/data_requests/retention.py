"""How long what requesters wrote is kept, and what stays of requests in public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.data_requests.models import DataRequest, Support
from opendata.data_requests.rules import NO_CONTACT, NO_WORDS
from portal.audit.actions import record_many
from portal.references import read_reference
from portal.retention.registry import Rule, Subject, before, days, register, register_subjects
from portal.retention.subjects import by_column

REQUEST = "data_requests.datarequest"
CONTACT_DAYS = days("data_requests.contact", 365)
TEXT_DAYS = days("data_requests.text", 3 * 365)
SUPPORT_DAYS = days("data_requests.support", 365)
YOUR_WISH = _("You gave it of your own free will, so that you could be answered.")
FINISHED_DAY = _("the day the request was answered, withdrawn, merged or taken out of view")
OF_REQUEST = {
    REQUEST: "asked", "organisations.unit": "asked__unit", "organisations.organisation": "asked__organisation",
}  # fmt: skip


def contacts_due(at: datetime) -> QuerySet[DataRequest]:
    """Finished long enough ago, and still with a trace of the sender."""
    return DataRequest.objects.disposable(before(at, CONTACT_DAYS)).exclude(**NO_CONTACT)


def texts_due(at: datetime) -> QuerySet[DataRequest]:
    """Finished long enough ago for the sender's own words to go."""
    return DataRequest.objects.disposable(before(at, TEXT_DAYS))


def supports_due(at: datetime) -> QuerySet[Support]:
    """Supports of what was finished long enough ago; how many there were stays."""
    return Support.objects.filter(asked__finished_at__lt=before(at, SUPPORT_DAYS))


def forget_contact(rows: QuerySet[DataRequest]) -> int:
    """Forget who sent these. Call inside a transaction, with the rows locked."""
    return _note("datarequest.contact_forgotten", rows, NO_CONTACT)


def forget_words(rows: QuerySet[DataRequest]) -> int:
    """Forget what the senders wrote; the public wording, the history and the answers stay.

    The form's token goes too: the tracking code can be worked out from it.
    """
    token = Concat(Value("disposed-"), Cast("pk", models.TextField()))
    return _note("datarequest.disposed", rows, {**NO_WORDS, "form_token": token, "disposed_at": timezone.now()})


def _note(verb: str, rows: QuerySet[DataRequest], changes: dict[str, Any]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    subjects: list[models.Model] = [DataRequest(pk=pk) for pk in ids]
    record_many(verb=verb, subjects=subjects, data=[{} for _pk in ids])
    return DataRequest.objects.filter(pk__in=ids).update(**changes, version=F("version") + 1)


def forget_supporters(rows: QuerySet[Support]) -> int:
    """Forget which browsers supported; the count on the request stays."""
    return rows.delete()[0]


CONTACT = Rule(
    "data_requests.contact", REQUEST, ("name", "email", "phone", "email_index", "phone_index"),
    title=_("Your name, e-mail address and telephone number in a request for data"),
    purpose=_("To tell you what becomes of your request, and to find it when you ask."),
    basis=YOUR_WISH, days=CONTACT_DAYS, counted_from=FINISHED_DAY, due=contacts_due, dispose=forget_contact,
)  # fmt: skip
TEXT = Rule(
    "data_requests.text", REQUEST,
    ("title", "text", "why", "reconsider_reason", "secret_hash", "form_token", "suspicion"),
    title=_("What you wrote in a request for data, and its tracking code"),
    purpose=_("To understand and answer your request, and to look again at what was answered."),
    basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY, due=texts_due, dispose=forget_words,
)  # fmt: skip
SUPPORT = Rule(
    "data_requests.support", "data_requests.support", ("key",),
    title=_("That a browser supported a request for data"),
    purpose=_("To count each browser once. It tells nothing about you."),
    basis=_("You supported the request of your own free will; how many did is public."),
    days=SUPPORT_DAYS, counted_from=_("the day the request was answered, withdrawn, merged or taken out of view"),
    within=OF_REQUEST, due=supports_due, dispose=forget_supporters,
)  # fmt: skip
PUBLIC = _("It was worded by staff for everybody and names nobody; what was asked and answered stays open to all.")
WORDING = Rule(
    "data_requests.public", REQUEST, ("reference", "public_title", "public_summary", "search"),
    title=_("The public wording of a request for data, and its reference"),
    purpose=_("So that everybody can see what was asked for."), basis=PUBLIC, days=None, counted_from="",
)  # fmt: skip
ANSWER = Rule(
    "data_requests.answer", "data_requests.answer", ("text", "holder", "legal_basis"),
    title=_("Answers to requests for data"),
    purpose=_("So that everybody can see what was answered."), basis=PUBLIC, days=None, counted_from="",
)  # fmt: skip
HISTORY = Rule(
    "data_requests.history", "data_requests.event", ("text",),
    title=_("The public history of a request for data"),
    purpose=_("So that everybody can see what was done, and when."), basis=PUBLIC, days=None, counted_from="",
)  # fmt: skip


def find(text: str) -> int | None:
    """The key of the request with this reference, however it is typed."""
    reference = read_reference(text)
    return DataRequest.objects.filter(reference=reference).values_list("pk", flat=True).first() if reference else None


def register_all() -> None:
    """Tell the registry."""
    register(CONTACT, TEXT, SUPPORT, WORDING, ANSWER, HISTORY)
    named = by_column(REQUEST, "reference") | {"find": find}
    register_subjects(
        Subject(
            REQUEST,
            pgettext_lazy("subject", "Request for data"),
            pgettext_lazy("subject", "its reference"),
            may_go_early=True,
            **named,
        )
    )
