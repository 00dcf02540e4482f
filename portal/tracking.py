"""Following up what was sent, by its reference and a proof of having sent it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import CleanCharField, PortalForm
from portal.references import read_reference


class TrackForm(PortalForm):
    """The reference, and one thing only the sender knows."""

    reference = CleanCharField(
        label=_("Reference"), max_length=40, help_text=_("Nine letters and digits, such as 7K2M-9QXF-4."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip
    proof = CleanCharField(
        label=_("Tracking code, e-mail or telephone"), max_length=254,
        help_text=_("The code you were given with the reference, or the e-mail or telephone you wrote with."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_reference(self) -> str:
        reference = read_reference(self.cleaned_data["reference"])
        if reference is None:
            raise forms.ValidationError(
                _("This reference has a mistyped character. Compare it with what you were given.")
            )
        return reference
