"""Forms made of what a questionnaire asks: one page of it, or all of it where it has one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.surveys.answers import (
    LONG,
    SHORT,
    Asked,
    Given,
    Problem,
    Profile,
    Sheet,
    Structure,
    load_structure,
    problems,
)
from participation.surveys.fields import field_for, field_name
from participation.surveys.kinds import UNSAID, AgeGroup, Cut, Gender, QuestionKind
from participation.surveys.models import Option, Page, Question, Questionnaire, Row
from participation.surveys.widgets import QuestionWidget, raw_of
from portal.forms import PortalForm
from portal.organisations.models import Governorate

TITLED = "participation/surveys/fields/titled.html"
UNCHOSEN = ("", gettext_lazy("Choose, or leave it"))
PROFILE: dict[Cut, tuple[Any, list[Any], type[forms.Widget]]] = {
    Cut.GENDER: (gettext_lazy("Gender"), list(Gender.choices), forms.RadioSelect),
    Cut.AGE_GROUP: (gettext_lazy("Age group"), [UNCHOSEN, *AgeGroup.choices], forms.Select),
    Cut.GOVERNORATE: (
        gettext_lazy("Governorate where you live"),
        [UNCHOSEN, *Governorate.choices, (UNSAID, Gender.UNSAID.label)],
        forms.Select,
    ),
}


class QuestionsForm(PortalForm):
    """Some questions, as they are asked after the answers given on earlier pages, and what is asked about the person.

    Its rules are those of participation.surveys.answers; here they only find their field and their words.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Of the structure this form was made of: answers to an older one are not counted as answers to a newer."""

    def __init__(
        self,
        structure: Structure,
        questions: Iterable[Asked],
        *,
        cuts: Sequence[Cut] = (),
        earlier: Sequence[Given] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("auto_id", f"id{structure.questionnaire_id}_%s")
        super().__init__(**kwargs)
        self.structure, self.earlier, self.cuts = structure, earlier, cuts
        self.asked = {field_name(asked): asked for asked in questions}
        self.initial.setdefault("version", structure.version)
        self.fields.update({name: field_for(asked) for name, asked in self.asked.items()})
        self.fields.update({cut.value: _about(cut) for cut in cuts})

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields of the questions, in the order of asking."""
        return [self[name] for name in self.asked]

    @property
    def about(self) -> list[forms.BoundField]:
        """The fields of what is asked about the person."""
        return [self[cut.value] for cut in self.cuts]

    @property
    def was_changed(self) -> bool:
        """Whether what is asked changed since this form was shown."""
        return bool(self.is_bound and self.cleaned_data.get("version") != self.structure.version)

    def given(self) -> list[Given]:
        """What was answered, as far as it could be read."""
        return [given for name in self.asked for given in self.cleaned_data.get(name) or []]

    def profile(self) -> Profile:
        """What was told about the person."""
        return Profile(**{cut.value: self.cleaned_data.get(cut.value, "") for cut in self.cuts})

    def unchecked(self) -> QuestionsForm:
        """The same form with what was typed in it, before anybody says whether it fits."""
        initial = {name: self[name].data for name in (*self.asked, *(cut.value for cut in self.cuts))}
        return QuestionsForm(self.structure, self.asked.values(), cuts=self.cuts, earlier=self.earlier, initial=initial)

    def typed(self) -> dict[str, list[str]]:
        """Everything typed into the fields of this form, by the name of its control, to be kept or shown again."""
        names = [*self.asked, *(cut.value for cut in self.cuts)]
        return {f"{name}{end}": values for name in names for end, values in raw_of(self.data, name).items()}

    def clean(self) -> dict[str, Any]:
        self.refuse(problems(self.structure, [*self.earlier, *self.given()], self.profile()))
        return self.cleaned_data

    def refuse(self, found: Sequence[Problem]) -> None:
        """Say at each field what is wrong with it. What concerns other pages is not said here."""
        for problem in found:
            name = problem.cut or f"q{problem.question}"
            if name in self.fields and name not in self.errors:
                self._lead_to(name, problem.code)
                self.add_error(name, _in_words(problem, self.asked.get(name), several=len(self.asked) > 1))
        everything = len(self.asked) == len(self.structure.questions)
        for problem in found:
            if problem.code == "empty" and everything and not self.errors:
                self.add_error(None, problem.words)

    def _lead_to(self, name: str, code: str) -> None:
        """Let the summary of errors lead to the control that is wrong, where that is not the first one."""
        widget, asked = self.fields[name].widget, self.asked.get(name)
        if asked is None or not isinstance(widget, QuestionWidget):
            return
        answers = self.cleaned_data.get(name) or []
        if code == "words_missing":
            ends = [f"_text_{given.option}" for given in answers if not given.text and _takes_text(asked, given)]
        elif code == "lines_missing" or (code == "required" and asked.kind == QuestionKind.MATRIX):
            answered = {given.row for given in answers}
            ends = [f"_row_{row.pk}_0" for row in asked.rows if row.pk not in answered]
        else:
            ends = []
        widget.target = next(iter(ends), "")


