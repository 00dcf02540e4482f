"""The operator's facts in words, taken from live rows so that page and behaviour cannot disagree."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import get_language

from portal.working_days.in_words import working_week


def hours_in_words() -> str:
    """The call centre's week, such as "Sunday to Thursday, 07:30 to 14:30". Kept for a minute."""
    key = f"operator:hours:{get_language()}"
    try:
        return cache.get_or_set(key, working_week, 60) or ""
    except Exception:  # without a cache the page asks the database
        return working_week()
