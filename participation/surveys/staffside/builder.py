"""Building a questionnaire: pages, questions, their order. Each page of the builder is one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from participation.surveys.actions import building
from participation.surveys.actions.editing import Conflict, Frozen
from participation.surveys.actions.readiness import NotReady
from participation.surveys.kinds import Kind, QuestionKind
from participation.surveys.models import Page, Question, Questionnaire
from participation.surveys.staffside.forms import EditForm, PageForm, QuestionForm, page_initial, question_initial
from participation.surveys.staffside.frame import Frame, number


class Builder(Frame):
    """The forms of one questionnaire for one request."""

    def page(self, pk: int | None) -> HttpResponseBase:
        """Add or change a page of a survey."""
        page = get_object_or_404(self.questionnaire.pages, pk=pk) if pk else None
        before = page.position if page else self.questionnaire.pages.count() + 1
        initial = page_initial(page) if page else {}
        form = self._form(PageForm, initial, before)
        if form.is_bound and form.is_valid():
            done = self._try(form, building.save_page, page=page, title=form.title(), condition=form.condition())
            if done:
                return self.back(_("The page is saved."))
        return self.show_form(form, _("Change a page") if page else _("Add a page"))

    def question(self, pk: int | None) -> HttpResponseBase:
        """Add or change a question."""
        question = get_object_or_404(Question, page__questionnaire=self.questionnaire, pk=pk) if pk else None
        page = question.page if question else self._target_page()
        form = self._form(QuestionForm, question_initial(question) if question else {}, page.position)
        self._offer_kinds(form)
        if form.is_bound and form.is_valid():
            done = self._try(form, building.save_question, page=page, question=question, plan=form.plan())
            if done:
                return self.back(_("The question is saved."))
        return self.show_form(form, _("Change a question") if question else _("Add a question"))

    def _target_page(self) -> Page:
        """The page a new question goes to: the one the address names, else the last; the first is made by itself."""
        if wanted := number(self.request.GET, "page"):
            return get_object_or_404(self.questionnaire.pages, pk=wanted)
        if (last := self.questionnaire.pages.last()) is not None:
            return last
        return Page(questionnaire=self.questionnaire, position=1)

    def _offer_kinds(self, form: QuestionForm) -> None:
        """A poll asks for a choice."""
        if self.questionnaire.kind == Kind.POLL:
            offered = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
            form.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]

    def _form(self, kind: type[Any], initial: dict[str, Any], before: int) -> Any:
        initial = {**initial, "version": self.questionnaire.version}
        data = self.request.POST if self.request.method == "POST" else None
        return kind(data, initial=initial, questionnaire=self.questionnaire, before=before)

    def _try(self, form: EditForm, action: Any, **values: Any) -> bool:
        """Do it, or put on the form why it cannot be done; what was typed stays in it."""
        try:
            action(
                questionnaire=self.questionnaire, version=form.cleaned_data["version"], by=self.request.user, **values
            )
        except Frozen as error:
            form.add_error(None, str(error.message))
        except NotReady as error:
            for line in error.words:
                form.add_error(None, line)
        except Conflict:
            self.questionnaire.refresh_from_db()
            typed = self.request.POST.copy()
            typed["version"] = str(self.questionnaire.version)
            form.data = typed
            form.add_error(
                None,
                _("Somebody else changed this questionnaire meanwhile. Look at it again, then save what you typed."),
            )
        else:
            return True
        return False

    def arrange(self, verb: str) -> HttpResponseBase:
        """Move or delete a page or question, from the buttons beside it."""
        item = self._named_item()
        try:
            version = number(self.request.POST, "version")
            common: dict[str, Any] = {"questionnaire": self.questionnaire, "version": version, "by": self.request.user}
            if verb == "delete":
                building.delete(item=item, **common)
            else:
                building.move(item=item, up=verb == "up", **common)
        except (Frozen, Conflict) as error:
            return self.back_with_error(str(error.message))
        except NotReady as error:
            return self.back_with_error(" ".join(error.words))
        return self.back(_("Deleted.") if verb == "delete" else _("Moved."))

    def _named_item(self) -> Page | Question:
        kind, _dash, pk = self.request.POST.get("item", "").partition("-")
        if not pk.isdecimal() or len(pk) > 9 or kind not in ("page", "question"):
            raise Http404
        if kind == "page":
            return get_object_or_404(self.questionnaire.pages, pk=int(pk))
        return get_object_or_404(Question, page__questionnaire=self.questionnaire, pk=int(pk))


def first_steps(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Where somebody goes who has just made a questionnaire: to its first question."""
    messages.success(request, _("The draft is made. Now write what is asked."))
    return redirect("admin:surveys_questionnaire_question_add", questionnaire.pk)
