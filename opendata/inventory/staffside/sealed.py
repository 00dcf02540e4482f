"""Text that may be read and not changed, as a form shows it: each in its language and direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy

from portal.staff.admin_base import LANGUAGES

Shown = Callable[[models.Model], str]


def label_of(model: type[models.Model], name: str) -> Any:
    """What a field such as "title_ar" is called: its name and, of a text in two languages, its language."""
    field, _underscore, code = name.rpartition("_")
    if code not in LANGUAGES:
        described: Any = model._meta.get_field(name)
        return capfirst(described.verbose_name)
    described = model._meta.get_field(field)
    return format_lazy("{} ({})", capfirst(described.verbose_name), LANGUAGES[code])


def read_only(model: type[models.Model], name: str) -> Shown:
    """A line of the form for one text, such as "title_ar", under a name that says the language."""
    code = name.rpartition("_")[2]

    def shown(row: models.Model) -> str:
        direction = "rtl" if code == "ar" else "ltr"
        text = getattr(row, name) or "–"
        return format_html('<div class="user-text" lang="{}" dir="{}">{}</div>', code, direction, text)

    shown.short_description = label_of(model, name)  # type: ignore[attr-defined]
    shown.__name__ = name
    return shown
