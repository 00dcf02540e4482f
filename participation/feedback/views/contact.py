"""Contact us: the form and its confirmation."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.feedback import links
from participation.feedback.actions.intake import AlreadySent, submit_case
from participation.feedback.forms import ContactForm
from participation.feedback.models import Case, CaseAttachment
from participation.feedback.pages import read_page
from participation.feedback.states import Kind, State
from participation.feedback.tokens import read_form_token
from portal.attachments.actions import discard
from portal.digits import isolate
from portal.encryption import UnreadableValue, decrypt
from portal.forms import clean_text
from portal.http import public, public_form, throttled
from portal.organisations.models import Topic
from portal.references import secret_matches
from portal.search.suggestions import Suggestion, suggest
from portal.tasks import nudge

logger = logging.getLogger(__name__)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form. Sent well, it leads to the confirmation page; sent badly, it comes back with everything in it."""
    if request.method != "POST":
        if "answered" in request.GET:
            return render(request, "participation/feedback/answered.html")
        if request.GET.get("kind") == Kind.BARRIER:
            page = urlencode({"page": request.GET.get("page", "")[:200]})
            return redirect(f"{reverse('accessibility:report')}?{page}")
        return _show(request, ContactForm(initial=_prefilled(request)))
    form = ContactForm(request.POST, request.FILES)
    valid = form.is_valid()
    if throttled(request, "flood"):
        form.add_error(
            None,
            _("Very many messages come from your network. Nothing you wrote is lost: wait a little and send again."),
        )
        return _show(request, form, status=429)
    form.receive_files()
    if request.POST.get("do") == "answered":
        return _answered(form)
    if not valid:
        return _show(request, form)
    if found := _suggestions(form):
        form.remember_shown([suggestion.url for suggestion in found])
        return _show(request, form, suggestions=found, status=200)
    return _send(request, form)


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What the link that led here says of the message to come."""
    values = {name: request.GET.get(name, "") for name in ("kind", "topic")}
    values["text"] = clean_text(request.GET.get("text", "")[:1000])
    if page := request.GET.get("page", "")[:200]:
        values["text"] = _("About the page %(page)s:") % {"page": page} + "\n\n"
        values["page"] = read_page(page)
    return values


def _suggestions(form: ContactForm) -> list[Suggestion]:
    """Published answers to what is asked, shown once before it is sent. They never stand in the way of sending."""
    if not form.asks or Case.objects.filter(form_token=form.form_token.text).exists():
        return []
    try:
        found = suggest(form.cleaned_data["text"])
    except Exception as error:  # whatever fails in an area that has answers, the message is sent
        logger.warning("no suggestions: %s", type(error).__name__)
        return []
    if found:
        _tell(form, "suggested", [suggestion.url for suggestion in found])
    return found


def _tell(form: ContactForm, outcome: str, paths: list[str]) -> None:
    """Whoever suggested these answers counts what became of them; what was written is not passed on."""
    token = read_form_token(form.data.get("token", ""))
    if paths and token is not None:
        nudge("suggestions.used", outcome, paths, token.text)


def _answered(form: ContactForm) -> HttpResponse:
    """An answer shown above the form was enough: nothing is stored, and files already received go."""
    _discard_repeated(form)
    _tell(form, "answered", form.shown())
    return redirect(f"{reverse('feedback:contact')}?answered=yes")


def _send(request: HttpRequest, form: ContactForm) -> HttpResponse:
    try:
        done = submit_case(
            entry=form.entry(),
            form_token=form.form_token.text,
            suspicion=form.suspicion(many=throttled(request, "submit")),
            uploads=form.attachments,
        )
    except AlreadySent as error:
        form.add_error(
            None,
            _("You sent us this already today. Its reference is %(reference)s.")
            % {"reference": isolate(error.case.reference)},
        )
        return _show(request, form, already=error.case)
    if done.is_new:
        _tell(form, "sent", form.shown())
    else:
        _discard_repeated(form)
    return redirect(links.confirmation_url(done.case, done.secret))


def _discard_repeated(form: ContactForm) -> None:
    """The first sending kept its own copies of the files."""
    in_use = set(CaseAttachment.objects.filter(attachment__in=form.attachments).values_list("attachment", flat=True))
    for attachment in form.attachments:
        if attachment.pk not in in_use:
            discard(attachment)


def _show(
    request: HttpRequest,
    form: ContactForm,
    *,
    already: Case | None = None,
    suggestions: Sequence[Suggestion] = (),
    status: int = 422,
) -> HttpResponse:
    guidance = [topic for topic in Topic.objects.active() if topic.guidance]
    context = {"form": form, "guidance": guidance, "already": already, "suggestions": suggestions}
    return render(request, "participation/feedback/contact.html", context, status=status if form.is_bound else 200)


@public
@never_cache
@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """What to keep and what happens next. The key in the address is the tracking secret, encrypted."""
    case = Case.objects.select_related("topic", "unit").filter(reference=reference).first()
    secret = _secret(request.GET.get("key", ""))
    if case is None or not secret_matches(secret, case.secret_hash):
        raise Http404
    context = {
        "case": case,
        "secret": secret,
        "is_held": case.state == State.SUSPECTED,
        "tracking_token": links.tracking_token(case, links.AFTER_LOOKUP),
    }
    return render(request, "participation/feedback/sent.html", context)


def _secret(key: str) -> str:
    try:
        return decrypt(key)
    except (UnreadableValue, InvalidToken, UnicodeEncodeError):
        return ""
