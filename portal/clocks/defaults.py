"""The service levels and the escalation ladder a new portal starts with; all editable in the admin."""

from __future__ import annotations

from typing import Any

from portal.clocks import registry

HOUR = 60

LADDER = [
    {"level": 1, "role": "assignee", "is_warning": True, "minutes_after_due": 0},
    {"level": 2, "role": "lead", "is_warning": False, "minutes_after_due": 0},
    {"level": 3, "role": "head", "is_warning": False, "minutes_after_due": 7 * HOUR},
]


def ensure_defaults(**_kwargs: Any) -> None:
    """After a migration: where no step exists, or a kind of subject has no service level, write the defaults."""
    from portal.clocks.models import EscalationStep, Policy

    if not EscalationStep.objects.exists():
        EscalationStep.objects.bulk_create(EscalationStep(**step) for step in LADDER)
    known = set(Policy.objects.values_list("subject_kind", flat=True).distinct())
    missing = [subject for subject in registry.subjects() if subject.kind not in known]
    Policy.objects.bulk_create(row for subject in missing for row in _policies(subject))


def _policies(subject: registry.Subject) -> list[Any]:
    from portal.clocks.models import Policy

    return [
        Policy(
            subject_kind=subject.kind,
            kind=kind,
            priority=priority,
            metric=metric,
            minutes=hours * HOUR,
            warn_minutes=max(15, min(hours * HOUR // 4, 7 * HOUR)),
        )
        for kind, priority, metric, hours in subject.default_hours
    ]
