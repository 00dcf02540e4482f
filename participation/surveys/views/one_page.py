"""A questionnaire of one page: the form, what is wrong with it, the vote, the thanks. Polls and satisfaction."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from participation.surveys.actions.voting import Changed, Unfit
from participation.surveys.answering import QuestionsForm, vote_form
from participation.surveys.views.casting import NoCookie, TooMany, Voter, say_too_many, send
from participation.surveys.views.entrance import Visit, page
from participation.surveys.views.mailed import ask_for_address


def answer(
    request: HttpRequest, visit: Visit, template: str, *, thanks: str, voter: Voter | None = None, **context: Any
) -> HttpResponseBase:
    """Show the form, or cast what was sent with it."""
    questionnaire = visit.questionnaire
    if request.method != "POST":
        name = "voted" if "voted" in request.GET else template
        return page(request, name, questionnaire, form=vote_form(questionnaire), **context)
    form = vote_form(questionnaire, data=request.POST)
    valid = form.is_valid()
    if form.was_changed:
        return _changed(request, visit, template, **context)
    if valid:
        try:
            return _cast(request, visit, form, thanks, voter)
        except Changed:
            questionnaire.refresh_from_db()
            return _changed(request, visit, template, **context)
        except Unfit as error:
            form.refuse(error.problems)
        except NoCookie:
            return ask_for_address(
                request, questionnaire, typed={**form.typed(), "version": request.POST.getlist("version")}
            )
        except TooMany:
            say_too_many(form)
            return page(request, template, questionnaire, status=429, form=form, **context)
    return page(request, template, questionnaire, status=422, form=form, **context)


def _cast(
    request: HttpRequest, visit: Visit, form: QuestionsForm, thanks: str, voter: Voter | None
) -> HttpResponseBase:
    answers = {"given": form.given(), "profile": form.profile(), "version": form.cleaned_data["version"]}
    return send(request, visit, answers=answers, thanks=thanks, voter=voter)


def _changed(request: HttpRequest, visit: Visit, template: str, **context: Any) -> HttpResponse:
    """What is asked was edited while the page was open: the new form, with what still fits of what was chosen."""
    form = vote_form(visit.questionnaire, data=request.POST).unchecked()
    return page(request, template, visit.questionnaire, status=409, form=form, was_changed=True, **context)
