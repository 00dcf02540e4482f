"""A publication read back: for each question its words and the figures that may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from participation.surveys.kinds import UNSAID, AgeGroup, Cut, Gender, QuestionKind
from participation.surveys.models import Publication, Questionnaire, Row
from participation.surveys.results.publishing import CHOSEN, OTHER_MONTHS, question_key
from participation.surveys.structure import Asked, load_structure
from portal.figures import suppression
from portal.figures.suppression import QuestionFigures, Statistics
from portal.organisations.models import Governorate

LABELS: dict[Cut, Any] = {Cut.GENDER: Gender, Cut.AGE_GROUP: AgeGroup, Cut.GOVERNORATE: Governorate}


def category_label(cut: Cut, value: str) -> str:
    """A category of a cut in words."""
    return str(Gender.UNSAID.label if value == UNSAID else LABELS[cut](value).label)


@dataclass(frozen=True)
class Block:
    """One question, or one line of a matrix, with its figures. `options` are (key, words), in order."""

    asked: Asked
    row: Row | None
    figures: QuestionFigures
    options: list[tuple[str, str]]
    numbers: dict[str, list[float]]
    ranks: dict[str, float]
    cuts: frozenset[str]
    """The cuts its figures can be read by."""

    @property
    def key(self) -> str:
        """Its name in the publication."""
        return self.figures.key

    @property
    def title(self) -> str:
        """The question, and the line of a matrix."""
        return f"{self.asked.question.text} – {self.row.label}" if self.row else self.asked.question.text

    @property
    def is_scale(self) -> bool:
        return self.asked.kind == QuestionKind.SCALE

    def shows(self, *cuts: str) -> bool:
        """Whether it is shown by these cuts."""
        return self.cuts.issuperset(cuts) and self.figures.shows(*cuts)

    @property
    def mean_ranks(self) -> dict[str, float]:
        """The mean rank of each option of a ranking, where every count of first places is shown."""
        are_known = all(self.figures.at(key) is not None for key, _label in self.options)
        return self.ranks if are_known and self.figures.answered() else {}

    def statistics(self, **groups: str) -> Statistics | None:
        """Mean and median of a number, where the group may be shown."""
        name = ",".join(f"{cut}={value}" for cut, value in groups.items())
        found = self.numbers.get(name)
        return self.figures.statistics(Statistics(int(found[0]), found[1], found[2]) if found else None, **groups)

    def mean(self, **groups: str) -> float | None:
        """The mean point of a scale, where the group may be shown."""
        return self.figures.mean({key: float(key) for key, _label in self.options}, **groups)


_remembered: dict[tuple[int, datetime, str], suppression.Publication] = {}
MOST_REMEMBERED = 64


def _parsed(publication: Publication, part: str) -> suppression.Publication:
    """The figures of a publication; remembered, because it never changes and reading it is most of a page's work."""
    if publication.pk is None:
        return suppression.Publication.from_record(publication.results[part])
    key = (publication.pk, publication.published_at, part)
    figures = _remembered.get(key)
    if figures is None:
        figures = suppression.Publication.from_record(publication.results[part])
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()  # other threads may be reading: nobody counts on what lies here
        _remembered[key] = figures
    return figures


class Results:
    """The results of one questionnaire (of one month, for the standing survey) as they were published."""

    def __init__(self, questionnaire: Questionnaire, publication: Publication) -> None:
        self.questionnaire, self.publication = questionnaire, publication

    @cached_property
    def figures(self) -> suppression.Publication:
        return _parsed(self.publication, "figures")

    @cached_property
    def _plain(self) -> suppression.Publication | None:
        return _parsed(self.publication, "plain") if self.publication.results.get("plain") else None

    @property
    def month(self) -> date:
        """The month of the standing survey; the day of publication where there are no months."""
        return self.publication.period or self.publication.published_at.date()

    @property
    def total(self) -> int | None:
        """Everybody who answered; None where they are too few to show anything."""
        return self.figures.total

    @cached_property
    def blocks(self) -> list[Block]:
        """Every question in the order of asking."""
        return list(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        for asked in load_structure(self.questionnaire).questions:
            for row in asked.rows or (None,):
                key = question_key(asked.pk, row.pk if row else None)
                found = self._figures_of(key)
                if found is None:
                    continue
                figures, cuts = found
                stored = self.publication.results
                yield Block(
                    asked, row, figures, _options(asked, figures),
                    stored["numbers"].get(key, {}), stored["ranks"].get(key, {}), cuts,
                )  # fmt: skip

    def _figures_of(self, key: str) -> tuple[QuestionFigures, frozenset[str]] | None:
        """The figures of a question and the cuts they can be read by; None where it was left out altogether."""
        for publication in (self.figures, self._plain):
            if publication is not None and key in (question.key for question in publication.questionnaire.questions):
                return publication[key], frozenset(publication.questionnaire.cuts)
        return None

    @cached_property
    def left_out(self) -> list[Asked]:
        """Questions of which nothing can be shown without giving away what few people said."""
        shown = {block.asked.pk for block in self.blocks}
        return [asked for asked in load_structure(self.questionnaire).questions if asked.pk not in shown]


def _options(asked: Asked, figures: QuestionFigures) -> list[tuple[str, str]]:
    if asked.kind in CHOSEN:
        return [(str(option.pk), option.label) for option in asked.options]
    return [(key, _worded(asked, key)) for key in figures.options]


def _worded(asked: Asked, key: str) -> str:
    """A point of a scale, its ends with their words; a month as it is."""
    question = asked.question
    if asked.kind == QuestionKind.SCALE:
        ends = {str(question.least): question.low_label, str(question.most): question.high_label}
        return f"{key} ({ends[key]})" if ends.get(key) else key
    return gettext("Other months") if key == OTHER_MONTHS else key


def results_of(questionnaire: Questionnaire, period: date | None = None) -> Results | None:
    """The published results, if there are any."""
    publication = Publication.objects.filter(questionnaire=questionnaire, period=period).first()
    return Results(questionnaire, publication) if publication else None


def months_of(questionnaire: Questionnaire) -> list[Results]:
    """The published months of the standing survey, oldest first."""
    publications = Publication.objects.filter(questionnaire=questionnaire, period__isnull=False).order_by("period")
    return [Results(questionnaire, publication) for publication in publications]
