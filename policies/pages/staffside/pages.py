"""The staff pages beside the form: a verb with its confirmation, the preview, the comparison."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.pages.access import granted, possible, visible_version
from policies.pages.actions.changing import Conflict
from policies.pages.actions.reviewing import NotReady, OwnWork
from policies.pages.comparing import comparison
from policies.pages.models import PolicyVersion
from policies.pages.reading import page_context
from policies.pages.staffside.late import too_late
from policies.pages.staffside.sealed import label_of, missing_words
from policies.pages.staffside.verb_forms import VerbForm
from policies.pages.staffside.verbs import ORDER, VERBS, Verb
from policies.pages.states import Stage
from policies.pages.twins import mismatches
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES, in_language, other_language

ACT = "policies/pages/desk/act.html"
PREVIEWS = [("ar", gettext_lazy("Preview in Arabic")), ("en", gettext_lazy("Preview in English"))]
NAMES = {"ar": "العربية", "en": "English"}


def panel(user: Any, version: PolicyVersion) -> dict[str, Any]:
    """What the form shows beside the fields: the buttons that would do something, what is wrong, the history."""
    verbs = possible(user, version)
    is_waiting = version.stage == Stage.IN_REVIEW
    return {
        "version": version,
        "verbs": [verb for verb in ORDER if verb.key in verbs],
        "events": list(AuditEvent.objects.about(version).select_related("actor")),
        "missing": missing_words(version),
        "mismatches": mismatches(version) if version.stage != Stage.APPROVED else [],
        "is_own_work": is_waiting and "approve" not in verbs and "return" in verbs,
    }


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponseBase:
    """Ask before doing what a button says, then do it. What is so already is left as it is."""
    version = visible_version(request.user, pk)
    if key not in VERBS:
        raise Http404
    if key not in granted(request.user, version):
        raise PermissionDenied
    verb = VERBS[key]
    if key not in possible(request.user, version):
        return _nothing_to_do(request, site, version)
    form = verb.form(version, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, site, verb, form, status=422 if form.is_bound else 200)
    try:
        done = verb.perform(version, request.user, form.cleaned_data)
    except NotReady as error:
        for problem in _problems(error):
            form.add_error(None, problem)
        return _ask(request, site, verb, form, status=422)
    except OwnWork:
        raise PermissionDenied from None
    except Conflict as error:
        messages.error(request, str(error.message))
        return _back(version)
    if not done:
        return _nothing_to_do(request, site, version)
    messages.success(request, str(verb.done))
    return _back(version)


def _problems(error: NotReady) -> list[str]:
    found = list(error.problems)
    if error.fields:
        fields = _(", ").join(str(label_of(f"{field}_{code}")) for field, code in error.fields)
        found.insert(0, _("Before it goes to review, write: %(fields)s.") % {"fields": fields})
    return found


def _nothing_to_do(request: HttpRequest, site: AdminSite, version: PolicyVersion) -> HttpResponse:
    if request.POST.get("remark", "").strip():
        return too_late(request, site, version)
    messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(version)


def _back(version: PolicyVersion) -> HttpResponse:
    return redirect("admin:pages_policyversion_change", version.pk)


def _ask(request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm, status: int) -> HttpResponse:
    version = form.version
    context = {
        **frame(request, site, version),
        "title": verb.label,
        "verb": verb,
        "form": form,
        "missing": missing_words(version) if verb.key == "submit" else [],
        "mismatches": mismatches(version) if verb.shows_changes else [],
        "readings": readings(version) if verb.shows_changes else [],
    }
    return render(request, ACT, context, status=status)


def frame(request: HttpRequest, site: AdminSite, version: PolicyVersion) -> dict[str, Any]:
    """What every page about a version needs."""
    return {
        **site.each_context(request),
        "opts": PolicyVersion._meta,
        "version": version,
        "preview_languages": PREVIEWS,
    }


def readings(version: PolicyVersion) -> list[dict[str, str]]:
    """What differs from the version in force, as readers of each language see it; nothing for the first."""
    current = PolicyVersion.objects.current().filter(policy=version.policy_id).select_related("policy").first()
    if current is None or current.number >= version.number:
        return []
    found = []
    for code in LANGUAGE_CODES:
        with in_language(code):
            html = render_to_string("policies/pages/differences.html", comparison(current, version))
        found.append({"code": code, "name": NAMES[code], "dir": "rtl" if code == "ar" else "ltr", "html": html})
    return found


def compare(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """The version beside the one in force, in both languages."""
    version = visible_version(request.user, pk)
    context = {**frame(request, site, version), "title": _("Compared with the version in force")}
    return render(request, "policies/pages/desk/compare.html", {**context, "readings": readings(version)})


def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The public page in one language, as it would look; nobody but staff can open it here."""
    version = visible_version(request.user, pk)
    if language not in LANGUAGE_CODES:
        raise Http404
    twin = other_language(language)
    with in_language(language):
        context = {
            **page_context(version),
            "is_preview": True,
            "missing": missing_words(version),
            "back_url": reverse("admin:pages_policyversion_change", args=[pk]),
            "portal": {"entity_name": settings.ENTITY_NAME[language]},
            "other_language": {
                "code": twin,
                "name": NAMES[twin],
                "url": reverse("admin:pages_policyversion_preview", args=[pk, twin]),
                "dir": "rtl" if twin == "ar" else "ltr",
            },
        }
        response = render(request, "policies/pages/policy.html", context)
    response.headers["Content-Language"] = language
    return response
