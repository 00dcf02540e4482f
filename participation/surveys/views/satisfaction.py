"""The satisfaction survey, open at any time; a link from an answered message ties the answer to that message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from participation.surveys.kinds import Kind, Source
from participation.surveys.models import Questionnaire
from participation.surveys.views.casting import Voter
from participation.surveys.views.entrance import address, private, standing, turned_away, visit_of
from participation.surveys.views.one_page import answer
from portal.http import public_form
from portal.satisfaction import read_satisfaction_token


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def satisfaction(request: HttpRequest) -> HttpResponseBase:
    """How satisfied people are: once a month for a browser, and once for each answer somebody got."""
    questionnaire = standing(Kind.SATISFACTION, "")
    if questionnaire is None:
        return render(request, "participation/surveys/no_satisfaction.html", status=404)
    visit = visit_of(request, questionnaire)
    if (away := turned_away(request, visit)) is not None:
        return away
    token = request.GET.get("of", "")
    voter = about_a_message(token)
    response = answer(
        request,
        visit,
        "satisfaction",
        thanks=_thanks(questionnaire, token if voter else ""),
        voter=voter,
        is_about_message=voter is not None,
        is_too_old=bool(token) and voter is None,
    )
    return private(response) if token and isinstance(response, HttpResponse) else response


def about_a_message(token: str) -> Voter | None:
    """The voter of a link from an answered message. A reopened message may be rated again, so its cycle counts."""
    answered = read_satisfaction_token(token) if token else None
    return Voter(Source.CASE, f"{answered.about}:{answered.pk}:{answered.cycle}") if answered else None


def _thanks(questionnaire: Questionnaire, token: str) -> str:
    query = {"voted": "1"} | ({"of": token} if token else {})
    return f"{address(questionnaire)}?{urlencode(query)}"
