"""Who answers for what a page shows. Areas whose pages belong to units say so; whoever has to find a unit asks here."""

from __future__ import annotations

from collections.abc import Callable

Answer = Callable[[str], int | None]
"""Path without the language prefix -> key of the unit; None for a page it does not know."""
_answers: list[Answer] = []


def register(answer: Answer) -> None:
    """Add somebody who knows who answers for some pages."""
    _answers.append(answer)


def unit_for(path: str) -> int | None:
    """Key of the unit that answers for what is on this page; None where nobody claims it."""
    return next((unit for answer in _answers if (unit := answer(path)) is not None), None)
