"""Addresses of the machine faces: without a language prefix, the same for ever, so none is looked up by name."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from opendata.inventory import addresses
from opendata.inventory.addresses import SLUG

__all__ = ["HEADS", "KEYS", "LATEST", "LOG", "RESERVED", "SLUG", "absolute", "file_path", "reverse_or_nothing",
           "validate_address"]  # fmt: skip

LATEST = "latest"
RESERVED = ("agencies", "edit", "inventory", "new", "requests", "reusers", "search", "verify")
"""Words that stand below /data/ for something else, here or in a catalogue that harvests this one."""
LOG, HEADS, KEYS = "/log.json", "/log/heads.json", "/.well-known/jwks.json"


def validate_address(slug: str) -> None:
    """Raise ValidationError for an address nobody could open, here or in a catalogue that harvests this one."""
    addresses.validate(slug, RESERVED)


def file_path(slug: str, sequence: int | str, name: str) -> str:
    """Where a file of a version is fetched; `sequence` may be LATEST."""
    return f"/files/{slug}/{sequence}/{quote(name)}"


def absolute(path: str) -> str:
    """An address of this portal in full."""
    return f"{settings.SITE_URL}{path}"


def reverse_or_nothing(name: str, *args: object) -> str:
    """The address of this name, or "" where the portal runs without the page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
