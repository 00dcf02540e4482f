"""Sending answers: makes sure the browser keeps a cookie, casts the ballot, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participation.surveys.actions.drafts import finish
from participation.surveys.actions.voting import AlreadyVoted, NotOpen, cast_ballot
from participation.surveys.answering import QuestionsForm
from participation.surveys.kinds import Access, Source
from participation.surveys.models import Ballot, Draft, Invitation, Questionnaire
from participation.surveys.views.entrance import Visit, already, not_open
from participation.surveys.voters import new_voter, read_voter, set_voter, voter_key
from portal.http import throttled

CHECK = "check"
"""In the address once a cookie was set: then the browser either brings it back, or keeps none."""


class NoCookie(Exception):
    """The browser keeps no cookie, so its vote cannot be told from a second one. Nothing was stored."""


class TooMany(Exception):
    """Very many votes came from this address in a short time. Nothing was stored."""


@dataclass(frozen=True)
class Voter:
    """What makes this voter distinct."""

    source: str
    identity: str
    invitation: Invitation | None = None

    def key(self, questionnaire: Questionnaire) -> str:
        return voter_key(questionnaire, self.source, self.identity)

    def has_voted(self, questionnaire: Questionnaire) -> bool:
        """Whether there is a ballot already; only a hint, the database decides when one is cast."""
        return Ballot.objects.filter(questionnaire=questionnaire, voter_key=self.key(questionnaire)).exists()


def voter_of(request: HttpRequest, visit: Visit) -> Voter | None:
    """By the link somebody came with, else by the cookie; None without either."""
    if visit.grant is not None:
        return Voter(visit.grant.source, visit.grant.identity, visit.grant.invitation)
    identity = read_voter(request)
    return Voter(Source.WEB, identity) if identity else None


def send(
    request: HttpRequest,
    visit: Visit,
    *,
    answers: dict[str, Any],
    thanks: str,
    voter: Voter | None = None,
    draft: Draft | None = None,
) -> HttpResponseBase:
    """Cast the ballot and lead to `thanks`. `answers` are given, profile and version of cast_ballot.

    Raises NoCookie, TooMany, and Changed and Unfit of cast_ballot: what to show then depends on the page.
    """
    questionnaire = visit.questionnaire
    voter = voter or voter_of(request, visit)
    if voter is None:
        if questionnaire.access == Access.ANYONE and CHECK not in request.GET:
            return _with_cookie(request)
        raise NoCookie
    if throttled(request, "vote"):
        raise TooMany
    ballot = {
        **answers, "voter_key": voter.key(questionnaire), "source": voter.source, "invitation": voter.invitation,
        "language": get_language() or "ar",
    }  # fmt: skip
    try:
        if draft is not None:
            finish(draft=draft, **ballot)
        else:
            cast_ballot(questionnaire=questionnaire, **ballot)
    except AlreadyVoted:
        return already(request, visit, source=voter.source)
    except NotOpen:
        questionnaire.refresh_from_db()
        return not_open(request, questionnaire)
    return see_other(thanks)


def _with_cookie(request: HttpRequest) -> HttpResponseBase:
    """Have the browser send the same again, with a cookie: 307 keeps method and content."""
    query = request.GET.copy()
    query[CHECK] = "1"
    response = redirect(f"{request.path}?{query.urlencode()}", preserve_request=True)
    set_voter(response, new_voter())
    return response


def see_other(url: str) -> HttpResponse:
    """Lead to a page that may be read again without sending again."""
    return HttpResponseRedirect(url, status=303)


def say_too_many(form: QuestionsForm) -> None:
    """Tell somebody whose network sends very much to wait."""
    message = _("Very many answers come from your network. Nothing you chose is lost: wait a little and send again.")
    form.add_error(None, message)
