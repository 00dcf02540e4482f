"""What the public page shows; the preview in the staff site shows the same before publication."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response

from participation.news.images import FORMATS
from participation.news.models import Announcement
from portal.attachments.models import State
from portal.richtext import to_html

PAGE = "participation/news/announcement.html"


def page_context(announcement: Announcement, image_url: str = "") -> dict[str, Any]:
    """The context of the page in the active language. `image_url`: from where, if not from the public address."""
    return {
        "announcement": announcement,
        "body": to_html(announcement.body),
        "image_url": image_url or reverse("news:image", args=[announcement.slug]),
        "last_updated": announcement.revised_at or announcement.publish_at,
    }


def image_response(request: HttpRequest, announcement: Announcement, caching: str) -> HttpResponseBase:
    """The image to be shown in a page, with `caching` as its Cache-Control; 404 where there is none to show.

    Call it only after deciding that the reader may have it.
    """
    image = announcement.image
    if image is None or image.state != State.CLEAN or image.content_type not in FORMATS:
        raise Http404
    try:
        with image.stored.open("rb") as content:
            response = HttpResponse(content.read(), content_type=image.content_type)
    except FileNotFoundError:
        raise Http404 from None
    response.headers["ETag"] = etag = f'"{image.sha256}"'
    response.headers["Cache-Control"] = caching
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return get_conditional_response(request, etag=etag, response=response) or response
