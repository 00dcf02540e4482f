"""Values one staff page hands to the form of another, kept in the session: an address must hold nothing personal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.http import HttpRequest

KEY = "drafts"
MOST = 5


def keep_draft(request: HttpRequest, values: Mapping[str, str]) -> str:
    """Keep values for a form; its address gets `?draft=<key>`. The last five of a session are kept."""
    drafts = dict(request.session.get(KEY, {}))
    key = secrets.token_urlsafe(8)
    drafts[key] = dict(values)
    request.session[KEY] = dict(list(drafts.items())[-MOST:])
    return key


def kept_draft(request: HttpRequest) -> dict[str, str]:
    """The values the address of this request names; empty where there are none."""
    drafts: dict[str, dict[str, str]] = request.session.get(KEY, {})
    return drafts.get(request.GET.get("draft", ""), {})
