"""The home page and the well-known files."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.bilingual import LANGUAGE_CODES
from portal.home import teasers
from portal.http import public


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Arabic first; the choice is a link on every page, never guessed from the browser."""
    return HttpResponseRedirect("/ar/")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "kinds": teasers.message_kinds(),
        "polls": teasers.open_polls(),
        "surveys": teasers.open_surveys(),
        "news": teasers.newest("news", 3),
        "outcomes": teasers.newest("outcomes", 3),
    }
    return render(request, "home/home.html", context)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ["/admin/", *(f"/{code}/{page}/" for code in LANGUAGE_CODES for page in ("track", "search"))]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness of the portal."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: ar, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
