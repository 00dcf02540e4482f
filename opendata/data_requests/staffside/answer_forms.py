"""The forms of answers: one for each kind, with what that kind needs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Dataset
from opendata.data_requests.access import may_schedule
from opendata.data_requests.actions.answering import Reply
from opendata.data_requests.actions.moving import NotPossible
from opendata.data_requests.choices import Outcome, Refusal
from opendata.data_requests.staffside.verb_forms import VerbForm, in_two
from portal.forms import CleanCharField, CleanTextField, DigitsDateField


class AnswerForm(VerbForm):
    """The text everybody reads. `kind` is what it answers."""

    kind: ClassVar[str]
    text_ar, text_en = in_two(CleanTextField, _("Answer in Arabic"), _("Answer in English"), max_length=5000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.reply().columns()
            except NotPossible as error:
                self.add_error(error.field, str(error))
        return data

    def reply(self) -> Reply:
        """The answer in the making."""
        names = Reply.__dataclass_fields__.keys() - {"kind", "version"}  # the form's version is the request's
        return Reply(kind=self.kind, **{name: self.cleaned_data[name] for name in names & self.cleaned_data.keys()})

    def arguments(self) -> dict[str, Any]:
        return {"reply": self.reply()}


class DatasetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A published dataset; what is linked is the version that is the newest now."""

    def label_from_instance(self, obj: Dataset) -> str:
        return f"{obj} ({obj.latest.number})" if obj.latest else str(obj)


class ReleasedForm(AnswerForm):
    kind = Outcome.RELEASED
    field_order = ["dataset"]
    dataset = DatasetField(
        Dataset.objects.none(), label=_("Dataset"), empty_label=_("Choose"),
        help_text=_("Published datasets of your organisation. The answer links to the newest version."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.asked.unit
        heavy = ("latest__preview", "latest__columns", "latest__manifest", "latest__signature")
        rows = Dataset.objects.published().select_related("latest").defer(*heavy).order_by("title", "slug")
        mine = rows.filter(asset__organisation=unit.organisation_id if unit else None)
        self.fields["dataset"].queryset = mine  # type: ignore[attr-defined]

    def first_values(self) -> dict[str, Any]:
        asset = self.asked.asset
        dataset = getattr(asset, "dataset", None) if asset is not None else None
        return {"dataset": dataset.pk} if dataset is not None else {}

    def reply(self) -> Reply:
        reply = super().reply()
        return Reply(**{**reply.__dict__, "version": self.cleaned_data["dataset"].latest})


class PartlyForm(ReleasedForm):
    kind = Outcome.PARTLY
    reason = forms.ChoiceField(
        label=_("Why not the rest"), choices=[("", _("For no legal reason: the text says it")), *Refusal.choices],
        required=False,
    )  # fmt: skip
    legal_basis_ar, legal_basis_en = in_two(
        CleanCharField, _("Legal basis in Arabic"), _("Legal basis in English"), max_length=300, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("reason"):
            data |= {"legal_basis_ar": "", "legal_basis_en": ""}
        return data


class PlannedForm(AnswerForm):
    kind = Outcome.PLANNED
    field_order = ["planned_on", "into_schedule"]
    planned_on = DigitsDateField(label=_("Planned release"), help_text=_("For example 31/1/2027. The public reads it."))
    into_schedule = forms.BooleanField(
        label=_("Also set this day in the schedule of the inventory"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_schedule(self.user, self.asked):
            del self.fields["into_schedule"]

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "into_schedule": bool(self.cleaned_data.get("into_schedule"))}


class NotHeldForm(AnswerForm):
    kind = Outcome.NOT_HELD
    holder_ar, holder_en = in_two(
        CleanCharField, _("Who holds it, in Arabic"), _("Who holds it, in English"), max_length=300
    )


class RefusedForm(AnswerForm):
    kind = Outcome.REFUSED
    field_order = ["reason", "legal_basis_ar", "legal_basis_en"]
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *Refusal.choices])
    legal_basis_ar, legal_basis_en = in_two(
        CleanCharField, _("Legal basis in Arabic"), _("Legal basis in English"), max_length=300
    )
