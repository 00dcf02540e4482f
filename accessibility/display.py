"""How pages look to one person: contrast, text size, spacing, motion, links, colours - without an account.

What was chosen is kept in one cookie, which exists only while something other than the standard is chosen. It holds a
digit for each preference, the place of the choice in its list; anything else in it is ignored as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.bilingual import bare_path
from portal.cookies import Cookie
from portal.forms import PortalForm
from portal.http import public_form

AGE = timedelta(days=365)


@dataclass(frozen=True)
class Preference:
    """Something one can choose. The first choice is the standard; each has a key, its words, and a class of <html>."""

    name: str
    label: Any
    choices: tuple[tuple[str, Any, str], ...]
    hint: Any = ""


PREFERENCES = (
    Preference(
        "contrast",
        _("Contrast"),
        (("standard", _("Standard"), ""), ("high", _("High: black and white, strong lines"), "contrast-high")),
    ),
    Preference(
        "scheme",
        _("Colours"),
        (
            ("system", _("As your device is set"), ""),
            ("light", _("Light: dark text on a light page"), "scheme-light"),
            ("dark", _("Dark: light text on a dark page"), "scheme-dark"),
        ),
    ),
    Preference(
        "size",
        _("Text size"),
        (
            ("100", _("Standard"), ""),
            ("125", _("Larger: 125%"), "text-125"),
            ("150", _("Largest: 150%"), "text-150"),
        ),
        _("It comes on top of the size your browser uses."),
    ),
    Preference(
        "spacing",
        _("Spacing"),
        (("standard", _("Standard"), ""), ("wide", _("Wide: more room between lines and words"), "spacing-wide")),
    ),
    Preference(
        "links",
        _("Links"),
        (("standard", _("Standard"), ""), ("underlined", _("Every link underlined"), "links-underlined")),
    ),
    Preference(
        "motion",
        _("Motion"),
        (("system", _("As your device is set"), ""), ("reduced", _("Nothing moves or fades"), "motion-reduced")),
    ),
)
COOKIE = Cookie(
    name="display",
    purpose=_("Keeps how you want pages to look: contrast, colours, text size, spacing, links, motion."),
    set_when=_("When you save display preferences; it goes when you return to the standard."),
    lasts=_("One year"),
)


def cookie_name() -> str:
    """Name of the cookie, as it is sent."""
    return f"__Host-{COOKIE.name}" if settings.HTTPS else COOKIE.name


def chosen(request: HttpRequest) -> dict[str, str]:
    """The key chosen for each preference; all standard without a cookie, or with one that is not ours."""
    digits = request.COOKIES.get(cookie_name(), "")
    places = [int(digit) for digit in digits] if digits.isascii() and digits.isdigit() else []
    fits = len(places) == len(PREFERENCES) and all(
        place < len(preference.choices) for place, preference in zip(places, PREFERENCES, strict=True)
    )
    if not fits:
        places = [0] * len(PREFERENCES)
    return {
        preference.name: preference.choices[place][0]
        for place, preference in zip(places, PREFERENCES, strict=True)
    }  # fmt: skip


def written(choices: dict[str, str]) -> str:
    """What the cookie holds for these choices; empty where all are standard."""
    places = [[key for key, *_rest in one.choices].index(choices[one.name]) for one in PREFERENCES]
    return "".join(str(place) for place in places) if any(places) else ""


def classes(choices: dict[str, str]) -> str:
    """The classes of <html> for these choices."""
    found = (style for one in PREFERENCES for key, _words, style in one.choices if key == choices[one.name])
    return " ".join(filter(None, found))


def display_classes(request: HttpRequest) -> dict[str, str]:
    """Context of every public page: `display`, the classes of <html>; empty for nearly everybody."""
    is_staff_side = request.path_info.startswith("/admin/")
    return {"display": "" if is_staff_side else classes(chosen(request))}


class DisplayMiddleware:
    """Tells caches that a public page depends on the cookie: visitors without any share one copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path_info.startswith("/admin/"):
            patch_vary_headers(response, ["Cookie"])
            if written(chosen(request)) and "no-store" not in response.headers.get("Cache-Control", ""):
                patch_cache_control(response, private=True)
        return response


class DisplayForm(PortalForm):
    """One group of choices for each preference."""

    back = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for preference in PREFERENCES:
            self.fields[preference.name] = forms.ChoiceField(
                label=preference.label,
                help_text=preference.hint,
                choices=[(key, words) for key, words, _style in preference.choices],
                widget=forms.RadioSelect,
            )

    def choices(self) -> dict[str, str]:
        """What was chosen, valid."""
        return {one.name: self.cleaned_data[one.name] for one in PREFERENCES}


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose how pages look; saved, it leads back to the page one came from."""
    if request.method != "POST":
        return _show(request, DisplayForm(initial={**chosen(request), "back": _came_from(request)}))
    if request.POST.get("do") == "standard":
        return _keep(_back(request.POST.get("back", ""), "standard"), "")
    form = DisplayForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    return _keep(_back(form.cleaned_data["back"], "saved"), written(form.choices()))


def _show(request: HttpRequest, form: DisplayForm, status: int = 200) -> HttpResponse:
    context = {
        "breadcrumbs": [{"label": _("Accessibility"), "url": reverse("accessibility:statement")}],
        "form": form,
        "done": request.GET.get("done", "") if not form.is_bound else "",
        "is_standard": not written(chosen(request)),
    }
    return render(request, "accessibility/display.html", context, status=status)


def _came_from(request: HttpRequest) -> str:
    """Address of the page whose link led here: named by the link, or told by the browser."""
    if back := request.GET.get("back", ""):
        return back
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _keep(response: HttpResponse, value: str) -> HttpResponse:
    """Set the cookie, or take it away where everything is standard."""
    if not value:
        response.delete_cookie(cookie_name(), samesite="Lax")
        return response
    response.set_cookie(cookie_name(), value, max_age=AGE, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def _back(path: str, done: str) -> HttpResponse:
    """To a page of this portal, in the language of this one, or to the preferences, which then say that it is done."""
    own = reverse("accessibility:display")
    path = f"/{get_language()}{bare_path(path)}" if path.startswith("/") else ""
    if _is_public(path) and not path.startswith(own):
        return redirect(path)
    return redirect(f"{own}?{urlencode({'done': done})}")


def _is_public(path: str) -> bool:
    """Whether it is the path of a public page of the portal; what names a host, hidden or not, is none."""
    if not path or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    try:
        found = resolve(path.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    return getattr(found.func, "audience", "") == "public"
