"""Secrets an embedded run makes for itself once and keeps, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def kept_secrets(path: Path) -> dict[str, str]:
    """Read the secrets of `path`, making them first if the file is not there.

    Two processes may start at once: the file appears whole through a hard link, and the loser reads the winner's.
    """
    if not path.exists():
        from cryptography.fernet import Fernet

        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "BLIND_INDEX_KEY": secrets.token_urlsafe(50),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return json.loads(path.read_text())
