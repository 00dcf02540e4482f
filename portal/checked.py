"""Settings checked at the start, with messages that say what to do."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def site_url(text: str) -> str:
    """The public address without a slash at its end; it must say http or https, because that decides about TLS."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"SITE_URL is {text!r}. Write it like https://musharaka.example.")
    return text.rstrip("/")


def networks(texts: Iterable[str]) -> list[str]:
    """Addresses or networks of proxies, such as 10.0.0.0/8."""
    found = [text.strip() for text in texts if text.strip()]
    for text in found:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES has {text!r}. Write addresses or networks like 10.0.0.0/8, comma separated."
            ) from None
    return found


def field_keys(text: str) -> list[str]:
    """Fernet keys, newest first."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                "FIELD_KEYS has something that is no Fernet key. Make one with: python -c "
                "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from None
    return keys
