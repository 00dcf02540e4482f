"""Registry of who holds attachments: each app that attaches files says in apps.py which ones are its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

holders: list[Callable[[], Any]] = []


def register(holder: Callable[[], Any]) -> None:
    """Add a function that gives a queryset of attachment ids in use."""
    holders.append(holder)
