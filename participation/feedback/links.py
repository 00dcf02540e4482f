"""Signed links that open one case. They say until when; nothing in them can be guessed or altered."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from participation.feedback.models import Case
from portal.bilingual import in_language
from portal.encryption import encrypt

SALT = "feedback.track"
AFTER_LOOKUP = timedelta(hours=2)
IN_A_LETTER = timedelta(days=180)


def tracking_token(case: Case, lifetime: timedelta) -> str:
    """A token that opens the case's page for so long."""
    return signing.dumps({"case": case.pk, "until": int(time.time() + lifetime.total_seconds())}, salt=SALT)


def case_of(token: str) -> Case | None:
    """The case a token opens; None where it was altered, is too old, or the text of the case is gone."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if content["until"] < time.time():
        return None
    rows = Case.objects.select_related("topic", "unit__organisation")
    return rows.filter(pk=content["case"], disposed_at=None).first()


def letter_url(case: Case) -> str:
    """The absolute address of the case's page for a letter, in the language of the case."""
    with in_language(case.language):
        path = reverse("feedback:case", args=[tracking_token(case, IN_A_LETTER)])
    return settings.SITE_URL + path


def confirmation_url(case: Case, secret: str) -> str:
    """The address of the page that confirms a message; the key in it is the tracking secret, encrypted."""
    return f"{reverse('feedback:sent', args=[case.reference])}?{urlencode({'key': encrypt(secret)})}"
