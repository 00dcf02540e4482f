"""Whether a dataset is as new as its own frequency of updates promises."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from opendata.inventory.choices import DAYS_BETWEEN


def days_late(frequency: str, published_at: datetime, today: date | None = None) -> int:
    """Days since the next version was due; 0 where none is, and where no rhythm was promised."""
    limit = DAYS_BETWEEN.get(frequency)  # type: ignore[call-overload]
    if limit is None:
        return 0
    age = (today or timezone.localdate()) - timezone.localdate(published_at)
    return max(0, age.days - limit)
