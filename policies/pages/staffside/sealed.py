"""Text that may be read and not changed, as the form shows it: each in its language and direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy

from policies.pages.models import PolicyVersion
from portal.staff.admin_base import LANGUAGES


def label_of(name: str) -> Any:
    """What a text such as "body_ar" is called: its name and its language."""
    field, _underscore, code = name.rpartition("_")
    described: Any = PolicyVersion._meta.get_field(field)
    return format_lazy("{} ({})", capfirst(described.verbose_name), LANGUAGES[code])


def missing_words(version: PolicyVersion) -> list[Any]:
    """The texts that still have to be written, in words."""
    return [label_of(f"{field}_{code}") for field, code in version.missing()]


def read_only(name: str) -> Callable[[PolicyVersion], str]:
    """A column of the form for one text, such as "body_ar", under a name that says the language."""
    code = name.rpartition("_")[2]

    def shown(version: PolicyVersion) -> str:
        direction = "rtl" if code == "ar" else "ltr"
        text = getattr(version, name) or "–"
        return format_html('<div class="user-text" lang="{}" dir="{}">{}</div>', code, direction, text)

    shown.short_description = label_of(name)  # type: ignore[attr-defined]
    shown.__name__ = name
    return shown
