"""The forms behind the buttons of an asset."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.inventory.actions.changing import NotPossible
from opendata.inventory.actions.steps import Decision
from opendata.inventory.choices import Access, Classification, Ground, Reason
from opendata.inventory.models import Asset
from portal.forms import CleanCharField, DigitsDateField, PortalForm

NOT_OPEN = [choice for choice in Access.choices if choice[0] != Access.OPEN]


class VerbForm(PortalForm):
    """A button alone. `revision` is what its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, asset: Asset, data: Any = None) -> None:
        self.asset = asset
        super().__init__(data, initial=self.first_values(asset) | {"revision": asset.revision})

    def first_values(self, asset: Asset) -> dict[str, Any]:
        """What stands in the fields before anything is typed."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """What the action behind the button is given."""
        return {}


def _line(label: Any, longest: int) -> CleanCharField:
    return CleanCharField(label=label, required=False, max_length=longest)


class AssessForm(VerbForm):
    """Who may have the data and, where that is not everybody, why."""

    access = forms.ChoiceField(
        label=pgettext_lazy("data asset", "Access"), choices=Access.choices, widget=forms.RadioSelect
    )
    classification = forms.ChoiceField(
        label=_("Classification"), choices=Classification.choices,
        help_text=_("What is classified is never open."),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Why it is not open"), choices=[("", _("None: it is open")), *Reason.choices], required=False,
        help_text=_("All that follows is needed only for what is not open. The public reads it."),
    )  # fmt: skip
    legal_basis_ar = _line(_("Legal basis in Arabic"), 300)
    legal_basis_en = _line(_("Legal basis in English"), 300)
    decided_by_role_ar = _line(_("Decided by (job) in Arabic"), 120)
    decided_by_role_en = _line(_("Decided by (job) in English"), 120)
    decided_on = DigitsDateField(label=_("Decided on"), required=False, help_text=_("For example 31/1/2027."))
    review_on = DigitsDateField(label=_("Looked at again on"), required=False, help_text=_("For example 31/1/2027."))

    def first_values(self, asset: Asset) -> dict[str, Any]:
        values = {name: getattr(asset, name) or "" for name in self.base_fields if hasattr(asset, name)}
        return values if asset.assessed_at or asset.reason else {"classification": asset.classification}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.decision().columns()
            except NotPossible as error:
                self.add_error(error.field, str(error))
        return data

    def decision(self) -> Decision:
        """What was decided."""
        return Decision(**{name: value for name, value in self.cleaned_data.items() if name != "revision"})

    def arguments(self) -> dict[str, Any]:
        return {"decision": self.decision()}


class WithholdForm(AssessForm):
    """The same, of what is kept back."""

    access = forms.ChoiceField(label=pgettext_lazy("data asset", "Access"), choices=NOT_OPEN, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why it is not open"), choices=[("", _("Choose")), *Reason.choices], help_text=_("The public reads it.")
    )


class ScheduleForm(VerbForm):
    """On which day it is released."""

    release_on = DigitsDateField(
        label=_("Planned release"), help_text=_("For example 31/1/2027. The public reads it in the schedule.")
    )

    def first_values(self, asset: Asset) -> dict[str, Any]:
        return {"release_on": asset.release_on}

    def arguments(self) -> dict[str, Any]:
        return {"release_on": self.cleaned_data["release_on"]}


class RedactForm(VerbForm):
    """On which ground its title is not shown."""

    ground = forms.ChoiceField(label=_("Ground the public reads"), choices=[("", _("Choose")), *Ground.choices])

    def arguments(self) -> dict[str, Any]:
        return {"ground": self.cleaned_data["ground"]}
