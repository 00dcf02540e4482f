"""The site map: for people as a page, for search engines as /sitemap.xml with both languages of every page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal import site_map
from portal.bilingual import LANGUAGE_CODES, bare_path, in_language
from portal.http import public
from portal.site_map import Page, Section

SHOWN = 30
"""Pages below another that the site map for people shows; the page above them leads to the rest."""
MOST_PAGES = 20_000
"""Pages in one file for search engines, each with its two languages; 50,000 addresses are allowed."""


def own_pages() -> Iterator[Page]:
    """The pages of no area in particular."""
    for title, name in [
        (_("Home"), "home:home"),
        (_("Take part"), "home:participation"),
        (_("Contact us"), "feedback:contact"),
        (_("Follow up a message"), "feedback:track"),
        (_("Service levels kept"), "feedback:performance"),
        (_("Feeds and letters"), "feeds:list"),
        (_("Search"), "home:search"),
        (_("Help"), "home:help"),
        (_("Site map"), "home:sitemap"),
    ]:
        yield Page(title, bare_path(reverse(name)))


SECTION = Section(key="portal", title=gettext_lazy("The portal"), pages=own_pages, position=10)


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every section with its pages."""
    sections = [
        {"title": section.title, "pages": list(map(_shown, section.pages()))} for section in site_map.sections()
    ]
    return render(request, "home/site_map.html", {"sections": [shown for shown in sections if shown["pages"]]})


def _shown(page: Page) -> dict[str, Any]:
    """A page and the first of those below it, with how many more there are."""
    below = list(map(_shown, page.children[:SHOWN]))
    return {"title": page.title, "path": page.path, "below": below, "more": len(page.children) - len(below)}


@public
@require_safe
def xml(request: HttpRequest) -> HttpResponse:
    """Every page, or where they are too many for one file, the files that hold them."""
    pages = _every_page()
    parts = max(1, -(-len(pages) // MOST_PAGES))
    part = request.GET.get("part", "")
    if parts > 1 and not part:
        context: dict[str, Any] = {"parts": [f"{settings.SITE_URL}/sitemap.xml?part={n}" for n in range(1, parts + 1)]}
        return _answer(request, "home/sitemap_index.xml", context)
    if part and part not in map(str, range(1, parts + 1)):
        raise Http404
    first = (int(part or 1) - 1) * MOST_PAGES
    return _answer(request, "home/sitemap.xml", {"pages": map(_twins, islice(pages, first, first + MOST_PAGES))})


def _every_page() -> list[Page]:
    """Each address once, a page before those below it."""
    with in_language(settings.LANGUAGE_CODE):
        found = [page for section in site_map.sections() for page in _with_children(section.pages())]
    return list({page.path: page for page in reversed(found)}.values())[::-1]


def _with_children(pages: Iterable[Page]) -> Iterator[Page]:
    for page in pages:
        yield page
        yield from _with_children(page.children)


def _twins(page: Page) -> dict[str, Any]:
    addresses = [(code, f"{settings.SITE_URL}/{code}{page.path}") for code in LANGUAGE_CODES]
    return {"addresses": addresses, "default": addresses[0][1], "updated_at": page.updated_at}


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
