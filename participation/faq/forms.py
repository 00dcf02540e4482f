"""The public forms: why an answer did not help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.faq.states import Reason
from portal.forms import CleanTextField, PortalForm


class WhyForm(PortalForm):
    """A reason, words, or both. What is written is read by the editors and never published."""

    reason = forms.ChoiceField(
        label=_("What is wrong with the answer?"), choices=Reason.choices, widget=forms.RadioSelect, required=False
    )
    text = CleanTextField(
        label=_("What were you looking for?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only our editors read it. Do not write names, numbers or anything else about yourself."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("reason") and not data.get("text"):
            self.add_error("reason", _("Choose a reason, or write a few words below."))
        return data
