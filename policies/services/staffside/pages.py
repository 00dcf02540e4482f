"""The staff pages beside the form: a verb with its confirmation, and the preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.services.access import may_publish, possible, visible_service
from policies.services.actions import publishing
from policies.services.actions.changing import Conflict
from policies.services.actions.writing import TEXT_COLUMNS
from policies.services.completeness import REQUIRED
from policies.services.models import Service
from policies.services.reading import PAGE, page_context
from policies.services.staffside.conflicts import version_in
from policies.services.staffside.sealed import label_of
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES, in_language, other_language

ACT = "policies/services/desk/act.html"
PREVIEWS = [("ar", gettext_lazy("Preview in Arabic")), ("en", gettext_lazy("Preview in English"))]
NAMES = {"ar": "العربية", "en": "English"}


@dataclass(frozen=True)
class Verb:
    """A button: its words, what is said before and after, and the action behind it."""

    key: str
    label: Any
    hint: Any
    done: Any
    perform: Callable[..., bool]
    is_grave: bool = False


ORDER = [
    Verb(
        "publish",
        gettext_lazy("Publish"),
        gettext_lazy("Read the preview in both languages first. Its address then stays for ever."),
        gettext_lazy("The service is in the public directory."),
        publishing.publish_service,
    ),
    Verb(
        "review",
        gettext_lazy("Confirm that it is right"),
        gettext_lazy("Everything it says was checked today: time, fee, documents and steps. Everybody reads the day."),
        gettext_lazy("The day of the review is shown."),
        publishing.review_service,
    ),
    Verb(
        "withdraw",
        gettext_lazy("Withdraw"),
        gettext_lazy("It leaves the directory and the search at once. Its address says that it is no longer offered."),
        gettext_lazy("The service is no longer in the directory."),
        publishing.withdraw_service,
        is_grave=True,
    ),
]
VERBS = {verb.key: verb for verb in ORDER}
READ_FIRST = ("publish", "review")
"""What is said of the text as it was read, and of no later one."""


def panel(user: Any, service: Service) -> dict[str, Any]:
    """What the form shows beside the fields: the buttons that would do something, the gaps, the history."""
    verbs = possible(user, service)
    return {
        "service": service,
        "verbs": [verb for verb in ORDER if verb.key in verbs],
        "gaps": [REQUIRED[key].label for key in service.gaps()],
        "events": list(AuditEvent.objects.about(service).select_related("actor")),
        "missing": missing_words(service),
        "waits_for_another": "publish" not in verbs and may_publish(user, service) and service.state != "published",
    }


def missing_words(service: Service) -> list[Any]:
    """The texts that still have to be written, in words."""
    return [label_of(f"{field}_{code}") for field, code in service.missing()]


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponseBase:
    """Ask before doing what a button says, then do it. What is so already is left as it is."""
    service = visible_service(request.user, pk)
    if key not in VERBS:
        raise Http404
    if not may_publish(request.user, service):
        raise PermissionDenied
    verb = VERBS[key]
    if request.method != "POST":
        return _ask(request, site, verb, service)
    more: dict[str, Any] = {}
    if key in READ_FIRST:
        more["version"] = version_in(request.POST.get("version", ""))
    try:
        done = verb.perform(service=service, by=request.user, **more)
    except publishing.NotReady as error:
        return _ask(request, site, verb, service, problem=_problem(error))
    except Conflict as error:
        messages.error(request, str(error.message))
        return _back(service)
    if done:
        messages.success(request, str(verb.done))
    else:
        messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(service)


def too_late(request: HttpRequest, site: AdminSite, service: Service) -> HttpResponse:
    """Somebody typed for a service they may no longer change: nothing is stored, and nothing typed is lost."""
    typed = [
        {"label": label_of(name), "language": name[-2:], "text": text}
        for name in TEXT_COLUMNS
        if (text := request.POST.get(name, "").strip())
    ]
    context = {
        **site.each_context(request),
        "title": _("Nothing was saved"),
        "opts": Service._meta,
        "service": service,
        "typed": typed,
    }
    return render(request, "policies/services/desk/too_late.html", context, status=409)


def _problem(error: publishing.NotReady) -> str:
    fields = _(", ").join(str(label_of(f"{field}_{code}")) for field, code in error.fields)
    return {
        "own": _("You wrote this text, or part of it: somebody else has to publish it."),
        "missing": _("Before it is published, write: %(fields)s.") % {"fields": fields},
        "lists": _("These lists have different numbers of items: %(fields)s.") % {"fields": fields},
        "choices": _("Before it is published, choose who may use it and through which channels."),
        "online": _("A link and the channels “Website” or “App” belong together: complete or remove them."),
    }[error.problem]


def _back(service: Service) -> HttpResponse:
    return redirect("admin:services_service_change", service.pk)


def _ask(request: HttpRequest, site: AdminSite, verb: Verb, service: Service, problem: str = "") -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": verb.label,
        "opts": Service._meta,
        "service": service,
        "verb": verb,
        "preview_languages": PREVIEWS,
        "problem": problem,
        "gaps": [REQUIRED[key].label for key in service.gaps()],
    }
    return render(request, ACT, context, status=422 if problem else 200)


def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The public page in one language, as it would look; nobody but staff can open it here."""
    service = visible_service(request.user, pk)
    if language not in LANGUAGE_CODES:
        raise Http404
    twin = other_language(language)
    with in_language(language):
        context = {
            **page_context(service),
            "is_preview": True,
            "missing": missing_words(service),
            "back_url": reverse("admin:services_service_change", args=[pk]),
            "portal": {"entity_name": settings.ENTITY_NAME[language]},
            "other_language": {
                "code": twin,
                "name": NAMES[twin],
                "url": reverse("admin:services_service_preview", args=[pk, twin]),
                "dir": "rtl" if twin == "ar" else "ltr",
            },
        }
        response = render(request, PAGE, context)
    response.headers["Content-Language"] = language
    return response
