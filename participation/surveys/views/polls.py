"""Polls: the list, where one can vote right away, and the page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from participation.surveys.answering import with_forms
from participation.surveys.kinds import Kind
from participation.surveys.views.entrance import Visit, address, visiting
from participation.surveys.views.lists import listing
from participation.surveys.views.one_page import answer
from portal.http import public, public_form


@public
@require_safe
def polls(request: HttpRequest) -> HttpResponse:
    """Every poll anyone may take part in."""
    context = listing(request, Kind.POLL)
    context["forms"] = with_forms(context["open"])
    return render(request, "participation/surveys/polls.html", context)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@visiting(Kind.POLL)
def poll(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """One poll: choose and vote."""
    query = {"voted": "1"} | ({"grant": visit.token} if visit.token else {})
    return answer(request, visit, "poll", thanks=f"{address(visit.questionnaire)}?{urlencode(query)}")
