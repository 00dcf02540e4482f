"""Every cookie the portal may set, with why and for how long; the cookie policy lists them from here.

A test drives the portal and fails when it meets a cookie that nobody declared.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cookie:
    """A cookie. Texts are lazy. All are strictly necessary for what a person has just asked for."""

    name: str
    """Without the `__Host-` it carries over HTTPS."""
    purpose: object
    set_when: object
    lasts: object


_cookies: dict[str, Cookie] = {}


def register(*cookies: Cookie) -> None:
    """Add cookies."""
    _cookies.update({cookie.name: cookie for cookie in cookies})


def cookies() -> list[Cookie]:
    """Every cookie, by name."""
    return sorted(_cookies.values(), key=lambda cookie: cookie.name)
