"""The calendar a new portal starts with; editable in the admin."""

from __future__ import annotations

from typing import Any


def ensure_defaults(**_kwargs: Any) -> None:
    """After a migration: where no calendar exists at all, write the default one with the official hours."""
    from portal.working_days.actions import ensure_default_calendar
    from portal.working_days.models import Calendar

    if not Calendar.objects.exists():
        ensure_default_calendar()
