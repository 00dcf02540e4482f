"""Names of files people upload: shown, offered for download, never a path."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
OWN = {"data", "manifest", "datapackage", "query", "difference", "problems"}
"""Stems the portal gives its own files; an original called so is renamed, so that none hides another."""
_UNWANTED = re.compile(
    r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|%;&#'`$!{}\[\]~^\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)


def clean_name(name: str) -> str:
    """A file name without folders, control and direction characters, at most 120 long; its ending is kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _UNWANTED.sub("_", last.encode("utf-8", "ignore").decode()).strip("._ -")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = plain, ""
    stem = stem.strip("._ -")[: LONGEST - 12] or "file"
    return f"{stem}.{ending}" if ending else stem


def original_name(name: str) -> str:
    """The name under which the original is offered beside the files the portal made."""
    plain = clean_name(name)
    stem = plain.rpartition(".")[0] or plain
    return f"original_{plain}" if stem.lower() in OWN else plain
