"""The success criteria of WCAG at levels A and AA, and which of them a machine tested.

WCAG 2.0 at level AA is what the law asks for; the portal is tested against 2.2. Source: w3.org/TR/WCAG22.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Criterion:
    """One success criterion. `until` names the version that dropped it, where one has."""

    number: str
    name: object
    level: str
    since: str = "2.0"
    until: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def sort_key(self) -> tuple[int, ...]:
        """1.4.10 comes after 1.4.9."""
        return tuple(int(part) for part in self.number.split("."))


ALL: tuple[Criterion, ...] = (
    Criterion("1.1.1", _("Non-text content"), "A"),
    Criterion("1.2.1", _("Audio-only and video-only (prerecorded)"), "A"),
    Criterion("1.2.2", _("Captions (prerecorded)"), "A"),
    Criterion("1.2.3", _("Audio description or media alternative (prerecorded)"), "A"),
    Criterion("1.2.4", _("Captions (live)"), "AA"),
    Criterion("1.2.5", _("Audio description (prerecorded)"), "AA"),
    Criterion("1.3.1", _("Info and relationships"), "A"),
    Criterion("1.3.2", _("Meaningful sequence"), "A"),
    Criterion("1.3.3", _("Sensory characteristics"), "A"),
    Criterion("1.3.4", _("Orientation"), "AA", "2.1"),
    Criterion("1.3.5", _("Identify input purpose"), "AA", "2.1"),
    Criterion("1.4.1", _("Use of colour"), "A"),
    Criterion("1.4.2", _("Audio control"), "A"),
    Criterion("1.4.3", _("Contrast (minimum)"), "AA"),
    Criterion("1.4.4", _("Resize text"), "AA"),
    Criterion("1.4.5", _("Images of text"), "AA"),
    Criterion("1.4.10", _("Reflow"), "AA", "2.1"),
    Criterion("1.4.11", _("Non-text contrast"), "AA", "2.1"),
    Criterion("1.4.12", _("Text spacing"), "AA", "2.1"),
    Criterion("1.4.13", _("Content on hover or focus"), "AA", "2.1"),
    Criterion("2.1.1", _("Keyboard"), "A"),
    Criterion("2.1.2", _("No keyboard trap"), "A"),
    Criterion("2.1.4", _("Character key shortcuts"), "A", "2.1"),
    Criterion("2.2.1", _("Timing adjustable"), "A"),
    Criterion("2.2.2", _("Pause, stop, hide"), "A"),
    Criterion("2.3.1", _("Three flashes or below threshold"), "A"),
    Criterion("2.4.1", _("Bypass blocks"), "A"),
    Criterion("2.4.2", _("Page titled"), "A"),
    Criterion("2.4.3", _("Focus order"), "A"),
    Criterion("2.4.4", _("Link purpose (in context)"), "A"),
    Criterion("2.4.5", _("Multiple ways"), "AA"),
    Criterion("2.4.6", _("Headings and labels"), "AA"),
    Criterion("2.4.7", _("Focus visible"), "AA"),
    Criterion("2.4.11", _("Focus not obscured (minimum)"), "AA", "2.2"),
    Criterion("2.5.1", _("Pointer gestures"), "A", "2.1"),
    Criterion("2.5.2", _("Pointer cancellation"), "A", "2.1"),
    Criterion("2.5.3", _("Label in name"), "A", "2.1"),
    Criterion("2.5.4", _("Motion actuation"), "A", "2.1"),
    Criterion("2.5.7", _("Dragging movements"), "AA", "2.2"),
    Criterion("2.5.8", _("Target size (minimum)"), "AA", "2.2"),
    Criterion("3.1.1", _("Language of page"), "A"),
    Criterion("3.1.2", _("Language of parts"), "AA"),
    Criterion("3.2.1", _("On focus"), "A"),
    Criterion("3.2.2", _("On input"), "A"),
    Criterion("3.2.3", _("Consistent navigation"), "AA"),
    Criterion("3.2.4", _("Consistent identification"), "AA"),
    Criterion("3.2.6", _("Consistent help"), "A", "2.2"),
    Criterion("3.3.1", _("Error identification"), "A"),
    Criterion("3.3.2", _("Labels or instructions"), "A"),
    Criterion("3.3.3", _("Error suggestion"), "AA"),
    Criterion("3.3.4", _("Error prevention (legal, financial, data)"), "AA"),
    Criterion("3.3.7", _("Redundant entry"), "A", "2.2"),
    Criterion("3.3.8", _("Accessible authentication (minimum)"), "AA", "2.2"),
    Criterion("4.1.1", _("Parsing"), "A", until="2.2"),
    Criterion("4.1.2", _("Name, role, value"), "A"),
    Criterion("4.1.3", _("Status messages"), "AA", "2.1"),
)
BY_NUMBER = {criterion.number: criterion for criterion in ALL}
CHOICES = [(criterion.number, format_lazy("{} {}", criterion.number, criterion.name)) for criterion in ALL]
NUMBERS = list(BY_NUMBER)


def of_version(version: str) -> list[Criterion]:
    """The criteria of levels A and AA in WCAG "2.0", "2.1" or "2.2"."""
    return [one for one in ALL if one.since <= version and (not one.until or version < one.until)]


def from_tags(tags: Iterable[str]) -> list[str]:
    """The criteria an axe rule tests, read from its tags: "wcag1411" is 1.4.11."""
    found = (re.fullmatch(r"wcag(\d)(\d)(\d+)", tag) for tag in tags)
    numbers = (".".join(match.groups()) for match in found if match)
    return [number for number in numbers if number in BY_NUMBER]
