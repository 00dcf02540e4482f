"""Answers in words, for whoever gave them to read over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format

from participation.surveys.answers import Asked, Given
from participation.surveys.kinds import QuestionKind


@dataclass(frozen=True)
class Said:
    """A question and what was answered, a line for each thing; no lines where nothing was."""

    asked: Asked
    lines: list[str]

    @property
    def text(self) -> str:
        return self.asked.question.text

    @property
    def is_typed(self) -> bool:
        """Whether the lines are somebody's own words, which may be in another language than the page."""
        return self.asked.kind in (QuestionKind.SHORT, QuestionKind.LONG)


def spoken(questions: Iterable[Asked], given: Iterable[Given]) -> list[Said]:
    """Each question with its answers, in the order of asking."""
    answers = list(given)
    return [Said(asked, _lines(asked, [one for one in answers if one.question == asked.pk])) for asked in questions]


def _lines(asked: Asked, answers: list[Given]) -> list[str]:
    if asked.kind == QuestionKind.RANKING:
        answers = sorted(answers, key=lambda one: one.number or 0)
    if asked.kind == QuestionKind.MATRIX:
        places = {row.pk: place for place, row in enumerate(asked.rows)}
        answers = sorted(answers, key=lambda one: places.get(one.row or 0, 0))
    return [_line(asked, one) for one in answers]


def _line(asked: Asked, one: Given) -> str:
    option = asked.option(one.option)
    label = option.label if option else ""
    if asked.kind == QuestionKind.RANKING:
        return f"{plain(one.number)}. {label}"
    if asked.kind == QuestionKind.MATRIX:
        row = next((row.label for row in asked.rows if row.pk == one.row), "")
        return f"{row}: {label}"
    if asked.kind == QuestionKind.SCALE:
        ends = {asked.question.least: asked.question.low_label, asked.question.most: asked.question.high_label}
        end = ends.get(int(one.number or 0), "")
        return f"{plain(one.number)} ({end})" if end else plain(one.number)
    if one.number is not None:
        return plain(one.number)
    if one.date is not None:
        return date_format(one.date, "DATE_FORMAT")
    return f"{label}: {one.text}" if label and one.text else label or one.text


def plain(number: Decimal | None) -> str:
    """A number without zeros nobody typed, never in powers of ten."""
    return "" if number is None else f"{number.normalize():f}"
