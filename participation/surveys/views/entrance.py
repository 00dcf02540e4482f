"""Who may come in: finds the questionnaire of an address, and shows what to do instead where no answers are taken.

Nothing here asks who is signed in: staff see public pages as everybody does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from participation.surveys.kinds import Access, Kind, Phase, Source, State
from participation.surveys.models import Questionnaire
from participation.surveys.voters import Grant, read_grant
from portal.agenda import outcomes_of

STATUS = {Phase.WITHDRAWN: 410}


@dataclass
class Visit:
    """Somebody at the door of an open questionnaire, perhaps with a link of ours."""

    questionnaire: Questionnaire
    token: str = ""
    """What `?grant=` carried."""
    grant: Grant | None = None


View = Callable[..., HttpResponseBase]


def visiting(kind: Kind, find: Callable[..., Questionnaire | None] | None = None) -> Callable[[View], View]:
    """Give the view a Visit in place of the slug; the visitor sees another page where no answers are taken now."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def entered(request: HttpRequest, slug: str = "", **kwargs: Any) -> HttpResponseBase:
            questionnaire = (find or _by_slug)(kind, slug)
            if questionnaire is None:
                raise Http404
            visit = visit_of(request, questionnaire)
            thanking = "voted" in request.GET
            return turned_away(request, visit, thanking=thanking) or view(request, visit, **kwargs)

        return entered

    return decorate


def known() -> Any:
    """Every questionnaire whose address exists; drafts have none yet."""
    return Questionnaire.objects.exclude(state=State.DRAFT).select_related("unit__organisation", "on_behalf_of")


def _by_slug(kind: Kind, slug: str) -> Questionnaire | None:
    found: Questionnaire | None = known().filter(kind=kind, slug=slug).first()
    return found


def standing(kind: Kind, slug: str) -> Questionnaire | None:
    """The satisfaction survey: the one that is open, else the latest there was."""
    rows = known().filter(kind=Kind.SATISFACTION)
    found: Questionnaire | None = rows.open().first() or rows.order_by("-opens_at").first()
    return found


def visit_of(request: HttpRequest, questionnaire: Questionnaire, token: str = "") -> Visit:
    """Who is at the door; `token` counts where the address carries no `?grant=`."""
    token = request.GET.get("grant", "") or token
    return Visit(questionnaire, token, read_grant(token, questionnaire) if token else None)


def turned_away(request: HttpRequest, visit: Visit, *, thanking: bool = False) -> HttpResponse | None:
    """The page for whoever cannot answer now; None for whoever can. `thanking`: who has just answered may read on."""
    questionnaire = visit.questionnaire
    invited = visit.grant is not None and visit.grant.source == Source.INVITATION
    if questionnaire.state == State.WITHDRAWN:
        return not_open(request, questionnaire)
    phase = questionnaire.phase()
    if questionnaire.access == Access.INVITED and not invited and phase != Phase.PUBLISHED:
        return by_invitation(request, is_expired=bool(visit.token))
    if phase != Phase.OPEN:
        return not_open(request, questionnaire)
    if visit.token and visit.grant is None:
        return page(request, "expired_link", questionnaire, status=404)
    if invited and not thanking and (invitation := visit.grant.invitation) and invitation.used_on:  # type: ignore[union-attr]
        return already(request, visit, status=200)
    return None


def not_open(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Not open yet, being counted, over, or withdrawn. Whoever tried to send something is told it was not stored."""
    phase = questionnaire.phase()
    tried = request.method == "POST"
    status = STATUS.get(phase, 409 if tried else 200)
    outcome = outcomes_of([questionnaire.path]).get(questionnaire.path) if phase == Phase.PUBLISHED else None
    context = {"phase": phase, "tried": tried, "outcome": outcome, "days_closed": days_since_closing(questionnaire)}
    return page(request, "not_open", questionnaire, status=status, **context)


def days_since_closing(questionnaire: Questionnaire) -> int:
    """Whole days since it closed, by the calendar."""
    if questionnaire.closes_at is None:
        return 0
    return max(0, (timezone.localdate() - timezone.localdate(questionnaire.closes_at)).days)


def by_invitation(request: HttpRequest, *, is_expired: bool) -> HttpResponse:
    """Nothing is told of a questionnaire to whom it was not sent."""
    context = {"is_expired": is_expired}
    return private(render(request, "participation/surveys/by_invitation.html", context, status=403))


def already(request: HttpRequest, visit: Visit, *, source: str = Source.WEB, status: int = 409) -> HttpResponse:
    """Whoever has voted is thanked, and told when the results come; nothing was stored."""
    source = visit.grant.source if visit.grant else source
    may_ask_for_link = source == Source.WEB and visit.questionnaire.access == Access.ANYONE
    return page(
        request, "already", visit.questionnaire, status=status, source=source, may_ask_for_link=may_ask_for_link
    )


def page(
    request: HttpRequest, name: str, questionnaire: Questionnaire, *, status: int = 200, **context: Any
) -> HttpResponse:
    """One of the pages about a questionnaire."""
    context |= {
        "questionnaire": questionnaire,
        "held_by": questionnaire.on_behalf_of or questionnaire.unit.organisation,
        "page_url": address(questionnaire),
        "link_url": address(questionnaire, "link/"),
        "results_url": f"/{get_language()}{questionnaire.results_path}",
    }
    response = render(request, f"participation/surveys/{name}.html", context, status=status)
    return private(response) if request.method == "POST" or "grant" in request.GET else response


def private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps a copy of what one visitor was shown, and no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def address(questionnaire: Questionnaire, end: str = "") -> str:
    """The address of the questionnaire, or of a page below it, in the language of the page."""
    return f"/{get_language()}{questionnaire.path}{end}"
