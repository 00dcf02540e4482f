"""What every web-facing module needs: who may enter, the client's address, throttles, headers."""

from __future__ import annotations

import functools
import ipaddress
import logging
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language_from_path
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Declare that anyone may open this address. A test walks the URLconf and wants each view declared."""
    view.audience = "public"  # type: ignore[attr-defined]
    return view


def public_form(view: View) -> View:
    """Declare an address with a form that anyone may send, with or without cookies.

    Django's CSRF token needs a cookie, and refusing cookies must lock nobody out. Such a form acts on no
    session, so there is no authority to borrow; a browser that says it comes from another site is still refused.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and _comes_from_elsewhere(request):
            return render(request, "errors/csrf.html", status=403)
        return view(request, *args, **kwargs)

    return public(csrf_exempt(guarded))


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return bool(origin) and origin != "null" and urlsplit(origin).netloc != request.get_host()


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: the rightmost X-Forwarded-For entry that is not one of TRUSTED_PROXIES.

    The header is believed only when the connection itself comes from a trusted proxy, and only up to the
    first entry that is no address. Empty when the server was reached without one, as over a Unix socket.
    """
    address = _address(request.META.get("REMOTE_ADDR", ""))
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _is_trusted(address) or (named := _address(hop)) is None:
            break
        address = named
    return str(address or "")


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _address(text: str) -> Address | None:
    """Read an address. Some proxies add the port; an IPv6 socket shows IPv4 visitors as ::ffff:192.0.2.1."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address | None) -> bool:
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@functools.lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text.strip(), strict=False) for text in texts]


def throttled(request: HttpRequest, name: str) -> bool:
    """Count one attempt of `name` from this address; True once settings.THROTTLES[name] is exceeded.

    Without a cache nobody is throttled: an outage of the cache must not silence citizens.
    """
    limit, window = settings.THROTTLES[name]
    key = f"throttle:{name}:{client_ip(request)}:{int(time.time() // window)}"
    try:
        return _count(key, window) > limit
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("throttle unavailable: %s", type(error).__name__)
        return False


def _count(key: str, window: int) -> int:
    """Add one to a counter that goes away after `window` seconds, in one round trip."""
    commands = _redis(settings.CACHES["default"]["LOCATION"]).pipeline()
    commands.set(key, 0, ex=window, nx=True)
    commands.incr(key)
    return int(commands.execute()[1])


@functools.lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, **settings.CACHES["default"]["OPTIONS"])


def too_many(request: HttpRequest) -> HttpResponse:
    """The page for a visitor who has to wait."""
    return render(request, "errors/429.html", status=429)


class SecurityHeadersMiddleware:
    """Headers Django does not know: cross-origin isolation and a short permissions policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Access-Control-Allow-Origin") == "*" and not get_language_from_path(request.path):
            self._without_language(response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    @staticmethod
    def _without_language(response: HttpResponse) -> None:
        """What programs read holds both languages, or neither; Django's middleware cannot know."""
        if response.headers.get("Vary") == "Accept-Language":
            del response.headers["Vary"]
        if response.headers.get("Content-Language") in dict(settings.LANGUAGES):
            del response.headers["Content-Language"]


class WithoutNulMiddleware:
    """PostgreSQL holds no NUL character: in queries another one stands for it, and no address has it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "%EF%BF%BD")
        request.path_info = request.path_info.replace("\0", "\ufffd")
        return self.get_response(request)


class WithoutTokens(logging.Filter):
    """Takes the tokens that open a case, saved answers or a subscription out of logged addresses."""

    secret = re.compile(
        r"(/track/|/answer/|/feeds/(?:confirm|subscription|unsubscribe)/|[?&](?:key|grant|of)=)[^/\s&\"]+"
    )

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self.secret.search(message):
            record.msg, record.args = self.secret.sub(r"\1...", message), ()
        return True
