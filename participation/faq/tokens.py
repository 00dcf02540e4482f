"""What tells one reading of a page from another, so that an opinion counts once however often it is sent."""

from __future__ import annotations

import secrets

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from participation.faq.models import Entry
from portal.http import client_ip

READING_SALT = "faq.reading"
VOTE_SALT = "faq.vote"


def new_reading(entry: Entry) -> str:
    """A token for a freshly shown page."""
    return signing.dumps([entry.pk, secrets.token_hex(8)], salt=READING_SALT)


def vote_key(request: HttpRequest, entry: Entry, reading: str) -> str | None:
    """The key under which an opinion of this reading counts; None where the token was not made for this entry.

    The visitor's address goes into it, unreadably, so that a page kept by a cache does not make its readers one.
    """
    try:
        content = signing.loads(reading, salt=READING_SALT)
    except signing.BadSignature:
        return None
    if content[0] != entry.pk:
        return None
    return salted_hmac(VOTE_SALT, f"{reading}|{client_ip(request)}", algorithm="sha256").hexdigest()


def sign_vote(key: str) -> str:
    """A token by which the reader may say why."""
    return signing.dumps(key, salt=VOTE_SALT)


def read_vote(signed: str) -> str | None:
    """The key in a token of `sign_vote`; None where it was altered."""
    try:
        key: str = signing.loads(signed, salt=VOTE_SALT)
    except signing.BadSignature:
        return None
    return key
