"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from portal.audit.models import AuditEvent

Listener = Callable[[models.Model], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` told of every subject something is recorded about, inside the transaction of the act.

    It must be quick and must not fail: what takes time, it leaves to a worker after the commit.
    """
    _listeners.append(listener)


def _tell(subject: models.Model) -> None:
    for listener in _listeners:
        listener(subject)


def record(*, verb: str, subject: models.Model, by: Any = None, data: Mapping[str, Any] | None = None) -> AuditEvent:
    """Record that `by` (None: the system itself) did `verb` to `subject`.

    Call it inside the transaction of the act, so that neither exists without the other.
    `data` holds identifiers, states and codes, never names, contacts or message texts.
    """
    _tell(subject)
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
    for subject in subjects:
        _tell(subject)
