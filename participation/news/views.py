"""Public pages: the list of announcements, one announcement, its image."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from participation.news.listing import listing
from participation.news.models import Announcement
from participation.news.showing import PAGE, image_response, page_context
from participation.news.states import State
from portal.http import public

ASK_FIRST = "public, no-cache"
"""Copies are asked about each time: what was taken down must be gone at once, and a copy still valid costs nothing."""


@public
@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    return render(request, "participation/news/list.html", listing(request.GET))


@public
@require_safe
def announcement(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; of what was taken down only that it was, and when."""
    found = _published(slug)
    if found.state == State.HIDDEN:
        response = render(request, "participation/news/taken_down.html", {"when": found.hidden_at}, status=410)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response
    response = render(request, PAGE, page_context(found))
    patch_cache_control(response, public=True, no_cache=True)
    return response


@public
@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The image, as long as the announcement is shown."""
    found = _published(slug)
    if found.state == State.HIDDEN:
        return HttpResponse(status=410, headers={"Cache-Control": "no-store"})
    return image_response(request, found, caching=ASK_FIRST)


def _published(slug: str) -> Announcement:
    """What the public has or had at this address; a draft or what is scheduled answers like nothing at all."""
    rows = Announcement.objects.filter(publish_at__lte=timezone.now())
    found = rows.select_related("topic", "unit__organisation", "image").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
