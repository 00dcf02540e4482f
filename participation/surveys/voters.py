"""Who is a voter: a browser, an address, an invitation or an answered case - never a person's name.

A voter key is made with BLIND_INDEX_KEY, which is never changed: with any other key, one who has voted could vote
again after it was changed.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from participation.surveys.kinds import Kind, Source
from participation.surveys.models import Invitation, Questionnaire
from portal.encryption import blind_index, normalise_email

GRANT_SALT = "surveys.grant"
GRANT_LIFETIME = timedelta(days=7)
"""For a mailed link; it ends earlier where the questionnaire closes."""
COOKIE_AGE = timedelta(days=730)
FAMILY = {Source.WEB: "browser", Source.MAIL: "address", Source.INVITATION: "address", Source.CASE: "case"}
"""Sources of one family are one voter: who was invited has no second vote through a mailed link."""


@dataclass(frozen=True)
class Grant:
    """What a link of ours opens: `identity` goes into the voter key."""

    source: str
    identity: str
    invitation_id: int | None = None

    @property
    def invitation(self) -> Invitation | None:
        """The invitation it came with, if it is still there."""
        return Invitation.objects.filter(pk=self.invitation_id).first() if self.invitation_id else None


def voter_key(questionnaire: Questionnaire, source: str, identity: str) -> str:
    """64 hexadecimal digits that tell one voter of one questionnaire from others, and link nothing beyond it.

    A browser or address may answer the satisfaction survey once a month; an answered case counts once for ever.
    """
    family = FAMILY[Source(source)]
    month = f"{timezone.localdate():%Y-%m}" if questionnaire.kind == Kind.SATISFACTION and family != "case" else ""
    return blind_index(f"surveys.ballot|{questionnaire.pk}|{family}|{month}|{identity}")


def cookie_name() -> str:
    """Name of the cookie by which a browser that voted is known again."""
    return "__Host-voter" if settings.HTTPS else "voter"


def new_voter() -> str:
    """A random id for a browser that has none. It tells nothing about anybody."""
    return secrets.token_urlsafe(18)


def read_voter(request: HttpRequest) -> str | None:
    """The id this browser sent back; None without the cookie, or where it was altered.

    A vote counts only with a cookie that came back: whoever refuses cookies gets a link by e-mail instead.
    """
    identity, _dot, mark = request.COOKIES.get(cookie_name(), "").rpartition(".")
    return identity if identity and constant_time_compare(mark, _mark(identity)) else None


def set_voter(response: HttpResponseBase, identity: str) -> None:
    """Give the browser its id. Only an answer to voting may do so; pages that are read set no cookie."""
    response.set_cookie(
        cookie_name(), voter_cookie(identity), max_age=int(COOKIE_AGE.total_seconds()), path="/",
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip


def voter_cookie(identity: str) -> str:
    """The signed value of the cookie."""
    return f"{identity}.{_mark(identity)}"


def _mark(identity: str) -> str:
    return blind_index(f"surveys.voter|{identity}")[:32]


def address_identity(email: str) -> str:
    """What an e-mail address is known by; it cannot be turned back."""
    return blind_index(normalise_email(email))


def mail_grant(questionnaire: Questionnaire, email: str) -> str:
    """A token for `?grant=`: one vote for whoever reads the mail of that address, within seven days."""
    until = timezone.now() + GRANT_LIFETIME
    return _grant(questionnaire, Source.MAIL, address_identity(email), int(until.timestamp()))


def invitation_grant(invitation: Invitation) -> str:
    """A token for `?grant=` of an invited person; it opens until the questionnaire closes."""
    return _grant(invitation.questionnaire, Source.INVITATION, invitation.email_index, 0, invitation.pk)


def _grant(questionnaire: Questionnaire, source: str, identity: str, until: int, invitation: int | None = None) -> str:
    return signing.dumps([questionnaire.pk, str(source), identity, until, invitation], salt=GRANT_SALT)


def read_grant(token: str, questionnaire: Questionnaire) -> Grant | None:
    """What a token opens in this questionnaire; None where it was altered, is too old, or belongs to another."""
    try:
        pk, source, identity, until, invitation = signing.loads(token, salt=GRANT_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if pk != questionnaire.pk or (until and until < time.time()):
        return None
    return Grant(source, identity, invitation)
