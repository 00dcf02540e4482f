"""Where files and keys of the catalogue lie: under DATA_DIR, outside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from opendata.storing import Store
from opendata.trust import keys
from opendata.trust.keys import KeyRing, PublicKey


def root() -> Path:
    """The folder of everything the catalogue keeps."""
    return Path(settings.DATA_DIR) / "opendata"


def store() -> Store:
    """The immutable files, by content."""
    return Store(root())


def ring() -> KeyRing:
    """The signing keys, read anew, so that a rotation needs no restart. Raises NoKey. For workers and commands only.

    Without SIGNING_KEY a first key is made where there is none yet.
    """
    folder = _keys()
    return KeyRing.load(folder, settings.SIGNING_KEY) if settings.SIGNING_KEY.strip() else KeyRing.create(folder)


def public_keys() -> tuple[PublicKey, ...]:
    """The keys signatures are verified with, oldest first: read without any private key."""
    return keys.public_keys(_keys())


def jwks() -> dict[str, Any]:
    """The same as a JSON Web Key Set."""
    return keys.jwks(public_keys())


def _keys() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "signing"
