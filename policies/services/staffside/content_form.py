"""The form in which a service is entered, in both languages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from policies.services.actions.changing import Conflict
from policies.services.actions.writing import EDITABLE, TEXT_COLUMNS, TEXTS
from policies.services.choices import ONLINE, Channel, Fee, LifeEvent, Persona, State
from policies.services.models import Service
from policies.services.rules import CONTENT, LISTS, OPTIONAL
from portal.bilingual import LANGUAGE_CODES
from portal.forms import DigitsDecimalField, DigitsIntegerField, clean_text

ONE_A_LINE = _("One item a line; the same items in both languages.")
ROWS = {"name": 2, "purpose": 3, "fee_note": 2, "legal_basis": 2, "contact": 2}
FIELDS = [
    "organisation", "unit", "topic", "slug", "personas", "life_events", "channels", "url", "no_prerequisites",
    "no_documents", "time_amount", "time_unit", "fee_kind", "fee", "phone", "email", *TEXT_COLUMNS,
]  # fmt: skip
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)-])\s+")


def _boxes(choices: Any, label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices.choices, widget=forms.CheckboxSelectMultiple, required=False, help_text=help_text
    )


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says what does not fit, keeps everything typed, and notices when somebody else was quicker."""

    personas = _boxes(Persona, _("Who may use it"))
    life_events = _boxes(LifeEvent, _("Life events"), _("When people need it. Leave empty what does not fit."))
    channels = _boxes(Channel, _("Channels"))
    url = forms.URLField(
        label=_("Link to the electronic service"), required=False, max_length=400, assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "class": "vTextField"}),
        help_text=_("Where its form is filled in online; it begins with https://."),
    )  # fmt: skip
    time_amount = DigitsIntegerField(label=_("Time promised"), required=False, min_value=1, max_value=2000)
    fee = DigitsDecimalField(
        label=_("Amount in rial"), required=False, min_value=0, max_digits=9, decimal_places=3,
        help_text=_("For example 12.500. Only for a fixed amount."),
    )  # fmt: skip
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Service
        fields = FIELDS
        widgets = {"slug": forms.TextInput(attrs={"dir": "ltr", "class": "vTextField"})} | {
            f"{name}_{code}": AdminTextareaWidget(attrs={"rows": ROWS.get(name, 4)})
            for name in TEXTS
            for code in LANGUAGE_CODES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        self.initial["seen_version"] = self.instance.version
        if self.is_bound:
            data: Any = self.data  # the version shown again differs from what was sent
            self.data = data.copy()
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].disabled = self.instance.state != State.DRAFT
        for name in LISTS:
            for code in LANGUAGE_CODES:
                if field := self.fields.get(f"{name}_{code}"):
                    field.help_text = ONE_A_LINE

    # Checking ------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in TEXT_COLUMNS:
            if name in data:
                data[name] = _tidy(data[name] or "", name[:-3])
        self._clean_place(data)
        self._clean_address(data)
        self._clean_online(data)
        self._clean_amounts(data)
        self._clean_nothing(data)
        self._clean_languages(data)
        if self.instance.pk and data.get("seen_version") != self.instance.version:
            self.is_conflict = True
            self.add_error(None, forms.ValidationError(Conflict.message, code="conflict"))
        return data

    def _clean_place(self, data: dict[str, Any]) -> None:
        """The unit says the organisation; an administrator may enter services of a body without staff here."""
        unit, body = data.get("unit"), data.get("organisation")
        if unit is not None and body is not None and unit.organisation_id != body.pk:
            self.add_error("unit", _("This unit belongs to another organisation."))
        elif unit is not None and body is None:
            data["organisation"] = unit.organisation
        elif unit is None and body is None and not {"unit", "organisation"} & self.errors.keys():
            self.add_error("unit" if "unit" in self.fields else None, _("Choose whose service it is."))

    def _clean_address(self, data: dict[str, Any]) -> None:
        """Without an address typed, make one of the English name."""
        if self.fields["slug"].disabled or "slug" in self.errors:
            return
        slug = slugify((data.get("slug") or "").replace("_", "-")) or slugify(data.get("name_en", ""))[:70].strip("-")
        if not slug:
            self.add_error("slug", _("Write an address of letters a to z, or the English name, of which one is made."))
        elif slug == "organisations" or Service.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            self.add_error("slug", _("Another page has this address. Choose another."))
        data["slug"] = slug

    def _clean_online(self, data: dict[str, Any]) -> None:
        url, is_online = data.get("url"), bool(set(data.get("channels") or ()) & set(ONLINE))
        if url and not url.startswith("https://"):
            self.add_error("url", _("The link has to begin with https://."))
        elif url and not is_online:
            self.add_error("channels", _("There is a link: tick “Website” or “App” as well."))
        elif is_online and not url and "url" not in self.errors:
            self.add_error("url", _("It is offered online: give the link at which its form is filled in."))

    def _clean_amounts(self, data: dict[str, Any]) -> None:
        if "time_amount" not in self.errors and bool(data.get("time_amount")) != bool(data.get("time_unit")):
            self.add_error("time_unit" if data.get("time_amount") else "time_amount",
                           _("Give both the number and what is counted, or neither."))  # fmt: skip
        kind, fee = data.get("fee_kind"), data.get("fee")
        if kind == Fee.FIXED and not fee and "fee" not in self.errors:
            self.add_error("fee", _("Write the amount."))
        elif fee and kind != Fee.FIXED:
            self.add_error("fee_kind", _("There is an amount: choose “A fixed amount”, or leave the amount empty."))
        data["fee"] = fee or None

    def _clean_nothing(self, data: dict[str, Any]) -> None:
        for mark, field in (("no_documents", "documents"), ("no_prerequisites", "prerequisites")):
            if data.get(mark) and (data.get(f"{field}_ar") or data.get(f"{field}_en")):
                self.add_error(mark, _("Something is listed: take the mark away, or empty the list."))

    def _clean_languages(self, data: dict[str, Any]) -> None:
        """What the public reads is whole in both languages, item by item."""
        if not (data.get("name_ar") or data.get("name_en")):
            self.add_error("name_ar", _("Write a name, in one language at least."))
        if self.instance.state != State.PUBLISHED:
            return
        for name in (*CONTENT, *OPTIONAL):
            texts = {code: data.get(f"{name}_{code}", "") for code in LANGUAGE_CODES}
            for code, text in texts.items():
                if not text and (name in CONTENT or any(texts.values())):
                    self.add_error(f"{name}_{code}", _("What is published has this text in both languages."))
            if name in LISTS and all(texts.values()) and len({text.count("\n") for text in texts.values()}) > 1:
                self.add_error(f"{name}_en", _("The two languages have different numbers of items."))
        if data.get("fee_kind") == Fee.VARIES and not data.get("fee_note_ar"):
            self.add_error("fee_note_ar", _("Say on what the fee depends."))
        for name in ("personas", "channels"):
            if not data.get(name):
                self.add_error(name, _("Choose at least one."))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.data["seen_version"] = str(self.instance.version)  # type: ignore[index]

    # For the action --------------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """What was written, as the actions take it."""
        return {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}


def _tidy(text: str, name: str) -> str:
    """Clean text; of a list its items without bullets, numbers and empty lines."""
    text = clean_text(text).strip()
    if name not in LISTS:
        return text
    return "\n".join(line for line in (_BULLET.sub("", line).strip() for line in text.split("\n")) if line)
