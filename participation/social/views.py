"""Public pages: the register, the check, and the register for machines."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participation.social import showing
from participation.social.forms import CheckForm
from participation.social.models import Account
from participation.social.recognising import Found, recognise
from portal.http import public


@public
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The official accounts by organisation and platform, and what is official no more."""
    official = list(Account.objects.official().in_order())
    groups = [(body, list(rows)) for body, rows in groupby(official, key=lambda row: row.organisation)]
    context = {
        "groups": groups,
        "gone": Account.objects.no_longer_official().in_order(),
        "form": CheckForm(),
        "breadcrumbs": [_take_part()],
    }
    return render(request, "participation/social/list.html", context)


@public
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What the register says about an account. The answer is worked out from what was typed alone."""
    form = CheckForm(request.GET) if "q" in request.GET else CheckForm()
    context: dict[str, Any] = {"form": form, "breadcrumbs": [_take_part(), _register()]}
    if form.is_bound and form.is_valid():
        found = recognise(form.cleaned_data["q"])
        context |= {"found": found, "impersonation_url": _report(found)}
    response = render(request, "participation/social/check.html", context)
    if form.is_bound:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@public
@require_safe
def accounts_json(request: HttpRequest) -> HttpResponse:
    """The register for programs."""
    response = JsonResponse(showing.for_machines(), json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-cache"  # who was taken off is off at once
    return response


def _report(found: Found) -> str:
    """Contact us, with what was asked for in the text."""
    text = _("An account that passes itself off as an official one: %(account)s") % {"account": found.asked.text}
    return f"{reverse('feedback:contact')}?{urlencode({'kind': 'complaint', 'text': text})}"


def _take_part() -> dict[str, str]:
    return {"label": _("Take part"), "url": reverse("home:participation")}


def _register() -> dict[str, str]:
    return {"label": _("Official social-media accounts"), "url": reverse("social:list")}
