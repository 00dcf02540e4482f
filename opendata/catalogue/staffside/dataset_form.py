"""The form of a dataset, in both languages; it notices when somebody else was quicker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.actions.datasets import FIELDS, TEXTS
from opendata.catalogue.models import Dataset
from portal.bilingual import LANGUAGE_CODES
from portal.forms import DigitsDateField, clean_text
from portal.organisations.models import Governorate

ROWS = {"title": 2, "description": 8, "keywords": 2, "methods": 6}
SHORTEST = 50
CONFLICT = _("Somebody else changed this dataset in the meantime. See what is new, then save again.")


class DatasetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Keeps everything typed; saving again after a conflict stores what stands in the fields."""

    covers_from = DigitsDateField(label=_("Covers from"), required=False)
    covers_until = DigitsDateField(label=_("Covers until"), required=False)
    governorates = forms.MultipleChoiceField(
        label=_("Governorates"), choices=Governorate.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: the whole country."),
    )  # fmt: skip
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    refusals: tuple[str, ...] = ()
    """Why saving was refused, where somebody else was quicker than it."""

    class Meta:
        model = Dataset
        fields = ["asset", "slug", *FIELDS]
        widgets = {"slug": forms.TextInput(attrs={"dir": "ltr", "class": "vTextField"})} | {
            f"{name}_{code}": AdminTextareaWidget(attrs={"rows": rows})
            for name, rows in ROWS.items()
            for code in LANGUAGE_CODES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        self.initial["seen_revision"] = self.instance.revision
        if "slug" in self.fields:
            self.fields["slug"].help_text = _("Small Latin letters, digits and hyphens. It stays for ever.")
        if "licence" in self.fields and self.instance.latest_id:
            self.fields["licence"].help_text = _("Of the next version: what is published keeps the licence it has.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in TEXTS:
            if name in data:
                data[name] = clean_text(data[name] or "", lines=not name.startswith(("title", "keywords"))).strip()
        for code in LANGUAGE_CODES:
            if len(data.get(f"description_{code}") or " " * SHORTEST) < SHORTEST:
                self.add_error(f"description_{code}", _("Write at least 50 letters: others judge by it whether it is "
                                                        "what they look for."))  # fmt: skip
        if data.get("covers_from") and data.get("covers_until") and data["covers_until"] < data["covers_from"]:
            self.add_error("covers_until", _("This day is before the first one."))
        if self.instance.pk and data.get("seen_revision") != self.instance.revision:
            self.is_conflict = True
            self.add_error(None, forms.ValidationError(CONFLICT, code="conflict"))
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_conflict:  # saving again means: over what is stored now, which was shown
            sent: Any = self.data
            data = sent.copy()
            data["seen_revision"] = str(self.instance.revision)
            self.data = data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for words in self.refusals:
            self.add_error(None, words)

    def content(self) -> dict[str, Any]:
        """What was written, as the actions take it."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