def _takes_text(asked: Asked, given: Given) -> bool:
    option = asked.option(given.option)
    return option is not None and option.takes_text


def _about(cut: Cut) -> forms.Field:
    label, choices, widget = PROFILE[cut]
    field = forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)
    field.hide_optional = True  # type: ignore[attr-defined]  # all of them are, and the heading says so
    return field


def _in_words(problem: Problem, asked: Asked | None, *, several: bool) -> str:
    """The words of a problem; where several questions are on a page, they say which one they are about."""
    if asked is None:
        return problem.words
    question = asked.question
    if problem.code == "required":
        typed = asked.kind in (QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.SHORT, QuestionKind.LONG)
        wording = _("Fill this in: {label}") if typed else _("Choose an answer: {label}")
        return wording.format(label=question.text)
    words = {
        "too_few": _("Choose at least %(least)s."),
        "too_many": _("Choose %(most)s at most."),
        "out_of_bounds": _("Write a number from %(least)s to %(most)s.") if asked.kind != QuestionKind.DATE else "",
        "too_long": _("The text is too long: %(longest)s characters are possible."),
    }.get(problem.code) or problem.words
    longest = LONG if asked.kind == QuestionKind.LONG else SHORT
    values = {"least": question.least, "most": question.most, "longest": longest}
    if problem.code in ("too_few", "out_of_bounds") and question.least is None:
        words = problem.words
    if problem.code in ("too_many", "out_of_bounds") and question.most is None:
        words = problem.words
    said = words % values
    return f"{said} ({question.text})" if several else said


def vote_form(questionnaire: Questionnaire, structure: Structure | None = None, **kwargs: Any) -> QuestionsForm:
    """The form of a questionnaire of one page: a poll, or the satisfaction survey. For the include
    participation/surveys/vote_form.html, with `questionnaire` beside it."""
    structure = structure or load_structure(questionnaire)
    form = QuestionsForm(structure, structure.shown([]), cuts=structure.cuts, **kwargs)
    for name, asked in form.asked.items():
        if asked.question.text == questionnaire.title and form[name].use_fieldset:
            # Its words stand above it already.
            form.fields[name].template_name = TITLED  # type: ignore[attr-defined]
    return form


def with_forms(polls: Iterable[Questionnaire]) -> list[tuple[Questionnaire, QuestionsForm]]:
    """Each poll with its form, in four statements for all of them: for a list, or for the home page."""
    rows = list(polls)
    structures = one_page_structures(rows)
    return [(poll, vote_form(poll, structures[poll.pk])) for poll in rows]


def one_page_structures(questionnaires: Sequence[Questionnaire]) -> dict[int, Structure]:
    """The structures of several questionnaires that have no conditions, such as polls, in four statements."""
    ids = [questionnaire.pk for questionnaire in questionnaires]
    options = _by(Option.objects.filter(question__page__questionnaire__in=ids), "question_id")
    rows = _by(Row.objects.filter(question__page__questionnaire__in=ids), "question_id")
    questions = _by(Question.objects.filter(page__questionnaire__in=ids), "page_id")
    pages = _by(Page.objects.filter(questionnaire__in=ids), "questionnaire_id")

    def sheet(number: int, page: Page) -> Sheet:
        asked = [
            Asked(question, tuple(options.get(question.pk, ())), tuple(rows.get(question.pk, ())), ())
            for question in questions.get(page.pk, ())
        ]
        return Sheet(page, number, tuple(asked), ())

    return {
        one.pk: Structure(
            one.pk, one.version, tuple(one.cuts), tuple(sheet(*item) for item in enumerate(pages.get(one.pk, ()), 1))
        )
        for one in questionnaires
    }


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found
