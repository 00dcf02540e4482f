"""How far somebody has come with a survey: its pages as they are asked after what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.datastructures import MultiValueDict

from participation.surveys.answering import QuestionsForm
from participation.surveys.answers import Given, Profile, Sheet, Structure
from participation.surveys.speaking import Said, spoken


@dataclass
class Step:
    """A page as it is asked; the last one may be about the person, and then has no sheet."""

    number: int
    sheet: Sheet | None
    form: QuestionsForm
    is_visited: bool

    @property
    def mark(self) -> str:
        """Name under which it is kept that the page was sent, perhaps with nothing on it."""
        return f"page_{self.sheet.page.pk if self.sheet else 0}"

    @property
    def names(self) -> list[str]:
        """The fields of the page, for save_page."""
        return [*self.form.asked, *(cut.value for cut in self.form.cuts), self.mark]

    @property
    def is_done(self) -> bool:
        return self.is_visited and self.form.is_valid()

    @property
    def said(self) -> list[Said]:
        """What was answered on this page, in words."""
        return spoken(self.form.asked.values(), self.form.given())

    @property
    def about(self) -> list[tuple[str, str]]:
        """What was told about the person, in words: (label, answer)."""
        profile = self.form.profile()
        told = [(field, getattr(profile, field.name)) for field in self.form.about]
        return [
            (str(field.label), str(dict(field.field.choices)[value]) if value else "")  # type: ignore[attr-defined]
            for field, value in told
        ]


class Progress:
    """Answers saved so far, page by page. Those to questions that are not asked any more are left out."""

    def __init__(self, structure: Structure, kept: Mapping[str, list[str]]) -> None:
        self.structure = structure
        self.kept = {**kept, "version": [str(structure.version)]}

    @cached_property
    def steps(self) -> list[Step]:
        """The pages that are asked, in order, each after the answers before it."""
        found: list[Step] = []
        given: list[Given] = []
        for sheet in self.structure.pages:
            if questions := self.structure.questions_shown(sheet, given):
                form = QuestionsForm(self.structure, questions, earlier=tuple(given), data=MultiValueDict(self.kept))
                found.append(self._step(sheet.number, sheet, form))
                given += form.given()
        if self.structure.cuts:
            form = QuestionsForm(self.structure, (), cuts=self.structure.cuts, data=MultiValueDict(self.kept))
            found.append(self._step(len(self.structure.pages) + 1, None, form))
        return found

    def _step(self, number: int, sheet: Sheet | None, form: QuestionsForm) -> Step:
        form.is_valid()
        step = Step(number, sheet, form, is_visited=False)
        step.is_visited = step.mark in self.kept
        return step

    def step(self, number: int) -> Step | None:
        """The page of that number, if it is asked."""
        return next((step for step in self.steps if step.number == number), None)

    def place(self, step: Step) -> int:
        """Which one it is of those that are asked, from 1."""
        return self.steps.index(step) + 1

    def before(self, step: Step) -> Step | None:
        """The page before, if there is one."""
        place = self.steps.index(step)
        return self.steps[place - 1] if place else None

    def after(self, step: Step) -> Step | None:
        """The page after, if there is one."""
        return next((other for other in self.steps if other.number > step.number), None)

    @property
    def unfinished(self) -> Step | None:
        """The first page that still needs an answer or was never sent; None when all may be sent."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def given(self) -> list[Given]:
        """All the answers that count."""
        return [one for step in self.steps for one in step.form.given()]

    @property
    def profile(self) -> Profile:
        """What was told about the person."""
        return self.steps[-1].form.profile() if self.structure.cuts and self.steps else Profile()
