"""The staff pages beside the form: a verb with its confirmation, the preview, the image."""

from __future__ import annotations

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

from participation.news.access import granted, possible, visible_announcement
from participation.news.actions.changing import Conflict
from participation.news.actions.publishing import NotReady
from participation.news.models import Announcement
from participation.news.showing import PAGE, image_response, page_context
from participation.news.staffside.sealed import label_of
from participation.news.staffside.too_late import too_late, typed_in
from participation.news.staffside.verb_forms import VerbForm
from participation.news.staffside.verbs import ORDER, VERBS, Verb
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES, in_language, other_language

ACT = "participation/news/desk/act.html"
PRIVATE = "private, no-store"
PREVIEWS = [("ar", gettext_lazy("Preview in Arabic")), ("en", gettext_lazy("Preview in English"))]
NAMES = {"ar": "العربية", "en": "English"}


def panel(user: Any, announcement: Announcement) -> dict[str, Any]:
    """What the form shows beside the fields: the buttons that would do something, and the history."""
    verbs = possible(user, announcement)
    return {
        "announcement": announcement,
        "verbs": [verb for verb in ORDER if verb.key in verbs],
        "events": list(AuditEvent.objects.about(announcement).select_related("actor")),
        "missing": missing_words(announcement),
    }


def missing_words(announcement: Announcement) -> list[Any]:
    """The texts that still have to be written, in words."""
    return [label_of(f"{field}_{code}") for field, code in announcement.missing()]


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponseBase:
    """Ask before doing what a button says, then do it. What is so already is left as it is."""
    announcement = visible_announcement(request.user, pk)
    if key not in VERBS:
        raise Http404
    if key not in granted(request.user, announcement):
        raise PermissionDenied
    verb = VERBS[key]
    if key not in possible(request.user, announcement):
        return _nothing_to_do(request, site, announcement)
    form = verb.form(announcement, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, site, verb, form, status=422 if form.is_bound else 200)
    try:
        done = verb.perform(announcement, request.user, form.cleaned_data)
    except NotReady as error:
        form.add_error(None, _problem(error))
        return _ask(request, site, verb, form, status=422)
    except Conflict as error:
        if typed_in(request):
            return too_late(request, site, announcement)
        messages.error(request, str(error.message))
        return _back(announcement)
    if not done:
        return _nothing_to_do(request, site, announcement)
    messages.success(request, str(verb.done))
    return _back(announcement)


def _problem(error: NotReady) -> str:
    if error.problem == "expires":
        return _("It would no longer be current when it appears. Change “current until” first.")
    fields = _(", ").join(str(label_of(f"{field}_{code}")) for field, code in error.fields)
    return _("Before it is published, write: %(fields)s.") % {"fields": fields}


def _nothing_to_do(request: HttpRequest, site: AdminSite, announcement: Announcement) -> HttpResponse:
    if typed_in(request):
        return too_late(request, site, announcement)
    messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(announcement)


def _back(announcement: Announcement) -> HttpResponse:
    return redirect("admin:news_announcement_change", announcement.pk)


def _ask(request: HttpRequest, site: AdminSite, verb: Verb, form: VerbForm, status: int) -> HttpResponse:
    announcement = form.announcement
    context = {
        **site.each_context(request),
        "title": verb.label,
        "opts": Announcement._meta,
        "announcement": announcement,
        "verb": verb,
        "preview_languages": PREVIEWS,
        "form": form,
        "missing": missing_words(announcement) if verb.key == "publish" else [],
    }
    return render(request, ACT, context, status=status)


def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The public page in one language, as it would look; nobody but staff can open it here."""
    announcement = visible_announcement(request.user, pk)
    if language not in LANGUAGE_CODES:
        raise Http404
    twin = other_language(language)
    with in_language(language):
        context = {
            **page_context(announcement, reverse("admin:news_announcement_image", args=[pk])),
            "is_preview": True,
            "missing": missing_words(announcement),
            "back_url": reverse("admin:news_announcement_change", args=[pk]),
            "portal": {"entity_name": settings.ENTITY_NAME[language]},
            "other_language": {
                "code": twin,
                "name": NAMES[twin],
                "url": reverse("admin:news_announcement_preview", args=[pk, twin]),
                "dir": "rtl" if twin == "ar" else "ltr",
            },
        }
        response = render(request, PAGE, context)
    response.headers["Content-Language"] = language
    return response


def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The image for the preview and the review, whatever the announcement's state."""
    return image_response(request, visible_announcement(request.user, pk), caching=PRIVATE)
