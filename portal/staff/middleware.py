"""The language of the staff site, which has no language prefix in its addresses."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class StaffLanguageMiddleware:
    """Under /admin/: `?language=`, else the member's own choice, else the cookie, else Arabic.

    The choice is a plain link, so that it works on the sign-in page too; it is kept with the member's account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        chosen = request.GET.get("language", "")
        chosen = chosen if chosen in dict(settings.LANGUAGES) else ""
        user = request.user
        kept = user.language if user.is_authenticated else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen or (kept if kept in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        if chosen and user.is_authenticated and user.language != chosen:
            get_user_model().objects.filter(pk=user.pk).update(language=chosen)
            user.language = chosen
        if chosen:  # the changelist takes any parameter it does not know for a filter
            query = request.GET.copy()
            del query["language"]
            request.GET = query  # type: ignore[assignment]
            request.META["QUERY_STRING"] = request.GET.urlencode()
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=365 * 86400,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
