"""Moments as searches write them: ISO 8601 in UTC, a day, or NOW with what is added and taken off."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from opendata.ckan.wrong import not_understood

_ISO = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?)(Z|[+-]\d\d:\d\d)?")
_NOW = re.compile(r"NOW((?:[+-]\d{1,6}[A-Z]+)*)(?:/([A-Z]+))?")
_STEP = re.compile(r"([+-]\d+)([A-Z]+)")
_UNITS = {
    "SECOND": timedelta(seconds=1),
    "MINUTE": timedelta(minutes=1),
    "HOUR": timedelta(hours=1),
    "DAY": timedelta(days=1),
    "MONTH": timedelta(days=30),
    "YEAR": timedelta(days=365),
}


def read_moment(text: str, now: datetime) -> datetime:
    """The moment a text means; without a zone it is UTC. Raises Refused (Search Query Error)."""
    try:
        if match := _ISO.fullmatch(text):
            return _iso(match[1], match[2] or "Z")
        if match := _NOW.fullmatch(text):
            return _from_now(match[1], match[2], now)
    except (ValueError, OverflowError, KeyError):
        pass
    raise not_understood(f"Invalid date {text[:40]!r}: write it like 2026-01-31T10:00:00Z")


def _iso(text: str, zone: str) -> datetime:
    whole, dot, fraction = text.partition(".")
    found = datetime.fromisoformat(whole + (f".{fraction[:6]:0<6}" if dot else ""))
    return found.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo).astimezone(UTC)


def _from_now(steps: str, rounded: str | None, now: datetime) -> datetime:
    for number, unit in _STEP.findall(steps):
        now += int(number) * _UNITS[unit.removesuffix("S")]
    if rounded is None:
        return now
    kept = {"SECOND": 6, "MINUTE": 5, "HOUR": 4, "DAY": 3, "MONTH": 2, "YEAR": 1}[rounded.removesuffix("S")]
    return datetime(*(now.timetuple()[:kept] + (1, 1)[max(0, kept - 1) :]), tzinfo=UTC)  # type: ignore[misc,arg-type]
