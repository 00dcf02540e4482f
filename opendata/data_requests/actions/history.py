"""The public history of a request: worded in both languages when it happens, and never again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.choices import Happened
from opendata.data_requests.models import DataRequest, Event
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.digits import isolate

WORDS: dict[str, Any] = {
    "received": _("The request was received."),
    "accepted": _("%(organisation)s accepted the request and answers by %(due)s."),
    "accepted_without_time": _("%(organisation)s accepted the request."),
    "worded": _("The public wording of the request was changed."),
    "routed": _("The request was passed on to %(organisation)s."),
    "answered_released": _("Answered: the data is released."),
    "answered_planned": _("Answered: the release is planned for %(day)s."),
    "answered_partly": _("Answered: part of the data is released."),
    "answered_not_held": _("Answered: the data is not held here."),
    "answered_refused": _("Answered: the data is not released. Reason: %(reason)s."),
    "reconsidering": _("Reconsideration was asked for. Somebody who did not answer before looks at it by %(due)s."),
    "reconsidering_without_time": _("Reconsideration was asked for. Somebody who did not answer before looks at it."),
    "merged": _("Merged into request %(reference)s, which asks for the same."),
    "took_in": _("Request %(reference)s, which asks for the same, was merged into this one."),
    "withdrawn": _("The requester withdrew the request."),
    "removed": _("Taken out of view. Ground: %(ground)s."),
    "moved": _("The answer is now due by %(due)s, because the working days changed."),
}


def tell(asked: DataRequest, happened: str, words: str = "", **values: Any) -> Event:
    """Add an entry. Call it inside the transaction of the act; `values` fill the words, each in both languages."""
    texts = {}
    for code in LANGUAGE_CODES:
        with in_language(code):
            filled = {name: _worded(value, code) for name, value in values.items()}
            texts[f"text_{code}"] = str(WORDS[words or happened]) % filled
    return Event.objects.create(asked=asked, kind=Happened(happened), **texts)


def _worded(value: Any, code: str) -> str:
    if isinstance(value, DataRequest):
        return isolate(value.reference)
    if isinstance(value, models.Model):
        return getattr(value, f"name_{code}", None) or str(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
