"""What the engine cannot decide, who decided instead, and why nothing hides behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Explained:
    """A rule that is left undecided on elements whose selector `pattern` finds, on windows narrower than `below`."""

    rule: str
    pattern: re.Pattern[str]
    reason: object
    """Lazy, for the public: the audit's page shows it."""
    below: int = 10_000


EXPLAINED = [
    Explained(
        "color-contrast",
        re.compile(r"href=\"\?o="),
        _("Sort controls of staff lists lie over the heading of a sorted column; unsorted headings are decided."),
    ),
    Explained(
        "color-contrast",
        re.compile(r"(^|\W)text(\W|$)|chart-times"),
        _("Text drawn in a chart: its colours are measured by a test of their own, and a table says the same."),
    ),
    Explained(
        "color-contrast",
        re.compile(r"#id_answer_(ar|en)"),
        _("On a telephone a long text field is cut by its own scrolling; the same field is decided on a wide screen."),
        below=600,
    ),
    Explained(
        "color-contrast",
        re.compile(r"\b(table|caption|tr|td|th|tbody|field-\w+)\b|:nth-child|\.(chip|info|success|warning|error)\b"),
        _("On a telephone a table is cut by its scrolling region; the same cells are decided on a wide screen."),
        below=600,
    ),
]


def is_explained(rule: str, target: Iterable[object], width: int) -> bool:
    """Whether somebody decided what the engine could not about this element."""
    selector = " ".join(map(str, target))
    return any(one.rule == rule and width < one.below and one.pattern.search(selector) for one in EXPLAINED)
