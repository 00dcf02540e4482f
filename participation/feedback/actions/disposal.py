"""Letting go of what people wrote once its time is over. Reference, kind, dates, unit and clocks stay to be counted."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from participation.feedback.emptied import NO_CONTACT, NO_TEXT
from participation.feedback.models import Case, CaseAttachment, Message, Rating, Referral
from portal.attachments.models import Attachment
from portal.attachments.retention import destroy
from portal.audit.actions import record_many


def forget_contact(cases: QuerySet[Case]) -> int:
    """Forget who sent these; their text stays. Call inside a transaction, with the rows locked."""
    return _note("case.contact_forgotten", cases, NO_CONTACT)


def dispose_cases(cases: QuerySet[Case]) -> int:
    """Remove text, sender, thread and files of these. Call inside a transaction, with the rows locked.

    The form's token goes too: the tracking code can be worked out from it.
    """
    ids = list(cases.values_list("pk", flat=True))
    now = timezone.now()
    files = CaseAttachment.objects.filter(case__in=ids)
    uploads = list(Attachment.objects.filter(pk__in=files.values("attachment")))
    files.delete()
    destroy(uploads)
    Message.objects.filter(case__in=ids).delete()
    Rating.objects.filter(case__in=ids).exclude(comment="").update(comment="")
    Referral.objects.filter(case__in=ids, disposed_at=None).update(text="", disposed_at=now)
    form_token = Concat(Value("disposed-"), Cast("pk", models.TextField()))
    return _note("case.disposed", Case.objects.filter(pk__in=ids), {
        **NO_TEXT, "form_token": form_token, "disposed_at": now,
    })  # fmt: skip


def _note(verb: str, cases: QuerySet[Case], changes: dict[str, Any]) -> int:
    """Change the rows, so that whoever has a page of one open is told, and write it into their history."""
    rows: list[models.Model] = [Case(pk=pk) for pk in cases.values_list("pk", flat=True)]
    record_many(verb=verb, subjects=rows, data=[{} for _row in rows])
    return cases.update(**changes, version=F("version") + 1)
