"""What a public form carries hidden: a token that makes sending idempotent and tells how long it was open."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from django.core import signing

from portal.attachments.models import Attachment

FORM_SALT = "feedback.form"
FILES_SALT = "feedback.files"
OLDEST = 7 * 86400
"""Seconds a form may stay open. Long: people start, are called away, and come back the next day."""


@dataclass(frozen=True)
class FormToken:
    """A genuine token: its text is stored with the case, its age in seconds helps against robots."""

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
    return FormToken(content["id"], age) if age <= OLDEST else None


def keep_files(attachments: list[Attachment]) -> str:
    """Files already received with a form that has to be shown again; the sender need not choose them twice."""
    return signing.dumps([str(attachment.public_id) for attachment in attachments], salt=FILES_SALT)


def kept_files(signed: str) -> list[Attachment]:
    """The files of `keep_files`, in the same order; none where the value was altered."""
    try:
        ids = signing.loads(signed, salt=FILES_SALT, max_age=OLDEST)
    except signing.BadSignature:
        return []
    found = {str(item.public_id): item for item in Attachment.objects.filter(public_id__in=ids)}
    return [found[key] for key in ids if key in found]
