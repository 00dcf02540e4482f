"""What the portal says at its start about periods that were set wrongly."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from portal.retention import registry


def check_periods(**_kwargs: Any) -> list[CheckMessage]:
    """Every key of RETENTION_DAYS is a known one. That each is a day or more the registry itself sees to."""
    known = registry.adjustable()
    wanted = getattr(settings, "RETENTION_DAYS", {})
    return [
        Error(
            f"RETENTION_DAYS names {key!r}, which no retention rule is called.",
            hint=f"Known ones: {', '.join(sorted(known))}.",
            id="retention.E001",
        )
        for key in sorted(set(wanted) - set(known))
    ]
