"""A version as it is read: on its page, as plain text, in the search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from policies.pages.inserts import fill
from policies.pages.models import PolicyVersion
from policies.pages.states import State
from portal.richtext import escape, headings, to_html, to_text

ENOUGH = 3
"""Headings from which on a table of contents helps."""


def markdown(version: PolicyVersion, values: dict[str, str] | None = None) -> str:
    """Its text in the active language with the facts of today; of a superseded one those of its last day.

    Texts read with the same `values`, which have one language, ask each fact once.
    """
    frozen: str = getattr(version, f"frozen_{get_language()}", "") if version.frozen_at else ""
    return frozen or fill(version.body or "", values)


def page_context(version: PolicyVersion, at: datetime | None = None) -> dict[str, Any]:
    """The context of the page in the active language."""
    at = at or timezone.now()
    text = markdown(version)
    contents = headings(text)
    state = version.state_at(at)
    reviewed = version.last_reviewed if state != State.SUPERSEDED else None
    return {
        "version": version,
        "policy": version.policy,
        "state": state,
        "until": version.in_force_until(at) if state == State.SUPERSEDED else None,
        "body": to_html(text, anchors=True),
        "contents": [heading for heading in contents if heading.level == 2] if len(contents) >= ENOUGH else [],
        "last_reviewed": reviewed,
        "last_updated": version.publish_at,
    }


def as_text(version: PolicyVersion, at: datetime | None = None) -> str:
    """The whole page as plain text in the active language."""
    at = at or timezone.now()
    facts = "\n\n".join(escape(line) for line in _facts(version, at))
    head = f"## {escape(version.title)}\n\n{escape(version.summary)}\n\n{facts}\n\n---\n\n"
    return to_text(head, settings.SITE_URL) + "\n" + to_text(markdown(version), settings.SITE_URL, top=3)


def _facts(version: PolicyVersion, at: datetime) -> list[str]:
    """What stands beside the text: version, unit, dates, address."""
    until = version.in_force_until(at)
    dates = {"number": version.number, "start": _day(version.publish_at), "end": _day(until)}
    if until:
        lines = [_("Version %(number)s, in force from %(start)s to %(end)s. It was superseded.") % dates]
    else:
        lines = [_("Version %(number)s, in force since %(start)s.") % dates]
        lines.append(_("Last reviewed: %(day)s") % {"day": _day(version.last_reviewed)})
    if version.policy.unit:
        lines.append(_("Responsible unit: %(unit)s") % {"unit": version.policy.unit})
    lines.append(_("Entity: %(name)s") % {"name": settings.ENTITY_NAME[get_language() or settings.LANGUAGE_CODE]})
    lines.append(_("Address: %(url)s") % {"url": f"{settings.SITE_URL}/{get_language()}{version.path}"})
    return lines


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment)) if moment else ""
