"""A single-use link by e-mail, for whoever keeps no cookies or shares a browser."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participation.surveys import letters, mailed_links
from participation.surveys.actions.drafts import open_draft
from participation.surveys.answering import vote_form
from participation.surveys.forms import AddressForm
from participation.surveys.kinds import Access, Kind
from participation.surveys.models import Questionnaire
from participation.surveys.speaking import Said, spoken
from participation.surveys.views.entrance import Visit, page, standing, visiting
from portal.http import View, public_form, throttled


def _link(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Ask for the address, then write to it. Whether a letter went out before is told to nobody."""
    questionnaire = visit.questionnaire
    if questionnaire.access != Access.ANYONE:
        raise Http404
    if request.method != "POST":
        return page(request, "link", questionnaire, form=AddressForm())
    typed = {name: values for name, values in request.POST.lists() if name not in AddressForm.base_fields}
    form = AddressForm(request.POST)
    if not form.is_valid():
        return ask_for_address(request, questionnaire, typed=typed, form=form)
    if throttled(request, "mail_link"):
        form.add_error(
            None, _("Very many links were asked for from your network. Wait an hour, then ask again, or call us.")
        )
        return ask_for_address(request, questionnaire, typed=typed, form=form, status=429)
    draft = open_draft(form.cleaned_data["draft"], questionnaire)
    address = {"email": form.cleaned_data["email"], "language": get_language() or "ar"}
    if draft is not None:
        mailed_links.send_voting_link(draft=draft, **address)
    else:
        letters.mail_link(questionnaire=questionnaire, **address)
    return page(request, "link_sent", questionnaire, chosen=_chosen(questionnaire, typed), has_draft=draft is not None)


def ask_for_address(
    request: HttpRequest,
    questionnaire: Questionnaire,
    *,
    typed: dict[str, list[str]],
    form: AddressForm | None = None,
    draft: str = "",
    status: int = 422,
) -> HttpResponse:
    """The browser keeps no cookie: offer a link. What was chosen stays on the page, and goes nowhere else."""
    context: dict[str, Any] = {
        "form": form or AddressForm(initial={"draft": draft}),
        "kept": [(name, value) for name, values in typed.items() for value in values],
        "chosen": _chosen(questionnaire, typed),
        "without_cookie": form is None,
    }
    return page(request, "link", questionnaire, status=status, **context)


def _chosen(questionnaire: Questionnaire, typed: dict[str, list[str]]) -> list[Said]:
    """What was chosen in a questionnaire of one page, in words. Of a survey the saved answers are kept."""
    if questionnaire.kind == Kind.SURVEY or not typed:
        return []
    form = vote_form(questionnaire, data=MultiValueDict(typed))
    form.is_valid()
    return [said for said in spoken(form.asked.values(), form.given()) if said.lines]


def _of_kind(kind: Kind, **options: Any) -> View:
    return public_form(require_http_methods(["GET", "HEAD", "POST"])(visiting(kind, **options)(_link)))


poll_link = _of_kind(Kind.POLL)
survey_link = _of_kind(Kind.SURVEY)
satisfaction_link = _of_kind(Kind.SATISFACTION, find=standing)
