"""What still keeps a questionnaire from being scheduled."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import CHOICES, CONDITIONAL, Kind, QuestionKind
from participation.surveys.models import Questionnaire, QuestionnaireQuerySet
from participation.surveys.structure import Asked, Rule, Structure, in_both, load_structure

WORDS = {
    "no_title": _("Write the title in both languages."),
    "one_language": _(
        "Something is written in one language only: an introduction, a hint or a label. "
        "Write it in the other too, or take it out."
    ),
    "no_times": _("Say when it opens and closes."),
    "closes_before_opening": _("It must close after it opens."),
    "closed_already": _("The closing time has passed. Choose a later one."),
    "no_consent": _("Write the consent text: it is on behalf of another organisation."),
    "no_questions": _("Add at least one question."),
    "empty_page": _("A page has no question. Add one, or delete the page."),
    "one_page_only": _("This kind of questionnaire has one page. Move its questions there."),
    "poll_has_one_question": _("A poll asks one question. Take the others out."),
    "poll_has_choices": _("The question of a poll is answered by choosing."),
    "too_few_options": _("A question with options needs at least two."),
    "no_lines": _("A question with lines needs at least one."),
    "impossible_bounds": _("A question asks for more choices than it has options."),
    "condition_too_late": _("A condition must refer to a choice on an earlier page."),
    "one_standing": _("Another satisfaction survey is open without an end. Close that one first."),
}


class NotReady(Exception):
    """It cannot be scheduled yet; `codes` of WORDS say why."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes

    @property
    def words(self) -> list[str]:
        """What has to be done, in the active language."""
        return [str(WORDS[code]) for code in self.codes]


def shortcomings(questionnaire: Questionnaire) -> list[str]:
    """Codes of WORDS for everything that has to be done first; empty when it may be scheduled."""
    structure = load_structure(questionnaire)
    found = [*_frame(questionnaire), *_pages(questionnaire.kind, structure)]
    if _is_half_translated(questionnaire, structure):
        found.append("one_language")
    return list(dict.fromkeys(found))


def _frame(questionnaire: Questionnaire) -> Iterator[str]:
    opens_at, closes_at = questionnaire.opens_at, questionnaire.closes_at
    if not all(in_both(questionnaire, "title")):
        yield "no_title"
    if questionnaire.on_behalf_of_id and not all(in_both(questionnaire, "consent")):
        yield "no_consent"
    if opens_at is None or (closes_at is None and questionnaire.kind != Kind.SATISFACTION):
        yield "no_times"
    elif closes_at is not None and closes_at <= opens_at:
        yield "closes_before_opening"
    elif closes_at is not None and closes_at <= timezone.now():
        yield "closed_already"
    elif closes_at is None and _standing().exclude(pk=questionnaire.pk).exists():
        yield "one_standing"


def _is_half_translated(questionnaire: Questionnaire, structure: Structure) -> bool:
    """Whether a text nobody has to write stands in one language only: half the readers would miss it."""
    texts = [in_both(questionnaire, name) for name in ("introduction", "thanks", "consent")]
    names = ("hint", "low_label", "high_label")
    texts += [in_both(asked.question, name) for asked in structure.questions for name in names]
    return any(any(both) and not all(both) for both in texts)


def _standing() -> QuestionnaireQuerySet:
    return Questionnaire.objects.scheduled().filter(kind=Kind.SATISFACTION, closes_at=None)


def _pages(kind: str, structure: Structure) -> Iterator[str]:
    questions = structure.questions
    if not questions:
        yield "no_questions"
    if any(not sheet.questions for sheet in structure.pages):
        yield "empty_page"
    if kind != Kind.SURVEY and len(structure.pages) > 1:
        yield "one_page_only"
    if kind == Kind.POLL and len(questions) > 1:
        yield "poll_has_one_question"
    if kind == Kind.POLL and any(asked.kind not in CONDITIONAL for asked in questions):
        yield "poll_has_choices"
    for asked in questions:
        yield from _question(asked)
    yield from _conditions(structure)


def _question(asked: Asked) -> Iterator[str]:
    if asked.kind in CHOICES and len(asked.options) < 2:
        yield "too_few_options"
    if asked.kind == QuestionKind.MATRIX and not asked.rows:
        yield "no_lines"
    if asked.kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING) and (asked.least or 0) > len(asked.options):
        yield "impossible_bounds"


def _conditions(structure: Structure) -> Iterator[str]:
    """A condition is known only once its page has been answered: it asks for a choice on an earlier one."""
    choices: dict[int, frozenset[int]] = {}
    for sheet in structure.pages:
        rules = [*sheet.rules, *(rule for asked in sheet.questions for rule in asked.rules)]
        if any(not _fits(rule, choices) for rule in rules):
            yield "condition_too_late"
        for asked in sheet.questions:
            if asked.kind in CONDITIONAL:
                choices[asked.pk] = frozenset(option.pk for option in asked.options)


def _fits(rule: Rule, choices: dict[int, frozenset[int]]) -> bool:
    return bool(rule.options) and rule.options <= choices.get(rule.asked, frozenset())
