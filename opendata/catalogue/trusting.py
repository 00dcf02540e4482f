"""Whether the signature of a version holds, looked at when its page is opened and not merely said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from opendata.catalogue import storage
from opendata.catalogue.models import Version
from opendata.trust.keys import PublicKey
from opendata.trust.signing import BadSignature, valid_at, verify

ROLES = {
    "publisher": pgettext_lazy("role", "the publisher who prepared it"),
    "approver": pgettext_lazy("role", "a second person who approved it"),
    "portal": pgettext_lazy("role", "the portal itself, from its own figures"),
}


@dataclass(frozen=True)
class Trusted:
    """What the page says of a signature."""

    holds: bool
    key_id: str
    roles: tuple[Any, ...]
    """Who let it be published: jobs, never names."""


def trusted(version: Version) -> Trusted:
    """Does the signature hold, over this very manifest, with a key that was valid when it was published?"""
    try:
        keys = storage.jwks()
        found = verify(version.signature, keys)
        is_same = found.payload == json.loads(version.manifest) and found.kid == version.key_id
        holds = is_same and valid_at(found.kid, version.published_at, keys)
    except (BadSignature, OSError, ValueError):
        holds = False
    return Trusted(holds, version.key_id, _roles(version))


def _roles(version: Version) -> tuple[Any, ...]:
    try:
        named = json.loads(version.manifest).get("approved_by", [])
    except (ValueError, AttributeError):
        return ()
    return tuple(ROLES[role] for role in named if role in ROLES)


def public_keys() -> list[PublicKey]:
    """Every public key, newest first; none where nothing was ever signed."""
    return list(reversed(storage.public_keys()))


__all__ = ["Trusted", "public_keys", "trusted"]
