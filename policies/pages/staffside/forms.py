"""The form in which a version is written, in both languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from policies.pages.actions.changing import Conflict
from policies.pages.actions.writing import TEXTS
from policies.pages.inserts import problems
from policies.pages.models import PolicyVersion
from portal.bilingual import LANGUAGE_CODES
from portal.forms import clean_text

ROWS = {"title": 2, "summary": 3, "changes": 3, "body": 14}
MARKUP = _(
    "Paragraphs are parted by an empty line. “## ” begins a heading, “- ” a list, and [words](address) is a link. "
    "The names of live facts are listed below the form."
)


class VersionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses live facts there are not, keeps everything typed, and notices when somebody else was quicker."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PolicyVersion
        fields = list(TEXTS)
        widgets = {
            f"{name}_{code}": AdminTextareaWidget(attrs={"rows": rows})
            for name, rows in ROWS.items()
            for code in LANGUAGE_CODES
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        self.initial["seen_revision"] = self.instance.revision
        for code in LANGUAGE_CODES:
            if f"body_{code}" in self.fields:
                self.fields[f"body_{code}"].help_text = MARKUP

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in TEXTS:
            if name in data:
                data[name] = clean_text(data[name] or "", lines=name.startswith("body")).strip()
        for code in LANGUAGE_CODES:
            for problem in problems(data.get(f"body_{code}") or ""):
                self.add_error(f"body_{code}", problem)
        if data.get("seen_revision") != self.instance.revision:
            self.is_conflict = True
            self.add_error(None, forms.ValidationError(Conflict.message, code="conflict"))
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_conflict:  # saving again means: over what is stored now, which was shown
            sent: Any = self.data
            data = sent.copy()
            data["seen_revision"] = str(self.instance.revision)
            self.data = data

    def texts(self) -> dict[str, str]:
        """What was written, as the action takes it."""
        return {name: self.cleaned_data[name] for name in TEXTS if name in self.cleaned_data}
