"""Registry of desk panels: each area says in its apps.py what staff should see first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """One block of the desk, drawn by `template` with `context` (and the panel itself as `panel`)."""

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    count: str = ""
    url: str = ""
    is_urgent: bool = False


Builder = Callable[[HttpRequest], Iterable[Panel]]
builders: list[Builder] = []


def register(builder: Builder) -> Builder:
    """Add the panels of an area; the order of INSTALLED_APPS is the order on the desk."""
    builders.append(builder)
    return builder
