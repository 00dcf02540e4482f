"""Surveys: the list, the introduction of each, and the thanks at the end."""

from __future__ import annotations

from math import ceil

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from participation.surveys.actions.drafts import start_draft
from participation.surveys.answers import Structure, load_structure
from participation.surveys.kinds import Kind
from participation.surveys.views.casting import see_other, voter_of
from participation.surveys.views.drafts import where
from participation.surveys.views.entrance import Visit, already, known, page, turned_away, visit_of, visiting
from participation.surveys.views.lists import listing
from portal.http import public, public_form, throttled, too_many

QUESTIONS_A_MINUTE = 5


@public
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """Every survey anyone may take part in."""
    return render(request, "participation/surveys/surveys.html", listing(request, Kind.SURVEY))


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(Kind.SURVEY)
def survey(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What it is about and who asks. Starting it makes a draft; whoever has answered already is told before."""
    questionnaire = visit.questionnaire
    if request.method == "POST":
        voter = voter_of(request, visit)
        if voter is not None and voter.has_voted(questionnaire):
            return already(request, visit, source=voter.source)
        if throttled(request, "vote"):
            return too_many(request)
        draft = start_draft(questionnaire=questionnaire, language=get_language() or "ar", grant=visit.token)
        return see_other(where(draft, "resume"))
    structure = load_structure(questionnaire)
    pages = len(structure.pages) + bool(structure.cuts)
    return page(request, "survey", questionnaire, pages=pages, minutes=_minutes(structure))


def _minutes(structure: Structure) -> int:
    """About how long it takes: each question and each line of a matrix counts the same."""
    count = sum(max(1, len(asked.rows)) for asked in structure.questions) + len(structure.cuts)
    return ceil(count / QUESTIONS_A_MINUTE)


@public
@require_safe
def done(request: HttpRequest, slug: str) -> HttpResponse:
    """The thanks. Reading it stores nothing, so it may be reloaded or bookmarked."""
    questionnaire = known().filter(kind=Kind.SURVEY, slug=slug).first()
    if questionnaire is None:
        raise Http404
    visit = visit_of(request, questionnaire)
    return turned_away(request, visit, thanking=True) or page(request, "voted", questionnaire)
