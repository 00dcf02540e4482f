"""A questionnaire asked again: the same questions as a new draft, without an answer."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from participation.surveys.kinds import State
from participation.surveys.models import Condition, Option, Page, Question, Questionnaire, Row
from portal.audit.actions import record

LONGEST_SLUG = 80
FRESH: dict[str, Any] = {
    "state": State.DRAFT, "opens_at": None, "closes_at": None, "version": 1, "frozen_at": None, "counted_at": None,
    "respondents": None, "reminded_at": None, "raw_destroyed_at": None, "findings_ar": "", "findings_en": "",
    "findings_published_at": None, "legal_hold": "",
}  # fmt: skip
"""What a copy does not take over."""
LEFT_OUT = {"created_at"}


@transaction.atomic
def copy_questionnaire(*, questionnaire: Questionnaire, by: Any) -> Questionnaire:
    """A new draft that asks the same under an address of its own, with no times, answers or findings."""
    slug = _free_slug(questionnaire.slug)
    made = _copy(questionnaire, **{**FRESH, "slug": slug, "created_by": by if getattr(by, "pk", None) else None})
    pages = _copies(Page.objects.filter(questionnaire=questionnaire), questionnaire=lambda _row: made)
    questions = _copies(Question.objects.filter(page__in=pages), page=lambda row: pages[row.page_id])
    options = _copies(Option.objects.filter(question__in=questions), question=lambda row: questions[row.question_id])
    _copies(Row.objects.filter(question__in=questions), question=lambda row: questions[row.question_id])
    _copy_conditions(pages, questions, options)
    record(verb="questionnaire.copied", subject=made, by=by, data={"of": questionnaire.pk})
    return made


def _free_slug(slug: str) -> str:
    number = 2
    while Questionnaire.objects.filter(slug=(free := f"{slug[: LONGEST_SLUG - 5]}-{number}")).exists():
        number += 1
    return free


def _copy(row: Any, **changes: Any) -> Any:
    """A stored copy of a row with some fields changed. Texts go by their two columns, not by the active language."""
    names = {field.name for field in row._meta.concrete_fields}
    left_out = LEFT_OUT | changes.keys() | {name for name in names if f"{name}_ar" in names}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in left_out
    }
    return type(row).objects.create(**values, **changes)


def _copies(rows: models.QuerySet[Any], **parent: Any) -> dict[int, Any]:
    """Copies of the rows by the id of what they are copies of; `parent` gives the new parent of a row."""
    return {row.pk: _copy(row, **{name: find(row) for name, find in parent.items()}) for row in rows}


def _copy_conditions(pages: dict[int, Page], questions: dict[int, Question], options: dict[int, Option]) -> None:
    for row in Condition.objects.filter(asked__in=questions).prefetch_related("options"):
        made = Condition.objects.create(
            page=pages[row.page_id] if row.page_id else None,
            question=questions[row.question_id] if row.question_id else None,
            asked=questions[row.asked_id],
            is_negated=row.is_negated,
        )
        made.options.set([options[option.pk] for option in row.options.all()])
