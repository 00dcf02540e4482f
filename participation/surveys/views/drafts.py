"""Answering a survey page by page: nothing typed is lost, whatever button is pressed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from participation.surveys import mailed_links
from participation.surveys.actions.drafts import IDLE, draft_token, open_draft, read_draft, save_page
from participation.surveys.actions.voting import Changed, Unfit
from participation.surveys.answers import load_structure
from participation.surveys.forms import AddressForm
from participation.surveys.kinds import Access, Kind
from participation.surveys.models import Draft, Questionnaire
from participation.surveys.progress import Progress, Step
from participation.surveys.views.casting import NoCookie, TooMany, see_other, send
from participation.surveys.views.entrance import Visit, address, known, page, private, turned_away, visit_of
from participation.surveys.views.mailed import ask_for_address
from portal.http import public, public_form, throttled

View = Callable[..., HttpResponseBase]
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def with_draft(view: View) -> View:
    """Give the view the saved answers its token opens; they are nobody's to copy, and no search engine's."""

    @functools.wraps(view)
    def opened(request: HttpRequest, slug: str, token: str, **kwargs: Any) -> HttpResponseBase:
        questionnaire = known().filter(kind=Kind.SURVEY, slug=slug).first()
        if questionnaire is None:
            raise Http404
        draft = open_draft(token, questionnaire)
        visit = visit_of(request, questionnaire, token=draft.grant if draft else "")
        away = turned_away(request, visit)
        if away is None and draft is None:
            away = page(request, "no_draft", questionnaire, status=404, days=IDLE.days)
        return private(away) if away else private(view(request, visit, draft, **kwargs))  # type: ignore[arg-type]

    return opened


def where(draft: Draft, name: str, *more: int) -> str:
    """The address of a page of this draft."""
    return reverse(f"surveys:{name}", args=[draft.questionnaire.slug, draft_token(draft), *more])


def progress_of(questionnaire: Questionnaire, draft: Draft) -> Progress:
    """How far the draft has come."""
    return Progress(load_structure(questionnaire), read_draft(draft))


@public
@require_safe
@with_draft
def resume(request: HttpRequest, visit: Visit, draft: Draft) -> HttpResponseBase:
    """Go on where somebody left."""
    return _go_on(draft, progress_of(visit.questionnaire, draft))


def _go_on(draft: Draft, progress: Progress) -> HttpResponse:
    step = progress.unfinished
    return see_other(where(draft, "answer", step.number) if step else where(draft, "review"))


@public_form
@form_methods
@with_draft
def answer(request: HttpRequest, visit: Visit, draft: Draft, number: int) -> HttpResponseBase:
    """One page of questions. Whatever is sent is saved first, fit or not; then the button decides where to go."""
    progress = progress_of(visit.questionnaire, draft)
    step = progress.step(number)
    if step is None or _is_ahead(progress, step):
        return _go_on(draft, progress)
    if request.method != "POST":
        return _show(request, visit, draft, progress, step)
    action = request.POST.get("do", "next")
    sent = dict(request.POST.lists())
    if step.is_visited or action == "next":
        sent[step.mark] = ["1"]
    save_page(draft=draft, names=step.names, data=sent)
    saved = progress_of(visit.questionnaire, draft)
    return _after_saving(request, visit, draft, saved, saved.step(number) or step, action)


def _is_ahead(progress: Progress, step: Step) -> bool:
    """Whether pages before it are still to be answered: what it asks may depend on them."""
    first = progress.unfinished
    return first is not None and first.number < step.number


def _after_saving(
    request: HttpRequest, visit: Visit, draft: Draft, progress: Progress, step: Step, action: str
) -> HttpResponse:
    if action == "save":
        return see_other(where(draft, "saved"))
    if action == "back":
        before = progress.before(step)
        return see_other(where(draft, "answer", before.number) if before else where(draft, "answer", step.number))
    if not step.is_done:
        return _show(request, visit, draft, progress, step, status=422)
    after = progress.after(step)
    if "change" in request.GET or after is None:
        return _go_on(draft, progress)
    return see_other(where(draft, "answer", after.number))


def _show(
    request: HttpRequest, visit: Visit, draft: Draft, progress: Progress, step: Step, status: int = 200
) -> HttpResponse:
    context = {
        "form": step.form if step.is_visited else step.form.unchecked(),
        "step": step,
        "place": progress.place(step),
        "places": len(progress.steps),
        "before": progress.before(step),
        "is_change": "change" in request.GET,
    }
    return page(request, "answer", visit.questionnaire, status=status, **context)


@public_form
@form_methods
@with_draft
def saved(request: HttpRequest, visit: Visit, draft: Draft) -> HttpResponseBase:
    """The link to come back with, to be copied or sent to an address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if not throttled(request, "mail_link"):
                email = form.cleaned_data["email"]
                mailed_links.send_resume_link(draft=draft, email=email, language=get_language() or "ar")
                return see_other(f"{where(draft, 'saved')}?sent=1")
            form.add_error(None, _("Very many links were asked for from your network. Copy the link instead."))
            status = 429
    context = {
        "form": form,
        "link": request.build_absolute_uri(where(draft, "resume")),
        "resume_url": where(draft, "resume"),
        "was_sent": "sent" in request.GET and not form.is_bound,
        "days": IDLE.days,
    }
    return page(request, "saved", visit.questionnaire, status=status, **context)


@public_form
@form_methods
@with_draft
def review(request: HttpRequest, visit: Visit, draft: Draft) -> HttpResponseBase:
    """All answers to read over, then to send."""
    progress = progress_of(visit.questionnaire, draft)
    if progress.unfinished:
        return _go_on(draft, progress)
    if request.method != "POST":
        return _review(request, visit, draft, progress)
    answers = {"given": progress.given, "profile": progress.profile, "version": _version(request)}
    thanks = f"{address(visit.questionnaire, 'thanks/')}{_with_grant(visit)}"
    try:
        return send(request, visit, answers=answers, thanks=thanks, draft=draft)
    except Changed:
        visit.questionnaire.refresh_from_db()
        problem = _("The questions were changed while you were answering. Read your answers over, then send them.")
    except Unfit as error:
        empty = [one.words for one in error.problems if one.code == "empty"]
        problem = (empty or [_("Some answers do not fit the questions any more. Change them, then send.")])[0]
    except NoCookie:
        return ask_for_address(request, visit.questionnaire, typed={}, draft=draft_token(draft))
    except TooMany:
        problem = _("Very many answers come from your network. Yours are saved: wait a little and send them again.")
        return _review(request, visit, draft, progress, status=429, problem=problem)
    progress = progress_of(visit.questionnaire, draft)
    return _review(request, visit, draft, progress, status=409, problem=problem)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _with_grant(visit: Visit) -> str:
    return f"?{urlencode({'grant': visit.token})}" if visit.questionnaire.access == Access.INVITED else ""


def _review(
    request: HttpRequest, visit: Visit, draft: Draft, progress: Progress, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "steps": [(step, where(draft, "answer", step.number)) for step in progress.steps],
        "version": progress.structure.version,
        "problem": problem,
        "saved_url": where(draft, "saved"),
    }
    return page(request, "review", visit.questionnaire, status=status, **context)
