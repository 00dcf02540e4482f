"""The forms of an asset and of an agency, in both languages; they notice when somebody else was quicker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions.agencies import DESCRIBED
from opendata.inventory.actions.agencies import TEXT_COLUMNS as AGENCY_TEXTS
from opendata.inventory.actions.agencies import TEXTS as AGENCY_FIELDS
from opendata.inventory.actions.changing import Conflict, lock_numbers
from opendata.inventory.actions.writing import EDITABLE, TEXT_COLUMNS
from opendata.inventory.models import Agency, Asset
from portal.bilingual import LANGUAGE_CODES
from portal.digits import fold_digits
from portal.forms import PhoneField, clean_text


class _SeenForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps everything typed and refuses to overwrite what somebody else changed since it was opened."""

    texts: list[str] = []
    in_pairs: tuple[str, ...] = ()
    """Texts that are written in both languages or in neither."""
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        self.initial["seen_revision"] = self.instance.revision
        if self.is_bound:
            data: Any = self.data  # the revision shown again differs from what was sent
            self.data = data.copy()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.texts:
            if name in data:
                data[name] = clean_text(data[name] or "").strip()
        for name in self.in_pairs:
            texts = {code: data.get(f"{name}_{code}", "") for code in LANGUAGE_CODES}
            for code, text in texts.items():
                if not text and any(texts.values()) and f"{name}_{code}" not in self.errors:
                    self.add_error(f"{name}_{code}", _("Write it in both languages, or in neither."))
        self.clean_more(data)
        if self.instance.pk and data.get("seen_revision") != self.instance.revision:
            self.is_conflict = True
            self.add_error(None, forms.ValidationError(Conflict.message, code="conflict"))
        return data

    def clean_more(self, data: dict[str, Any]) -> None:
        """What else has to fit."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.data["seen_revision"] = str(self.instance.revision)  # type: ignore[index]


class AssetForm(_SeenForm):
    """What an asset says; who may have it is decided in steps of their own."""

    texts = TEXT_COLUMNS
    in_pairs = ("description", "owner_role", "contact_role")
    contact_phone = PhoneField(label=_("telephone of the point of contact"), required=False)

    class Meta:
        model = Asset
        fields = EDITABLE
        widgets = {f"description_{code}": AdminTextareaWidget(attrs={"rows": 5}) for code in LANGUAGE_CODES}

    def clean_more(self, data: dict[str, Any]) -> None:
        unit, code = data.get("unit"), fold_digits(clean_text(data.get("code") or "", lines=False)).strip()
        data["code"] = code
        if unit is None or not code:
            return
        if self.instance.pk and unit.organisation_id != self.instance.organisation_id:
            self.add_error("unit", _("This unit belongs to another organisation."))
            return
        # Two colleagues who enter one number at the same moment come here one after the other.
        lock_numbers(unit.organisation_id)
        twins = Asset.objects.filter(organisation=unit.organisation_id, code=code).exclude(pk=self.instance.pk)
        if twins.exists():
            self.add_error("code", _("Another data asset of this organisation has this number. Choose another."))

    def content(self) -> dict[str, Any]:
        """What was written, as the actions take it."""
        return {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}


class AgencyForm(_SeenForm):
    """An agency's point of contact and processes; the overseer alone says from when its deadlines run."""

    texts = AGENCY_TEXTS
    in_pairs = AGENCY_FIELDS
    contact_phone = PhoneField(label=_("telephone of the point of contact"), required=False)
    website = forms.URLField(
        label=_("open data on its own website"), required=False, assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "class": "vTextField"}),
    )  # fmt: skip

    class Meta:
        model = Agency
        fields = ["organisation", "slug", "counted_from", *DESCRIBED]
        widgets = {
            f"{name}_{code}": AdminTextareaWidget(attrs={"rows": 5})
            for name in AGENCY_FIELDS
            if name != "contact_role"
            for code in LANGUAGE_CODES
        }

    def clean_more(self, data: dict[str, Any]) -> None:
        if (url := data.get("website")) and not url.startswith("https://"):
            self.add_error("website", _("The link has to begin with https://."))
        if "slug" in data:
            data["slug"] = slugify(data["slug"].replace("_", "-"))

    def content(self) -> dict[str, Any]:
        """What was written, as the actions take it."""
        names = ["slug", "counted_from", *DESCRIBED]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
