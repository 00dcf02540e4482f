"""What the portal says at its start about the key versions are signed with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from opendata.trust.keys import NoKey, from_environment


def check_signing_key(**_kwargs: Any) -> list[CheckMessage]:
    """SIGNING_KEY, where it is set, is an Ed25519 key. Never says what was in it."""
    if not settings.SIGNING_KEY.strip():
        return []
    try:
        from_environment(settings.SIGNING_KEY)
    except NoKey as error:
        return [Error(str(error), id="catalogue.E001")]
    return []
