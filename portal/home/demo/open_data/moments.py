"""The months and years the invented figures are about: they end with the last one that is over."""

from __future__ import annotations

from datetime import date


def months(today: date, count: int, skip: int = 0) -> list[str]:
    """So many months as "2026-03", oldest first; the last is the one before this, or `skip` months before that."""
    last = today.year * 12 + today.month - 2 - skip
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - count + 1, last + 1)]


def years(today: date, count: int, skip: int = 0) -> list[int]:
    """So many years, oldest first; the last is the one before this, or `skip` years before that."""
    last = today.year - 1 - skip
    return list(range(last - count + 1, last + 1))
