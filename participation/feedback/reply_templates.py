"""Filling in reply templates. The list of variables is closed; everything else is plain text, however it looks."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participation.feedback.models import Case, ReplyTemplate
from portal.bilingual import in_language
from portal.forms import clean_text

VARIABLES = ("name", "reference", "unit", "topic", "due", "entity")
_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")
_LOOKS_LIKE_ONE = re.compile(r"\{\s*([\w. ]{1,40})\s*\}")
PLACEHOLDER = "["
"""A square bracket marks what a person has to write; a text that still has one is not ready to send."""


def fill(body: str, case: Case) -> str:
    """The text with its variables replaced, once: what comes in with a value is never looked at again."""
    values = _values(case)
    return _VARIABLE.sub(lambda match: values[match[1]], body)


def reply_from(template: ReplyTemplate, case: Case) -> str:
    """The template in the language of the case, filled in for it."""
    with in_language(case.language):
        return fill(getattr(template, f"body_{case.language}"), case)


def unknown_variables(body: str) -> list[str]:
    """What looks like a variable and is none, in order."""
    found = (match[1].strip() for match in _LOOKS_LIKE_ONE.finditer(body))
    return [name for name in dict.fromkeys(found) if name not in VARIABLES or f"{{{name}}}" not in body]


def _values(case: Case) -> dict[str, str]:
    due = date_format(timezone.localtime(case.due_at), "DATETIME_FORMAT") if case.due_at else _("as soon as possible")
    values = {
        "name": case.name or _("Sir or Madam"),
        "reference": case.reference,
        "unit": str(case.unit) if case.unit else settings.ENTITY_NAME[case.language],
        "topic": str(case.topic),
        "due": due,
        "entity": settings.ENTITY_NAME[case.language],
    }
    return {name: clean_text(value, lines=False).strip() for name, value in values.items()}
