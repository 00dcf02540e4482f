"""What a questionnaire asks, as one value: which pages and questions are shown, given the answers so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from participation.surveys.kinds import CONDITIONAL, Cut
from participation.surveys.models import Condition, Option, Page, Question, Questionnaire, Row
from portal.bilingual import LANGUAGE_CODES


@dataclass(frozen=True)
class Given:
    """One thing said, as one Answer row will hold it. Ids of question, row and option; a rank is a `number`."""

    question: int
    row: int | None = None
    option: int | None = None
    number: Decimal | None = None
    date: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Profile:
    """What somebody told about herself: values of Gender, AgeGroup and Governorate (or "unsaid"), "" where unasked."""

    gender: str = ""
    age_group: str = ""
    governorate: str = ""


@dataclass(frozen=True)
class Rule:
    """A condition: one (or none, if negated) of these options was chosen in that question."""

    asked: int
    options: frozenset[int]
    is_negated: bool

    def holds(self, chosen: dict[int, set[int]]) -> bool:
        """Whether it holds for what was chosen, by question. A question that was not shown has nothing chosen."""
        return bool(chosen.get(self.asked, set()) & self.options) != self.is_negated


@dataclass(frozen=True)
class Asked:
    """A question with its options, its lines and what it depends on."""

    question: Question
    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]

    @property
    def pk(self) -> int:
        return self.question.pk

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def text(self) -> str:
        return self.question.text

    @property
    def hint(self) -> str:
        return self.question.hint

    @property
    def is_required(self) -> bool:
        return self.question.is_required

    @property
    def least(self) -> int | None:
        return self.question.least

    @property
    def most(self) -> int | None:
        return self.question.most

    @property
    def low_label(self) -> str:
        return self.question.low_label

    @property
    def high_label(self) -> str:
        return self.question.high_label

    @property
    def points(self) -> range:
        return self.question.points

    def option(self, pk: int | None) -> Option | None:
        """Its option of that id, if it is one of its own."""
        return next((option for option in self.options if option.pk == pk), None)


@dataclass(frozen=True)
class Sheet:
    """A page with its questions; `number` counts the pages of the questionnaire from 1, shown or not."""

    page: Page
    number: int
    questions: tuple[Asked, ...]
    rules: tuple[Rule, ...]

    @property
    def pk(self) -> int:
        return self.page.pk

    @property
    def title(self) -> str:
        return self.page.title


@dataclass(frozen=True)
class Structure:
    """All that a questionnaire asks. The rows in it are shared between requests: read them only.

    Texts are in the language that is active when they are read.
    """

    questionnaire_id: int
    version: int
    cuts: tuple[Cut, ...]
    pages: tuple[Sheet, ...]

    @property
    def questions(self) -> list[Asked]:
        """Every question, shown or not, in the order of asking."""
        return [asked for sheet in self.pages for asked in sheet.questions]

    def question(self, pk: int) -> Asked | None:
        """The question of that id, if it is one of this questionnaire's."""
        return next((asked for asked in self.questions if asked.pk == pk), None)

    def page(self, number: int) -> Sheet | None:
        """The page of that number (from 1)."""
        return self.pages[number - 1] if 1 <= number <= len(self.pages) else None

    def pages_shown(self, given: Iterable[Given]) -> list[Sheet]:
        """The pages that have something to ask, after these answers. Only answers to shown questions decide."""
        return [sheet for sheet, questions in self._walk(given) if questions]

    def questions_shown(self, page: Sheet, given: Iterable[Given]) -> list[Asked]:
        """The questions of a page that are asked after these answers; none where the page itself is skipped."""
        return next((questions for sheet, questions in self._walk(given) if sheet.number == page.number), [])

    def shown(self, given: Iterable[Given]) -> list[Asked]:
        """Every question that is asked after these answers."""
        return [asked for _sheet, questions in self._walk(given) for asked in questions]

    def kept(self, given: Iterable[Given]) -> list[Given]:
        """The answers that count: those to questions that are (still) asked."""
        answers = list(given)
        shown = {asked.pk for asked in self.shown(answers)}
        return [answer for answer in answers if answer.question in shown]

    def _walk(self, given: Iterable[Given]) -> Iterator[tuple[Sheet, list[Asked]]]:
        """Each page with its questions asked, in order: what was said on a skipped one decides nothing."""
        said: dict[int, set[int]] = defaultdict(set)
        for answer in given:
            if answer.option is not None:
                said[answer.question].add(answer.option)
        chosen: dict[int, set[int]] = {}
        for sheet in self.pages:
            questions = []
            if all(rule.holds(chosen) for rule in sheet.rules):
                questions = [asked for asked in sheet.questions if all(rule.holds(chosen) for rule in asked.rules)]
            chosen |= {asked.pk: said[asked.pk] for asked in questions if asked.kind in CONDITIONAL}
            yield sheet, questions


def in_both(row: Any, name: str) -> list[str]:
    """A text of a row in Arabic and in English, "" where it is not written."""
    return [getattr(row, f"{name}_{code}") or "" for code in LANGUAGE_CODES]


def load_structure(questionnaire: Questionnaire) -> Structure:
    """What the questionnaire asks, in six statements; in none where it is frozen and was loaded before.

    Before the first ballot it may still be edited, so nothing is remembered.
    """
    load = _remembered if questionnaire.is_frozen else _load
    return load(questionnaire.pk, questionnaire.version, tuple(questionnaire.cuts))


def _load(questionnaire_id: int, version: int, cuts: tuple[Cut, ...]) -> Structure:
    options = _grouped(Option.objects.filter(question__page__questionnaire=questionnaire_id), "question_id")
    rows = _grouped(Row.objects.filter(question__page__questionnaire=questionnaire_id), "question_id")
    questions = _grouped(Question.objects.filter(page__questionnaire=questionnaire_id), "page_id")
    of_pages, of_questions = _rules(questionnaire_id)
    sheets = []
    for number, page in enumerate(Page.objects.filter(questionnaire=questionnaire_id), start=1):
        asked = tuple(
            Asked(question, tuple(options[question.pk]), tuple(rows[question.pk]), tuple(of_questions[question.pk]))
            for question in questions[page.pk]
        )
        sheets.append(Sheet(page, number, asked, tuple(of_pages[page.pk])))
    return Structure(questionnaire_id, version, cuts, tuple(sheets))


_remembered = lru_cache(maxsize=64)(_load)


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def _rules(questionnaire_id: int) -> tuple[dict[int, list[Rule]], dict[int, list[Rule]]]:
    """The conditions of pages and of questions, by the id of what depends on them."""
    through = Condition.options.through.objects.filter(condition__asked__page__questionnaire=questionnaire_id)
    options: dict[int, set[int]] = defaultdict(set)
    for condition_id, option_id in through.values_list("condition_id", "option_id"):
        options[condition_id].add(option_id)
    of_pages: dict[int, list[Rule]] = defaultdict(list)
    of_questions: dict[int, list[Rule]] = defaultdict(list)
    for row in Condition.objects.filter(asked__page__questionnaire=questionnaire_id).order_by("pk"):
        rule = Rule(row.asked_id, frozenset(options[row.pk]), row.is_negated)
        if row.page_id is not None:
            of_pages[row.page_id].append(rule)
        elif row.question_id is not None:
            of_questions[row.question_id].append(rule)
    return of_pages, of_questions
