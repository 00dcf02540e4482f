"""Is this account official? Whatever was typed is read and compared with the register; nothing is ever fetched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.social.models import Account
from participation.social.platforms import HOSTS, Platform, key_of, name_in_address, platform_of_host
from participation.social.states import State
from portal.digits import fold_digits, strip_bidi

LONGEST = 300
SHORTEST_FOR_NEAR = 4
"""Names below this length are near to very many others, so that nearness says nothing."""
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://|^[^\s/@]+\.[^\s/@.]{2,}(?:[/?#:]|$)", re.IGNORECASE)
_CONFUSED = str.maketrans(
    "абвеіјкмнорсԁѕтухһԛԝӏαβεικνορτυχ0135$|!9",
    "abbeijkmhopcdstyxhqwlabeiknoptuxolessllg",
)
"""Letters of other scripts and signs that look like a Latin letter, each with that letter."""
_TRIMMINGS = re.compile(r"^(?:the|real|official)|(?:official|support|help|team|service|oman|gov|om|رسمي|الرسمي|\d+)$")
"""What those who pass themselves off as somebody put before or after the name."""


class Answer(models.TextChoices):
    """What can be said about an account somebody asked for."""

    OFFICIAL = "official", _("Official")
    WAS = "was", _("No longer official")
    LOOKALIKE = "lookalike", _("Not official, but looks like an official one")
    UNKNOWN = "unknown", _("Not on the register")


@dataclass(frozen=True)
class Asked:
    """What was typed: the name as it is compared, and what an address says of its platform.

    `host` is that of an address; `platform` is empty for a bare name, and for a host that belongs to none.
    """

    text: str
    key: str = ""
    platform: str = ""
    host: str = ""

    @property
    def is_stranger(self) -> bool:
        """An address at a host that belongs to no platform we know."""
        return bool(self.host) and not self.platform


@dataclass(frozen=True)
class Found:
    """The answer, with the accounts it is about: the asked one, or those it resembles."""

    answer: Answer
    asked: Asked
    accounts: list[Account] = field(default_factory=list)


def read(typed: str) -> Asked:
    """What somebody typed or pasted: @name, name, or an address with or without https, www, m., tracking."""
    text = " ".join(strip_bidi(fold_digits(typed)).split()).strip("\"'<>«»“”.,؛;، ").lstrip("/")[:LONGEST]
    if not _is_address(text):
        return Asked(text, key_of(text.replace(" ", "") if text.startswith(("@", "\uff20")) else text))
    address = text.replace(" ", "")
    address = address if "://" in address else f"https://{address}"
    if _is_disguised(address):
        return Asked(text, key_of(address), host=text)
    host = _host(address)
    platform = platform_of_host(host)
    name = name_in_address(platform or Platform.OTHER, address)
    return Asked(text, name, platform, host or text)


def _is_address(text: str) -> bool:
    """Names have dots too: without "https", "www" or a path only a platform's own host makes it an address."""
    if not _ADDRESS.match(text):
        return False
    is_plain = "://" not in text and "/" not in text and not text.lower().startswith("www.")
    return not is_plain or bool(platform_of_host(_host(f"https://{text}")))


def _is_disguised(address: str) -> bool:
    """Whether browsers would open another host than the one that is read: "https://evil.example\\@x.com/ministry"."""
    authority = address.partition("://")[2].split("/", 1)[0]
    return "\\" in address or "@" in authority


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def recognise(typed: str) -> Found:
    """Compare what was typed with the register. One query."""
    asked = read(typed)
    register = list(Account.objects.exclude(state=State.PROPOSED).in_order())
    today = timezone.localdate()
    official = [row for row in register if row.state == State.LISTED and row.authorised_until >= today]
    if found := [row for row in official if _is_same(asked, row)]:
        return Found(Answer.OFFICIAL, asked, found)
    if found := [row for row in register if _is_same(asked, row)]:
        return Found(Answer.WAS, asked, _newest_first(found))
    if found := [row for row in official if _is_like(asked, row)]:
        return Found(Answer.LOOKALIKE, asked, found)
    return Found(Answer.UNKNOWN, asked)


def _newest_first(found: Iterable[Account]) -> list[Account]:
    return sorted(found, key=lambda row: row.official_until or timezone.localdate(), reverse=True)


def _keys(account: Account) -> set[str]:
    """A channel may be known by a code in its address and by another name to people."""
    return {account.handle_key, key_of(account.handle)}


def _is_same(asked: Asked, account: Account) -> bool:
    if not asked.key or (asked.host and asked.platform != _platform(account)):
        return False
    return asked.key in ({account.handle_key} if asked.host else _keys(account))


def _platform(account: Account) -> str:
    """An account of another platform is asked for by a host that belongs to none."""
    return "" if account.platform == Platform.OTHER else account.platform


def _is_like(asked: Asked, account: Account) -> bool:
    """The same name where the official account is not, or a name that the eye takes for it."""
    names = {key for key in _keys(account) if len(key) >= SHORTEST_FOR_NEAR}
    if asked.is_stranger:
        last = key_of(asked.key.rpartition("/")[2])
        return any(_is_near(last, name) for name in names) or _imitates_host(asked.host, account)
    return any(_is_near(asked.key, name) for name in names)


def _imitates_host(host: str, account: Account) -> bool:
    """A host made to look like the official account's own, such as x-com.example/… is not; xn--… and g00d.om are."""
    if account.platform in HOSTS:
        return False
    own = _host(account.address).removeprefix("www.")
    return host != own and _is_near(host.removeprefix("www."), own)


def _is_near(one: str, other: str) -> bool:
    if _bones(one) & _bones(other):
        return True
    return len(one) >= SHORTEST_FOR_NEAR and (
        is_one_edit_away(one, other) or is_one_edit_away(skeleton(one), skeleton(other))
    )


def _bones(name: str) -> set[str]:
    """The skeleton of a name, and that of its core where enough is left of it."""
    core = skeleton(_TRIMMINGS.sub("", re.sub(r"[._\-]", "", name)))
    return {skeleton(name)} | ({core} if len(core) >= SHORTEST_FOR_NEAR else set())


def skeleton(name: str) -> str:
    """What is left of a name for a hasty eye: marks, dots, lines and the choice between look-alikes are gone."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char) and char not in "._-· ")
    plain = plain.translate(_CONFUSED).replace("rn", "m").replace("vv", "w").replace("cl", "d")
    return plain.replace("i", "l")


def is_one_edit_away(one: str, other: str) -> bool:
    """Whether a single letter was changed, left out, added or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, char in enumerate(one) if char != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped
