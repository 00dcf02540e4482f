"""Moments as they stand in manifests, logs and key rings: UTC, whole seconds, `2026-11-22T10:00:00Z`."""

from __future__ import annotations

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def written(moment: datetime) -> str:
    """A moment as text; it must know its zone. Fractions of a second are cut off."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone could mean anything")
    return moment.astimezone(UTC).strftime(_FORM)


def read(text: object) -> datetime:
    """The moment of a text; raises `ValueError` for any other form."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a moment")
    found = datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    if written(found) != text:
        raise ValueError(f"{text!r} is not a moment in the form of 2026-11-22T10:00:00Z")
    return found
