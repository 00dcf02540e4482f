"""What is already known about a text somebody is about to send; each area that has answers registers itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Suggestion:
    """A published answer, in the active language; a larger rank fits better."""

    title: str
    url: str
    extract: str
    rank: float = 0.0


Provider = Callable[[str, int], list[Suggestion]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add somebody who suggests: given a text and a limit, it answers the best fits."""
    _providers.append(provider)


def suggest(text: str, limit: int = 3) -> list[Suggestion]:
    """The best fits of all areas; none for a text without words."""
    if not text.strip():
        return []
    found = [suggestion for provider in _providers for suggestion in provider(text, limit)]
    return sorted(found, key=lambda suggestion: -suggestion.rank)[:limit]
