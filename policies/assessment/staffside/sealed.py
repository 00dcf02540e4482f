"""Text of an indicator that may be read and not changed, each in its language and direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy

from policies.assessment.models import Indicator
from portal.staff.admin_base import LANGUAGES


def read_only(name: str) -> Callable[[Indicator], str]:
    """A column of the form for one text, such as "question_ar", under a name that says the language."""
    field, _underscore, code = name.rpartition("_")
    described: Any = Indicator._meta.get_field(field)

    def shown(indicator: Indicator) -> str:
        direction = "rtl" if code == "ar" else "ltr"
        text = getattr(indicator, name) or "–"
        return format_html('<div class="user-text" lang="{}" dir="{}">{}</div>', code, direction, text)

    shown.short_description = format_lazy("{} ({})", capfirst(described.verbose_name), LANGUAGES[code])  # type: ignore[attr-defined]
    shown.__name__ = name
    return shown
