"""Following a case: finding it by its reference, reading it, answering back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.feedback import links
from participation.feedback.actions import citizen
from participation.feedback.actions.moving import Conflict
from participation.feedback.forms import AnswerForm, NotSolvedForm, RatingForm
from participation.feedback.models import Case
from participation.feedback.states import State
from portal.attachments.models import Attachment
from portal.attachments.views import serve
from portal.clocks.explanation import explain_clock
from portal.clocks.models import Clock, Metric
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.http import public, public_form, throttled, too_many
from portal.references import secret_matches
from portal.satisfaction import Answered, satisfaction_token
from portal.tracking import TrackForm

ANSWERED = (State.ANSWERED, State.CLOSED)
NOBODY = "0" * 64


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for a case. A reference that does not exist and a wrong proof get the same answer after the same work."""
    if request.method != "POST":
        return render(
            request,
            "participation/feedback/track.html",
            {
                "form": TrackForm(initial={"reference": request.GET.get("reference", "")}),
                "is_repeated": "repeated" in request.GET,
            },
        )
    if throttled(request, "lookup"):
        return too_many(request)
    form = TrackForm(request.POST)
    if form.is_valid():
        case = _find(form.cleaned_data["reference"], form.cleaned_data["proof"])
        if case is not None:
            return redirect("feedback:case", token=links.tracking_token(case, links.AFTER_LOOKUP))
        form.add_error(
            None,
            _("No message fits this reference together with this code, e-mail or telephone. Check both and try again."),
        )
    return render(request, "participation/feedback/track.html", {"form": form}, status=422)


def _find(reference: str, proof: str) -> Case | None:
    case = Case.objects.filter(reference=reference).first()
    email, phone = blind_index(normalise_email(proof)), blind_index(normalise_phone(proof))
    matches = [
        secret_matches(proof, case.secret_hash if case else NOBODY),
        # An empty index says that no such contact was left; it must never equal another empty one.
        bool(email) and constant_time_compare(email, case.email_index if case else NOBODY),
        bool(phone) and constant_time_compare(phone, case.phone_index if case else NOBODY),
    ]
    return case if any(matches) else None


def opened(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the case its token opens; a token that opens nothing leads to the tracking form."""

    def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        case = links.case_of(token)
        if case is None:
            return render(request, "participation/feedback/expired.html", status=404)
        response = view(request, case, token, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@public_form
@opened
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    """The case as its sender sees it. Opening the page changes nothing: mail scanners open every link."""
    if request.method != "POST":
        return _show(request, case, token)
    if throttled(request, "reply"):
        return too_many(request)
    handler = {"answer": _answer, "not_solved": _not_solved, "rate": _rate, "withdraw": _withdraw}.get(
        request.POST.get("do", "")
    )
    if handler is None:
        raise Http404
    try:
        return handler(request, case, token)
    except Conflict:
        case.refresh_from_db()
        return _show(
            request,
            case,
            token,
            status=409,
            notice=_("This is no longer possible: the state of your message has changed. See below."),
        )


def _answer(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    form = AnswerForm(request.POST, request.FILES)
    valid = form.is_valid()
    form.receive_files()
    if not valid:
        return _show(request, case, token, answer=form)
    citizen.hear_citizen(
        case=case, text=form.cleaned_data["text"], form_token=form.form_token.text, uploads=form.attachments
    )
    return _back(token, "heard")


def _not_solved(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    form = NotSolvedForm(request.POST)
    if not form.is_valid():
        return _show(request, case, token, not_solved=form)
    citizen.reopen_case(case=case, text=form.cleaned_data["text"])
    return _back(token, "reopened")


def _rate(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _show(request, case, token, rating=form)
    citizen.rate_case(case=case, score=form.cleaned_data["score"], comment=form.cleaned_data["comment"])
    return _back(token, "rated")


def _withdraw(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    citizen.withdraw_case(case=case)
    return _back(token, "withdrawn")


def _back(token: str, done: str) -> HttpResponse:
    response = redirect("feedback:case", token=token)
    response.headers["Location"] += f"?done={done}"
    return response


def _done(request: HttpRequest) -> str:
    return {
        "heard": _("Your message was added. The unit sees it now."),
        "reopened": _("Thank you for telling us. Your message went back to the unit, under the same reference."),
        "rated": _("Thank you. Your rating helps us to answer better."),
        "withdrawn": _("Your message was withdrawn. Nobody works on it any more."),
    }.get(request.GET.get("done", ""), "")


def _show(
    request: HttpRequest, case: Case, token: str, *, status: int = 422, notice: str = "", **forms: Any
) -> HttpResponse:
    failed = next(iter(forms.values()), None)
    promised = _promise(case)
    context = {
        "case": case,
        "token": token,
        "notice": notice,
        "done": "" if notice or failed else _done(request),
        "messages_shown": case.messages.filter(is_internal=False).prefetch_related("attachments__attachment"),
        "first_files": case.attachments.filter(message=None).select_related("attachment"),
        "referral": case.referrals.select_related("authority").last(),
        "promise": promised,
        "form": failed,
        "answer_form": forms.get("answer") or AnswerForm(),
        "not_solved_form": forms.get("not_solved") or NotSolvedForm(),
        "rating_form": forms.get("rating") or RatingForm(),
        "may_answer": case.is_unfinished,
        "may_reopen": case.state in ANSWERED and case.reopened_at is None and case.unit_id is not None,
        "may_rate": case.state in ANSWERED and not case.ratings.filter(cycle=case.cycle).exists(),
        "satisfaction_url": _satisfaction_url(case) if case.state in ANSWERED else "",
    }
    return render(request, "participation/feedback/case.html", context, status=status if failed or notice else 200)


def _satisfaction_url(case: Case) -> str:
    """The satisfaction survey about the service as a whole; what it is told of the case is who answered."""
    of = satisfaction_token(Answered(Case._meta.label_lower, case.pk, case.cycle, case.unit_id))
    return f"{reverse('surveys:satisfaction')}?{urlencode({'of': of})}"


def _promise(case: Case) -> Clock | None:
    """The promise the citizen was told of: the first reply of this cycle, else the resolution."""
    clocks = Clock.objects.about("feedback.case", case.pk).filter(cycle=case.cycle)
    found = {clock.metric: clock for clock in clocks.exclude(metric=Metric.ACKNOWLEDGE)}
    first = found.get(Metric.FIRST_REPLY)
    return first if first is not None and first.is_open else found.get(Metric.RESOLUTION, first)


@public
@opened
@require_safe
def due(request: HttpRequest, case: Case, token: str) -> HttpResponseBase:
    """Why it is due then: every hour counted, every closure and pause skipped."""
    clock = _promise(case)
    if clock is None:
        raise Http404
    context = {"case": case, "token": token, "clock": clock, "rows": explain_clock(clock)}
    return render(request, "participation/feedback/due.html", context)


@public
@opened
@require_safe
def file(request: HttpRequest, case: Case, token: str, public_id: uuid.UUID) -> HttpResponseBase:
    """A file of the sender's own case; files of internal notes are not hers to read."""
    attachment = get_object_or_404(Attachment, public_id=public_id)
    shown = case.attachments.filter(attachment=attachment).exclude(message__is_internal=True)
    if not shown.exists():
        raise Http404
    return serve(attachment)
