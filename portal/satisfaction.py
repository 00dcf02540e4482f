"""The link from an answered case to the satisfaction survey, without either knowing the other.

The token says what was answered and by whom, never who asked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing

SALT = "satisfaction"
LIFETIME = timedelta(days=90)


@dataclass(frozen=True)
class Answered:
    """What a satisfaction answer is about: `about` is a model label, `cycle` counts its reopenings."""

    about: str
    pk: int
    cycle: int
    unit: int | None


def satisfaction_token(answered: Answered) -> str:
    """A token for `satisfaction/?of=...`; it counts once for each cycle of what it is about."""
    return signing.dumps(asdict(answered), salt=SALT)


def read_satisfaction_token(token: str) -> Answered | None:
    """What the token is about; None where it was altered or is older than 90 days."""
    try:
        return Answered(**signing.loads(token, salt=SALT, max_age=LIFETIME))
    except (signing.BadSignature, TypeError):
        return None
