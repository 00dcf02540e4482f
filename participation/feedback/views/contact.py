"""Contact us: the form and its confirmation."""

from __future__ import annotations

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
from participation.feedback.states import State
from portal.attachments.actions import discard
from portal.digits import isolate
from portal.encryption import UnreadableValue, decrypt, encrypt
from portal.http import public, public_form, throttled
from portal.organisations.models import Topic
from portal.references import secret_matches


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form. Sent well, it leads to the confirmation page; sent badly, it comes back with everything in it."""
    if request.method != "POST":
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
    return _send(request, form) if valid else _show(request, form)


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What the link that led here says of the message to come."""
    values = {name: request.GET.get(name, "") for name in ("kind", "topic")}
    if page := request.GET.get("page", "")[:200]:
        values["text"] = _("About the page %(page)s:") % {"page": page} + "\n\n"
    return values


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
    if not done.is_new:
        _discard_repeated(form)
    where = reverse("feedback:sent", args=[done.case.reference])
    return redirect(f"{where}?{urlencode({'key': encrypt(done.secret)})}")


def _discard_repeated(form: ContactForm) -> None:
    """The first sending kept its own copies of the files."""
    in_use = set(CaseAttachment.objects.filter(attachment__in=form.attachments).values_list("attachment", flat=True))
    for attachment in form.attachments:
        if attachment.pk not in in_use:
            discard(attachment)


def _show(request: HttpRequest, form: ContactForm, already: Case | None = None, status: int = 422) -> HttpResponse:
    guidance = [topic for topic in Topic.objects.active() if topic.guidance]
    context = {"form": form, "guidance": guidance, "already": already}
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
