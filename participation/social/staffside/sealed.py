"""Text that may be read and not changed, as the form shows it: each in its language and direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy

from participation.social.models import Account
from portal.staff.admin_base import LANGUAGES

Shown = Callable[[Account], str]


def label_of(name: str) -> Any:
    """What a column is called: that of a text, such as "purpose_ar", with its language."""
    field, _underscore, code = name.rpartition("_")
    is_text = code in LANGUAGES
    described: Any = Account._meta.get_field(field if is_text else name)
    label = capfirst(described.verbose_name)
    return format_lazy("{} ({})", label, LANGUAGES[code]) if is_text else label


def read_only(name: str) -> Shown:
    """A column of the form for one text, such as "purpose_ar", under a name that says the language."""
    code = name.rpartition("_")[2]

    def shown(account: Account) -> str:
        direction = "rtl" if code == "ar" else "ltr"
        text = getattr(account, name) or "–"
        return format_html('<div class="user-text" lang="{}" dir="{}">{}</div>', code, direction, text)

    shown.short_description = label_of(name)  # type: ignore[attr-defined]
    shown.__name__ = name
    return shown


def script_of(name: str) -> str:
    """The language in whose letters a name is written."""
    return "ar" if any("\u0600" <= char <= "\u06ff" for char in name) else "en"


def sealed(names: list[str]) -> list[str | Shown]:
    """Field names with those of a text replaced by what shows it."""
    return [read_only(name) if name.endswith(("_ar", "_en")) else name for name in names]
