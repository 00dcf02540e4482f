"""Changing what is asked. Everything here is refused once somebody has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from participation.surveys.actions.editing import lock_for_edit
from participation.surveys.actions.readiness import NotReady, shortcomings
from participation.surveys.kinds import State
from participation.surveys.models import Condition, Option, Page, Question, Questionnaire
from portal.audit.actions import record


@dataclass(frozen=True)
class Label:
    """Words in both languages."""

    ar: str
    en: str


@dataclass(frozen=True)
class OptionPlan:
    """An option as it should be."""

    label: Label
    takes_text: bool = False
    is_exclusive: bool = False


@dataclass(frozen=True)
class ConditionPlan:
    """Show only when one (or none) of these options of an earlier question was chosen."""

    options: Sequence[Option]
    is_negated: bool = False


@dataclass(frozen=True)
class QuestionPlan:
    """A question as it should be; `fields` are columns of Question."""

    fields: dict[str, Any]
    options: Sequence[OptionPlan] = ()
    rows: Sequence[Label] = ()
    condition: ConditionPlan | None = None


def _noted(questionnaire: Questionnaire, by: Any, **data: Any) -> None:
    """Note a change. What the public can see already has to stay fit to be answered: else NotReady undoes it."""
    if questionnaire.state == State.SCHEDULED:
        codes = [code for code in shortcomings(questionnaire) if code != "closed_already"]
        if codes:
            raise NotReady(codes)
    record(verb="questionnaire.edited", subject=questionnaire, by=by, data=data)


@transaction.atomic
def save_page(
    *, questionnaire: Questionnaire, page: Page | None, title: Label, condition: ConditionPlan | None, version: int,
    by: Any,
) -> Page:  # fmt: skip
    """Change a page, or add one at the end."""
    lock_for_edit(questionnaire, version)
    if page is None:
        page = Page(questionnaire=questionnaire, position=_next_position(questionnaire.pages))
    page.title_ar, page.title_en = title.ar, title.en
    page.save()
    _set_condition(condition, page=page)
    _noted(questionnaire, by, page=page.position)
    return page


@transaction.atomic
def save_question(
    *, questionnaire: Questionnaire, page: Page, question: Question | None, plan: QuestionPlan, version: int, by: Any
) -> Question:
    """Change a question with all that hangs on it, or add one at the end of the page."""
    lock_for_edit(questionnaire, version)
    if page.pk is None:
        page.save()
    if question is None:
        question = Question(page=page, position=_next_position(page.questions))
    for name, value in plan.fields.items():
        setattr(question, name, value)
    question.save()
    _fit(
        question.options,
        [
            {
                "label_ar": option.label.ar, "label_en": option.label.en, "takes_text": option.takes_text,
                "is_exclusive": option.is_exclusive,
            }
            for option in plan.options
        ],
    )  # fmt: skip
    _fit(question.rows, [{"label_ar": label.ar, "label_en": label.en} for label in plan.rows])
    Condition.objects.filter(asked=question, options=None).delete()
    _set_condition(plan.condition, question=question)
    _noted(questionnaire, by, question=question.pk)
    return question


def _fit(lines: Any, wanted: Sequence[dict[str, Any]]) -> None:
    """Make the options or lines of a question as they should be.

    Conditions point at their rows, so one whose words stay is the same row, wherever it moves. Where the number of
    lines is the same, other words in the same place are a correction of that row.
    """
    there = list(lines.order_by("position"))
    by_words = {(line.label_ar, line.label_en): line for line in there}
    kept = [by_words.pop((values["label_ar"], values["label_en"]), None) for values in wanted]
    left = [line if line in by_words.values() else None for line in there]
    placed = []
    for position, (line, values) in enumerate(zip(kept, wanted, strict=True), start=1):
        corrected = left[position - 1] if line is None and len(there) == len(wanted) else None
        line = line or corrected or lines.model(question=lines.instance)
        for name, value in {**values, "position": position}.items():
            setattr(line, name, value)
        line.save()
        placed.append(line.pk)
    lines.exclude(pk__in=placed).delete()


def _next_position(siblings: Any) -> int:
    return (siblings.aggregate(last=models.Max("position"))["last"] or 0) + 1


def _set_condition(plan: ConditionPlan | None, **target: Any) -> None:
    Condition.objects.filter(**target).delete()
    if plan is None or not plan.options:
        return
    condition = Condition.objects.create(asked=plan.options[0].question, is_negated=plan.is_negated, **target)
    condition.options.set(plan.options)


@transaction.atomic
def move(*, questionnaire: Questionnaire, item: Page | Question, up: bool, version: int, by: Any) -> None:
    """Exchange a page or question with its neighbour; at the edge nothing happens."""
    lock_for_edit(questionnaire, version)
    siblings = list(_siblings(item))
    place = next(number for number, sibling in enumerate(siblings) if sibling.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(siblings):
        return
    siblings[place], siblings[other] = siblings[other], siblings[place]
    _number(siblings)
    _drop_dead_conditions(questionnaire)
    _noted(questionnaire, by, moved=item._meta.model_name)


def _siblings(item: Page | Question) -> models.QuerySet[Any]:
    return item.questionnaire.pages.all() if isinstance(item, Page) else item.page.questions.all()


def _number(items: Sequence[Any]) -> None:
    for position, item in enumerate(items, start=1):
        type(item).objects.filter(pk=item.pk).update(position=position)


@transaction.atomic
def delete(*, questionnaire: Questionnaire, item: Page | Question, version: int, by: Any) -> None:
    """Take a page or question away, with every condition that asked for its answers."""
    lock_for_edit(questionnaire, version)
    siblings = [sibling for sibling in _siblings(item) if sibling.pk != item.pk]
    kind = item._meta.model_name
    item.delete()
    _number(siblings)
    _noted(questionnaire, by, deleted=kind)


def _drop_dead_conditions(questionnaire: Questionnaire) -> None:
    """A condition may only ask what was answered on an earlier page."""
    conditions = Condition.objects.filter(asked__page__questionnaire=questionnaire)
    conditions.filter(page__position__lte=models.F("asked__page__position")).delete()
    conditions.filter(question__page__position__lte=models.F("asked__page__position")).delete()
