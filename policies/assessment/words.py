"""Answers and scores in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from policies.assessment.models import Indicator
from policies.assessment.states import LEVELS, Kind


def per_cent(value: Decimal | None) -> str:
    """A score as people read it; a dash where there is none."""
    return "–" if value is None else f"{number_format(value, 1)}%"


def answer_in_words(indicator: Indicator, value: Decimal | None) -> str:
    """What was answered; empty for nothing, and for evidence in words, which is not published."""
    if value is None:
        return ""
    if indicator.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if indicator.kind == Kind.LEVEL:
        return str(dict(LEVELS).get(int(value), value))
    plain = value.normalize()
    text: Any = number_format(
        plain if plain != plain.to_integral() else plain.quantize(Decimal(1)), force_grouping=True
    )
    return f"{text}%" if indicator.kind == Kind.SHARE else text
