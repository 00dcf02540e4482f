"""Facts the policies state and the portal itself knows: hours, levels, periods, cookies, the latest audit.

A policy writes `{{ working_hours }}`; whoever knows the answer registers it in apps.py, so that page and behaviour
cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """Something a policy may insert. `value` gives Markdown in the active language: words within a sentence,
    or - where `is_block` - a table, list or paragraph that stands alone."""

    name: str
    """As policies write it: lower-case letters and underscores."""
    description: object
    """Lazy: what it says, for those who write policies."""
    value: Callable[[], str]
    is_block: bool = False


_facts: dict[str, Fact] = {}


def register(*facts: Fact) -> None:
    """Add facts; a name is taken once."""
    for fact in facts:
        if _facts.setdefault(fact.name, fact) is not fact:
            raise ValueError(f"Two facts are called {fact.name!r}.")


def facts() -> list[Fact]:
    """Every fact, by name."""
    return sorted(_facts.values(), key=lambda fact: fact.name)


def fact(name: str) -> Fact | None:
    """The fact of this name."""
    return _facts.get(name)
