"""Signed links that open one's own request. They say until when; nothing in them can be guessed or altered."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from opendata.data_requests.models import DataRequest
from portal.bilingual import in_language
from portal.encryption import encrypt

SALT = "data_requests.track"
FORM_SALT = "data_requests.form"
AFTER_LOOKUP = timedelta(hours=2)
IN_A_LETTER = timedelta(days=180)
OLDEST_FORM = 7 * 86400
"""Seconds a form may stay open."""


@dataclass(frozen=True)
class FormToken:
    """A genuine token of a form: its text is stored with the request, its age in seconds helps against robots."""

    text: str
    age: float


def new_form_token() -> str:
    """A token for a freshly shown form."""
    return signing.dumps({"id": secrets.token_hex(16), "at": time.time()}, salt=FORM_SALT)


def read_form_token(signed: str) -> FormToken | None:
    """The token of a sent form; None where it was not made here or is too old."""
    try:
        content = signing.loads(signed, salt=FORM_SALT)
    except signing.BadSignature:
        return None
    age = time.time() - content["at"]
    return FormToken(content["id"], age) if age <= OLDEST_FORM else None


def tracking_token(asked: DataRequest, lifetime: timedelta) -> str:
    """A token that opens the requester's own page for so long."""
    return signing.dumps({"asked": asked.pk, "until": int(time.time() + lifetime.total_seconds())}, salt=SALT)


def request_of(token: str) -> DataRequest | None:
    """The request a token opens; None where it was altered, is too old, or the words of the request are gone."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if content["until"] < time.time():
        return None
    rows = DataRequest.objects.select_related("organisation", "unit__organisation", "merged_into", "asset")
    return rows.filter(pk=content["asked"], disposed_at=None).first()


def letter_url(asked: DataRequest) -> str:
    """The absolute address of the requester's page for a letter, in the language of the request."""
    with in_language(asked.language):
        return settings.SITE_URL + reverse("data_requests:mine", args=[tracking_token(asked, IN_A_LETTER)])


def confirmation_url(asked: DataRequest, secret: str) -> str:
    """The address of the page that confirms a request; the key in it is the tracking secret, encrypted."""
    return f"{reverse('data_requests:sent', args=[asked.reference])}?{urlencode({'key': encrypt(secret)})}"
