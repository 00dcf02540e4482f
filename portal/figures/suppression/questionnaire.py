"""What is to be published: the counts of a questionnaire by option and group, before anything is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TOTAL = ""
"""In a coordinate: all categories together."""

View = tuple[str, ...]
"""The cuts a table is divided by: ("gender",) or ("age", "governorate"); () is the table of totals."""

Counts = Mapping[tuple[str, ...], int]
"""One table: its cells without totals; what is missing is 0."""


@dataclass(frozen=True)
class Question:
    """One question with its counts in every table of the questionnaire.

    Single choice, scale, one row of a matrix: `counts[view][(option, *groups)]`, each respondent in one option.
    Multiple choice (`multiple`): the same, counting those who chose the option, and `answered[view][groups]`.
    A number, a date, a text: no options, only `answered`.
    """

    key: str
    options: tuple[str, ...] = ()
    counts: Mapping[View, Counts] = field(default_factory=dict)
    multiple: bool = False
    answered: Mapping[View, Counts] = field(default_factory=dict)
    """Those who answered; needed where `multiple` or without options, else the sum of the options."""
    asked_if: tuple[str, tuple[str, ...]] | None = None
    """The skip rule: key of an earlier question and its options (one option, where that one is multiple) that lead
    here. Whoever was not asked here answered something else there, so both are protected together. A question whose
    rule cannot be said this way (several questions joined) should be published without cuts."""


@dataclass(frozen=True)
class Questionnaire:
    """All the tables of one questionnaire: by each cut, and by one crossing of cuts.

    Tables are given for the views of `tables()`: the crossing, and each cut that is not part of it (the cuts in the
    crossing are its margins). "Prefer not to say" is a category of its cut like any other.
    """

    cuts: Mapping[str, tuple[str, ...]]
    """Name of the cut -> its categories: {"gender": ("female", "male", "unsaid"), ...}."""
    respondents: Mapping[View, Counts]
    """Everybody who took part: `respondents[view][groups]`; `respondents[()][()]` where there are no cuts."""
    questions: tuple[Question, ...] = ()
    crossing: View = ()
    """Two (or three) cuts, in the order of the coordinates; chosen once, the same in every publication."""

    def tables(self) -> list[View]:
        """The views that `respondents`, `counts` and `answered` are given for."""
        single = [(cut,) for cut in self.cuts if cut not in self.crossing]
        return [*([self.crossing] if self.crossing else []), *single] or [()]

    def plain(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "cuts": [[cut, list(names)] for cut, names in self.cuts.items()],
            "crossing": list(self.crossing),
            "respondents": _plain(self.respondents),
            "questions": [
                {
                    "key": question.key,
                    "options": list(question.options),
                    "multiple": question.multiple,
                    "asked_if": question.asked_if and [question.asked_if[0], list(question.asked_if[1])],
                    "counts": _plain(question.counts),
                    "answered": _plain(question.answered),
                }
                for question in self.questions
            ],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Questionnaire:
        """From what `plain` gave."""
        return cls(
            {cut: tuple(names) for cut, names in plain["cuts"]},
            _tables(plain["respondents"]),
            tuple(
                Question(
                    given["key"],
                    tuple(given["options"]),
                    _tables(given["counts"]),
                    given["multiple"],
                    _tables(given["answered"]),
                    given["asked_if"] and (given["asked_if"][0], tuple(given["asked_if"][1])),
                )
                for given in plain["questions"]
            ),
            tuple(plain["crossing"]),
        )


def _plain(tables: Mapping[View, Counts]) -> list[list[Any]]:
    return [[list(view), [[*groups, n] for groups, n in counts.items()]] for view, counts in tables.items()]


def _tables(plain: list[list[Any]]) -> dict[View, Counts]:
    return {tuple(view): {tuple(cell[:-1]): cell[-1] for cell in counts} for view, counts in plain}
