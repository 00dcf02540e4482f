"""The platforms, the hosts that belong to each, and what an address there says about the account."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Platform(models.TextChoices):
    """Where an account is."""

    X = "x", _("X")
    INSTAGRAM = "instagram", _("Instagram")
    FACEBOOK = "facebook", _("Facebook")
    YOUTUBE = "youtube", _("YouTube")
    TIKTOK = "tiktok", _("TikTok")
    LINKEDIN = "linkedin", _("LinkedIn")
    SNAPCHAT = "snapchat", _("Snapchat")
    WHATSAPP = "whatsapp", _("WhatsApp channel")
    TELEGRAM = "telegram", _("Telegram")
    OTHER = "other", pgettext_lazy("platform", "Another platform")


HOSTS: dict[str, tuple[str, ...]] = {
    Platform.X: ("x.com", "twitter.com"),
    Platform.INSTAGRAM: ("instagram.com", "instagr.am"),
    Platform.FACEBOOK: ("facebook.com", "fb.com", "fb.me"),
    Platform.YOUTUBE: ("youtube.com",),
    Platform.TIKTOK: ("tiktok.com",),
    Platform.LINKEDIN: ("linkedin.com",),
    Platform.SNAPCHAT: ("snapchat.com",),
    Platform.WHATSAPP: ("whatsapp.com",),
    Platform.TELEGRAM: ("t.me", "telegram.me", "telegram.dog"),
}
"""The hosts of each platform; those below them (m.facebook.com) belong to it as well."""

_NOT_A_NAME = frozenset(
    "intent share sharer sharer.php i hashtag search home explore p reel reels stories tv watch playlist shorts feed "
    "posts login about help privacy settings events groups photo photo.php video videos story.php dialog plugins "
    "joinchat addstickers spotlight t lens discover shareArticle".lower().split()
)
_PREFIXES: dict[str, tuple[str, ...]] = {
    Platform.YOUTUBE: ("c", "user", "channel"),
    Platform.LINKEDIN: ("company", "in", "school", "showcase"),
    Platform.SNAPCHAT: ("add",),
    Platform.WHATSAPP: ("channel",),
    Platform.TELEGRAM: ("s",),
}
"""What stands in a path before the name; elsewhere the name comes first."""
_MUST_HAVE_PREFIX = (Platform.LINKEDIN, Platform.WHATSAPP)
_APART: dict[str, tuple[str, ...]] = {Platform.YOUTUBE: ("c", "user"), Platform.LINKEDIN: ("in", "school", "showcase")}
"""Names that were given apart from the usual ones: linkedin.com/in/ministry is not linkedin.com/company/ministry."""


def platform_of_host(host: str) -> str:
    """The platform a host belongs to; empty where none."""
    host = host.lower().rstrip(".")
    for platform, hosts in HOSTS.items():
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            return platform
    return ""


def name_in_address(platform: str, address: str) -> str:
    """The name of the account an address leads to, as it is compared; empty where the address names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if platform == Platform.OTHER:
        return key_of(f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/"))
    return key_of(_readers().get(platform, _first_segment)(platform, parts))


def key_of(name: str) -> str:
    """A name as it is compared: without "@" and spaces round it, in lower case."""
    return name.strip().lstrip("@\uff20").strip().rstrip("/").lower()


def _readers() -> dict[str, Callable[[str, SplitResult], str]]:
    return {Platform.FACEBOOK: _facebook, Platform.X: _x}


def _segments(parts: SplitResult) -> list[str]:
    return [unquote(segment) for segment in parts.path.split("/") if segment]


def _first_segment(platform: str, parts: SplitResult) -> str:
    segments = _segments(parts)
    prefixes = _PREFIXES.get(platform, ())
    if len(segments) > 1 and (before := segments[0].lower()) in prefixes:
        return f"{before}/{segments[1]}" if before in _APART.get(platform, ()) else segments[1]
    if not segments or platform in _MUST_HAVE_PREFIX:
        return ""
    name = segments[0]
    return "" if name.lower() in _NOT_A_NAME or name.lower() in prefixes else name


def _x(platform: str, parts: SplitResult) -> str:
    """Links that offer to follow somebody name the account in their query; elsewhere the query says nothing."""
    if _segments(parts)[:1] == ["intent"]:
        return parse_qs(parts.query).get("screen_name", [""])[0]
    return _first_segment(platform, parts)


def _facebook(platform: str, parts: SplitResult) -> str:
    """A page without a name of its own has a number; the words before it are anybody's choice."""
    segments = _segments(parts)
    if segments and segments[0].lower() == "profile.php":
        return parse_qs(parts.query).get("id", [""])[0]
    if len(segments) > 2 and segments[0].lower() == "pages":
        return segments[-1]
    if len(segments) > 1 and segments[0].lower() in ("p", "people"):
        return segments[-1]
    return _first_segment(platform, parts)


@dataclass(frozen=True)
class HostRule:
    """For the database: a regular expression that every address of a platform fits."""

    platform: str
    pattern: str


def host_rules() -> list[HostRule]:
    """One rule for each platform whose hosts are known; any other has to be https at least."""
    return [
        HostRule(platform, rf"^https://([a-z0-9-]+\.)*({'|'.join(map(re.escape, hosts))})/[^\s]+$")
        for platform, hosts in HOSTS.items()
    ]
