"""The search of the whole portal."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.digits import fold_digits
from portal.forms import clean_text
from portal.http import public
from portal.search import registry
from portal.search.asking import LONGEST_QUESTION
from portal.search.query import MOST_PAGES, PAGE_SIZE, Found, TooSlow, did_you_mean, search


@public
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What fits `?q=`, of one `kind` or of all; without a question, where to go instead."""
    query = clean_text(request.GET.get("q", ""), lines=False).strip()[:LONGEST_QUESTION]
    context: dict[str, Any] = {"query": query, "longest": LONGEST_QUESTION}
    if not query:
        return render(request, "home/search.html", {**context, "suggestions": _suggestions()})
    try:
        context |= _found(request, query)
    except TooSlow:
        context["is_too_slow"] = True
    return render(request, "home/search.html", context, status=503 if "is_too_slow" in context else 200)


def _found(request: HttpRequest, query: str) -> dict[str, Any]:
    language = get_language() or "ar"
    found = search(query, language=language, kind=request.GET.get("kind", ""), number=_number(request))
    if found.results:
        return {"found": found, "page": _page(found), "filters": _filters(query, found)}
    elsewhere = found.counts and found.kind and not found.total
    better = None if found.counts else did_you_mean(query, language=language)
    return {
        "found": found,
        "filters": _filters(query, found) if elsewhere else [],
        "better": better,
        "better_url": _address(better) if better else "",
        "ask_url": f"{reverse('feedback:contact')}?{urlencode({'kind': 'inquiry', 'text': query})}",
        "suggestions": _suggestions(),
    }


def _number(request: HttpRequest) -> int:
    """Which page of results is asked for; the first where that is no number."""
    typed = fold_digits(request.GET.get("page", ""))
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1


def _page(found: Found) -> Page[Any]:
    """For the links to the other pages."""
    return Paginator(range(min(found.total, PAGE_SIZE * MOST_PAGES)), PAGE_SIZE).get_page(found.number)


def _address(query: str, kind: str = "") -> str:
    return f"{reverse('home:search')}?{urlencode({'q': query} | ({'kind': kind} if kind else {}))}"


def _filters(query: str, found: Found) -> list[dict[str, Any]]:
    """The kinds that have something, and the one that was chosen; none where there is nothing to choose."""
    if len(found.counts) < 2 and not found.kind:
        return []
    everything = {"label": _("Everything"), "url": _address(query), "count": sum(found.counts.values()),
                  "current": not found.kind}  # fmt: skip
    return [everything] + [
        {
            "label": source.label,
            "url": _address(query, source.kind),
            "count": found.counts.get(source.kind, 0),
            "current": source.kind == found.kind,
        }
        for source in registry.sources()
        if source.kind in found.counts or source.kind == found.kind
    ]


def _suggestions() -> list[dict[str, Any]]:
    """Where most of what people look for is, as plain links."""
    pages = [(source.label, f"/{get_language()}{source.page}") for source in registry.sources() if source.page]
    others = [(_("Help"), "home:help"), (_("Site map"), "home:sitemap"), (_("Contact us"), "feedback:contact")]
    return [
        {"label": label, "url": url} for label, url in [*pages, *((label, reverse(name)) for label, name in others)]
    ]
