"""The public pages of the portal, for the site map in HTML and XML; each area registers its own in apps.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """A public page, worded in the active language."""

    title: str
    path: str
    """Without the language prefix, such as "/faq/"."""
    updated_at: datetime | None = None
    children: tuple[Page, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the site map. `pages` gives what is public now, most important first."""

    key: str
    title: object
    """Lazy."""
    pages: Callable[[], Iterable[Page]]
    position: int = 100


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section."""
    _sections[section.key] = section


def sections() -> list[Section]:
    """Every section, in the order of the site map."""
    return sorted(_sections.values(), key=lambda section: (section.position, section.key))
