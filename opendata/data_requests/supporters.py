"""Who supports a request: a browser, known by a cookie it gets when it supports one, and never a person's name."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.models import DataRequest
from portal.cookies import Cookie
from portal.encryption import blind_index

AGE = 730 * 86400
COOKIE = Cookie(
    "supporter",
    _("Lets each browser support a request for data once, without asking who you are."),
    _("When you support a request for data, never before."),
    _("two years"),
)


def cookie_name() -> str:
    """Name of the cookie by which a browser that supported is known again."""
    return f"__Host-{COOKIE.name}" if settings.HTTPS else COOKIE.name


def read_supporter(request: HttpRequest) -> str | None:
    """The id this browser sent back; None without the cookie, or where it was altered.

    A support counts only with a cookie that came back: otherwise every sending would count as another browser.
    """
    identity, _dot, mark = request.COOKIES.get(cookie_name(), "").rpartition(".")
    return identity if identity and constant_time_compare(mark, _mark(identity)) else None


def set_supporter(response: HttpResponseBase) -> None:
    """Give the browser a random id that tells nothing about anybody."""
    identity = secrets.token_urlsafe(18)
    response.set_cookie(cookie_name(), f"{identity}.{_mark(identity)}", max_age=AGE, path="/", secure=settings.HTTPS,
                        httponly=True, samesite="Lax")  # fmt: skip


def support_key(asked: DataRequest, identity: str) -> str:
    """64 hexadecimal digits that tell one supporter of one request from others, and link nothing beyond it."""
    return blind_index(f"data_requests.support|{asked.pk}|{identity}")


def _mark(identity: str) -> str:
    return blind_index(f"data_requests.supporter|{identity}")[:32]
