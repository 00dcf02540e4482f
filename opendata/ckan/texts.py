"""Texts as other catalogues take them: moments, tags, names."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from portal.bilingual import in_language

_TATWEEL = "ـ"
_PARTS = re.compile(r"[,،;؛\n\r]+")
_NOT_IN_TAGS = re.compile(r"[^\w .-]+")
SHORTEST_TAG, LONGEST_TAG = 2, 100
SHORTEST_NAME = 2


def moment(at: datetime) -> str:
    """UTC without a zone, always with microseconds: harvesters compare such texts letter by letter."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


@lru_cache(maxsize=5_000)
def tags(text: str) -> tuple[str, ...]:
    """The keywords of a text with commas between them, as CKAN takes them; what is too short for a tag is left out."""
    return tuple(dict.fromkeys(filter(None, map(tag, _PARTS.split(text)))))


def tag(text: str) -> str:
    """Letters, digits, spaces, `_`, `-` and `.` only: CKAN refuses a whole dataset for one vowel sign or bracket."""
    plain = unicodedata.normalize("NFKC", text).replace(_TATWEEL, "")
    spaced = "".join(" " if unicodedata.category(one) in ("Zs", "Cc") else one for one in plain)
    bare = "".join(one for one in spaced if unicodedata.category(one)[0] not in "MC")
    words = " ".join(_NOT_IN_TAGS.sub(" ", bare).split()).strip(" .-_")[:LONGEST_TAG].strip()
    return words if len(words) >= SHORTEST_TAG else ""


def name(text: str) -> str:
    """Small letters, digits, `-` and `_`, two at least: an address of ours as CKAN takes names."""
    return text.lower().ljust(SHORTEST_NAME, "_")


@lru_cache(maxsize=500, typed=True)
def label(member: Any, language: str) -> str:
    """The words of a member of a TextChoices in a language."""
    with in_language(language):
        return str(member.label)
