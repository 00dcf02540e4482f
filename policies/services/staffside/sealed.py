"""Text that may be read and not changed, as the form shows it: each in its language and direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy

from policies.services.models import Service
from portal.staff.admin_base import LANGUAGES

Shown = Callable[[Service], str]


def label_of(name: str) -> Any:
    """What a text such as "purpose_ar" is called: its name and its language."""
    field, _underscore, code = name.rpartition("_")
    described: Any = Service._meta.get_field(field)
    return format_lazy("{} ({})", capfirst(described.verbose_name), LANGUAGES[code])


def read_only(name: str) -> Shown:
    """A column of the form for one text, such as "purpose_ar", under a name that says the language."""
    code = name.rpartition("_")[2]

    def shown(service: Service) -> str:
        direction = "rtl" if code == "ar" else "ltr"
        text = getattr(service, name) or "–"
        return format_html('<div class="user-text" lang="{}" dir="{}">{}</div>', code, direction, text)

    shown.short_description = label_of(name)  # type: ignore[attr-defined]
    shown.__name__ = name
    return shown
