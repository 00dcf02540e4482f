"""What is too small to show. Decided once for a month, when it is counted, and kept with its rows.

The figures of all units together are shown beside those of each, and nothing else adds them up: no sum over months
contains a figure that is withheld. So within a month there is one equation, and what is withheld must be at least two
units who had together enough messages - else the smallest of the others is withheld with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from participation.feedback.performance.models import Part
from portal.figures.suppression import THRESHOLD

Columns = Mapping[str, "int | None"]

BASES = {Part.ALL: "cases", Part.REPLIES: "first_replies", Part.RESOLUTIONS: "resolutions", Part.RATINGS: "ratings"}
"""The column that says on how many messages a part rests."""


def withheld_parts(counted: Mapping[int | None, Columns]) -> dict[int | None, list[str]]:
    """For each row of a month (None: all units) the parts to withhold, ALL first."""
    found: dict[int | None, list[str]] = {unit: [] for unit in counted}
    without_any: Set[int | None] = set()
    for part, column in BASES.items():
        bases = {unit: columns[column] or 0 for unit, columns in counted.items() if unit is not None}
        hidden = hidden_units(bases, already=without_any)
        if part == Part.ALL:
            without_any = hidden
        for unit in hidden:
            found[unit].append(part.value)
    return found


def hidden_units(bases: Mapping[int, int], *, already: Set[int | None] = frozenset()) -> set[int | None]:
    """The units whose figures cannot be shown, given on how many messages they rest; with None, nor can the total.

    `already` are units withheld for another reason, which protect each other here as well.
    """
    resting = {unit: base for unit, base in bases.items() if base}
    hidden: set[int | None] = {unit for unit, base in resting.items() if base < THRESHOLD or unit in already}
    others = sorted(resting.keys() - hidden, key=lambda unit: (resting[unit], unit))

    def is_open_to_subtraction() -> bool:
        return len(hidden) == 1 or 0 < sum(resting[unit] for unit in hidden if unit is not None) < THRESHOLD

    while is_open_to_subtraction():
        if not others:
            return hidden | {None}
        hidden.add(others.pop(0))
    return hidden
