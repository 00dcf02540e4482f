"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from portal.audit.models import AuditEvent


def record(*, verb: str, subject: models.Model, by: Any = None, data: Mapping[str, Any] | None = None) -> AuditEvent:
    """Record that `by` (None: the system itself) did `verb` to `subject`.

    Call it inside the transaction of the act, so that neither exists without the other.
    `data` holds identifiers, states and codes, never names, contacts or message texts.
    """
    return AuditEvent.objects.create(
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor=by if getattr(by, "pk", None) else None,
        data=dict(data or {}),
    )


def record_many(*, verb: str, subjects: list[models.Model], by: Any = None, data: list[dict[str, Any]]) -> None:
    """The same for many subjects in one statement; `data` goes with `subjects` item by item."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            verb=verb,
            subject_kind=subject._meta.label_lower,
            subject_id=str(subject.pk),
            actor=by if getattr(by, "pk", None) else None,
            data=details,
        )
        for subject, details in zip(subjects, data, strict=True)
    )
