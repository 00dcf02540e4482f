"""Texts in both languages, as catalogues give them: by code, in a fixed order."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.utils import translation

from opendata.dcat.rdf import LANGUAGES
from opendata.inventory.choices import Theme

SHORTEST_KEYWORD, LONGEST_KEYWORD = 2, 100
_BETWEEN = re.compile(r"[,،;؛\n]")
_REFUSED = re.compile(r"[^\w \-.]+")
"""What CKAN takes in no tag: one such character, and an importer refuses the whole dataset."""

Words = dict[str, str]


def of(row: Any, name: str) -> Words:
    """The field of a row in both languages."""
    return {code: getattr(row, f"{name}_{code}") or "" for code in LANGUAGES}


@lru_cache(maxsize=None, typed=True)  # choices are texts: Reason("security") equals Ground("security")
def label(choice: Any) -> Words:
    """What one of our choices is called, such as Theme("health")."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(choice.label)
    return found


def keywords(dataset: Any) -> dict[str, list[str]]:
    """Its keywords and its theme, by language, each once, as other catalogues take them."""
    themes = label(Theme(dataset.asset.theme))
    return {code: _keywords(getattr(dataset, f"keywords_{code}") or "", themes[code]) for code in LANGUAGES}


def _keywords(written: str, of_theme: str) -> list[str]:
    found: dict[str, str] = {}
    for word in [*_BETWEEN.split(written), of_theme]:
        plain = keyword(word)
        if len(plain) >= SHORTEST_KEYWORD:
            found.setdefault(plain.casefold(), plain)
    return list(found.values())


def keyword(word: str) -> str:
    """A keyword as other catalogues take it: letters, digits, spaces, hyphens, dots; at most 100 of them."""
    bare = "".join(sign for sign in unicodedata.normalize("NFC", word) if unicodedata.category(sign) != "Mn")
    return " ".join(_REFUSED.sub(" ", bare).split())[:LONGEST_KEYWORD].strip()
