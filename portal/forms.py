"""Forms of the public pages: how they look, what they say, and fields that accept what people type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.digits import fold_digits, fold_number, strip_bidi

# Control characters have no place in what a person writes; tab and line feed have.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_PHONE_NOISE = re.compile(r"[\s().\-\u2010-\u2015/]")

AUTOCOMPLETE = {"name": "name", "full_name": "name", "email": "email", "phone": "tel"}


class PortalRenderer(TemplatesSetting):
    """Writes forms with the project's own templates; the admin, which lays out its forms itself, is not touched."""

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"


class PortalFormMixin:
    """What every public form does alike: no browser validation, direction per field, errors that name their field.

    Write the page's `<form method="post" novalidate>` round it; base.html puts the error summary on top.
    """

    use_required_attribute = False
    default_renderer = PortalRenderer
    base_fields: ClassVar[dict[str, forms.Field]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _dress_fields(type(self))  # type: ignore[arg-type]
        super().__init__(*args, **kwargs)


class PortalForm(PortalFormMixin, forms.Form):
    """A public form."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A public form that fills a model."""


@cache
def _dress_fields(form: type[PortalFormMixin]) -> None:
    """Once for each class, because every instance starts with copies of its class's fields."""
    for name, field in form.base_fields.items():
        _dress(name, field)


def _dress(name: str, field: forms.Field) -> None:
    attrs = field.widget.attrs
    if isinstance(field.widget, forms.EmailInput | forms.URLInput) or isinstance(field, PhoneField):
        attrs.setdefault("dir", "ltr")
    elif isinstance(field.widget, forms.Textarea | forms.TextInput):
        attrs.setdefault("dir", "auto")
    if isinstance(field, forms.EmailField):
        attrs.setdefault("autocomplete", "email")
    elif name in AUTOCOMPLETE:
        attrs.setdefault("autocomplete", AUTOCOMPLETE[name])
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _required_message(name, field)


def _required_message(name: str, field: forms.Field) -> Any:
    wording = _("Fill this in: {label}")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        wording = _("Choose an answer: {label}")
    elif isinstance(field, forms.BooleanField):
        wording = _("Tick the box: {label}")
    elif isinstance(field, forms.FileField):
        wording = _("Choose a file: {label}")
    return format_lazy(wording, label=field.label or name.replace("_", " ").capitalize())


def clean_text(text: str, *, lines: bool = True) -> str:
    """What a person typed, fit to store: composed (NFC), line ends as \\n, no direction marks or control characters.

    With `lines=False` line ends and tabs become spaces.
    """
    text = _CONTROLS.sub("", strip_bidi(_LINE_ENDS.sub("\n", text)))
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    return unicodedata.normalize("NFC", text)


class CleanCharField(forms.CharField):
    """One line of text without marks that change the reading direction."""

    lines = False

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_text(str(value), lines=self.lines) if value not in self.empty_values else value)


class CleanTextField(CleanCharField):
    """Text of several lines."""

    widget = forms.Textarea
    lines = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("rows", 8)


def _plain_number(value: Any) -> Any:
    """A typed number without its thousands commas; "12,5" is left alone, because nobody knows what it means."""
    if not isinstance(value, str):
        return value
    value = fold_number(value)
    return value.replace(",", "") if _GROUPED.fullmatch(value) else value


class DigitsIntegerField(forms.IntegerField):
    """A whole number in any of the three digit systems."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_plain_number(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}  # min, max and step belong to type="number", which refuses Arabic digits


class DigitsDecimalField(forms.DecimalField):
    """A decimal number in any of the three digit systems, with "." or "٫"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(_plain_number(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class DigitsDateField(forms.DateField):
    """A date typed day first, in any of the three digit systems: 31/1/2026, ٣١-١-٢٠٢٦, 2026-01-31."""

    widget = forms.DateInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the date as day, month and year, for example 31/1/2026."),
    }

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = re.sub(r"\s*([/.\-])\s*", r"\1", strip_bidi(fold_digits(value)).strip())
        return super().to_python(value)


class DigitsTimeField(forms.TimeField):
    """A time of the day in 24 hours, in any of the three digit systems: 7:30, ٠٧:٣٠."""

    widget = forms.TimeInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off", "dir": "ltr"})
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the time as hours and minutes, for example 07:30."),
    }

    def to_python(self, value: Any) -> time | None:
        return super().to_python(fold_digits(value).strip() if isinstance(value, str) else value)


class PhoneField(forms.CharField):
    """A telephone number, stored as +968XXXXXXXX or another international number.

    Eight digits are a number in Oman; any other must start with + or 00 and its country code.
    """

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "short"})
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write a telephone number of 8 digits, or an international one that starts with +."),
    }

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return normalise_phone(typed, self.error_messages["invalid"]) if typed else ""


def normalise_phone(typed: str, message: Any = PhoneField.default_error_messages["invalid"]) -> str:
    """The number as +<country><number>; ValidationError if it cannot be one."""
    number = _PHONE_NOISE.sub("", strip_bidi(fold_digits(typed)))
    number = re.sub(r"^00", "+", number)
    if re.fullmatch(r"968\d{8}", number):
        number = f"+{number}"
    elif re.fullmatch(r"[2-9]\d{7}", number):
        number = f"+968{number}"
    omani = number.startswith("+968")
    if not re.fullmatch(r"\+968[2-9]\d{7}" if omani else r"\+[1-9]\d{6,14}", number):
        raise ValidationError(message, code="invalid")
    return number
