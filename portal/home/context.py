"""What every page shows: navigation, the other language's address, the operator. Asks neither user nor session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.bilingual import other_language
from portal.home.operator import hours_in_words


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template; see the comment at its top. Empty under /admin/, which has its own."""
    if request.path_info.startswith("/admin/"):
        return {"other_language": _staff_language(request), "SITE_URL": settings.SITE_URL}
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "other_language": _twin(request, language),
        "page_useful_url": f"{reverse('feedback:contact')}?{urlencode({'kind': 'comment', 'page': request.path})}",
        "home_url": reverse("home:home"),
        "search_url": reverse("home:search"),
        "footer_links": _footer(),
        "navigation": _navigation(request),
        "portal": {
            "url": settings.SITE_URL,
            "name": _("Musharaka"),
            "entity_name": settings.ENTITY_NAME[language],
            "call_centre": settings.CALL_CENTRE,
            "hours": hours_in_words,
        },
    }


def _path_in(code: str, path: str) -> str:
    """The same page in another language: only the prefix differs."""
    _empty, prefix, rest = path.split("/", 2) if path.count("/") > 1 else ("", "", "")
    return f"/{code}/{rest}" if prefix in dict(settings.LANGUAGES) else f"/{code}/"


def _twin(request: HttpRequest, language: str) -> dict[str, str]:
    code = other_language(language)
    query = request.META.get("QUERY_STRING", "")
    url = _path_in(code, request.path) + (f"?{query}" if query else "")
    return {
        "code": code,
        "name": {"ar": "العربية", "en": "English"}[code],
        "url": url,
        "dir": {"ar": "rtl", "en": "ltr"}[code],
    }


def _staff_language(request: HttpRequest) -> dict[str, str]:
    code = other_language(get_language() or settings.LANGUAGE_CODE)
    query = request.GET.copy()
    query["language"] = code
    return {
        "code": code,
        "name": {"ar": "العربية", "en": "English"}[code],
        "url": f"{request.path}?{query.urlencode()}",
    }


def _footer() -> list[dict[str, Any]]:
    take_part = [
        ("surveys:polls", _("Polls")),
        ("surveys:surveys", _("Surveys")),
        ("surveys:satisfaction", _("Satisfaction survey")),
        ("feedback:contact", _("Contact us")),
        ("feedback:track", _("Follow up a message")),
        ("outcomes:list", _("You asked, we did")),
    ]
    know = [
        ("services:list", _("Government services")),
        ("faq:list", _("Frequently asked questions")),
        ("feedback:performance", _("Service levels kept")),
        ("assessment:index", _("E-transformation")),
        ("social:list", _("Social media accounts")),
        ("feeds:list", _("Feeds and letters")),
    ]
    data = [
        ("catalogue:list", _("Datasets")),
        ("inventory:list", _("Data inventory")),
        ("data_requests:list", _("Requests for data")),
        ("inventory:agencies", _("Duties of agencies")),
    ]
    about = [
        ("pages:list", _("Policies")),
        ("accessibility:statement", _("Accessibility")),
        ("accessibility:display", _("Display preferences")),
        ("home:help", _("Help")),
        ("home:sitemap", _("Site map")),
    ]
    policies = [("privacy", _("Privacy")), ("terms", _("Terms of use"))]
    below = [{"label": label, "url": reverse("pages:policy", args=[slug])} for slug, label in policies]
    return [
        {"title": _("Take part"), "links": _links(take_part)},
        {"title": _("Good to know"), "links": _links(know)},
        {"title": _("Open data"), "links": _links(data)},
        {"title": _("About the portal"), "links": _links(about) + below},
    ]


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    entries = [
        ("home:home", _("Home")),
        ("home:participation", _("Take part")),
        ("feedback:contact", _("Contact us")),
        ("feedback:track", _("Follow up")),
        ("news:list", _("News")),
        ("catalogue:list", _("Open data")),
        ("faq:list", _("FAQ")),
    ]
    links = _links(entries)
    for link in links:
        below = link["url"] != reverse("home:home") and request.path.startswith(link["url"])
        link["current"] = below or request.path == link["url"]
    return links


def _links(entries: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(name)} for name, label in entries]
