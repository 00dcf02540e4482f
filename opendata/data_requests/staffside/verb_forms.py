"""The forms behind the buttons of a request, but those of its answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.data_requests.actions.moving import NotPossible
from opendata.data_requests.actions.work import Wording
from opendata.data_requests.choices import Ground
from opendata.data_requests.models import DataRequest
from portal.forms import CleanCharField, CleanTextField, PortalForm
from portal.organisations.models import Membership, Unit
from portal.staff.models import User


class VerbForm(PortalForm):
    """A button alone. `version` is what its reader saw; `seen` the last event of the trail."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, asked: DataRequest, user: Any, data: Any = None, **initial: Any) -> None:
        self.asked, self.user = asked, user
        super().__init__(data, initial={**self.first_values(), "version": asked.version, **initial})

    def first_values(self) -> dict[str, Any]:
        """What stands in the fields before anything is typed."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """What the action behind the button is given."""
        return {}


def in_two(field: Any, label_ar: Any, label_en: Any, **kwargs: Any) -> tuple[Any, Any]:
    """The same field for Arabic and for English, each in its own direction."""
    found = []
    for code, label in (("ar", label_ar), ("en", label_en)):
        one = field(label=label, **kwargs)
        one.widget.attrs |= {"lang": code, "dir": "rtl" if code == "ar" else "ltr"}
        found.append(one)
    return found[0], found[1]


class WordForm(VerbForm):
    """What everybody reads the request as."""

    public_title_ar, public_title_en = in_two(
        CleanCharField, _("Public title in Arabic"), _("Public title in English"), max_length=200
    )
    public_summary_ar, public_summary_en = in_two(
        CleanTextField, _("Public summary in Arabic"), _("Public summary in English"), max_length=3000, required=False
    )

    def first_values(self) -> dict[str, Any]:
        values = {name: getattr(self.asked, name) or "" for name in Wording.__dataclass_fields__}
        if not any(values.values()):
            values[f"public_title_{self.asked.language}"] = self.asked.title
        return values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.wording().columns(self.asked)
            except NotPossible as error:
                self.add_error(error.field, str(error))
        return data

    def wording(self) -> Wording:
        """What was worded."""
        return Wording(**{name: self.cleaned_data[name] for name in Wording.__dataclass_fields__})

    def arguments(self) -> dict[str, Any]:
        return {"wording": self.wording()}


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, named with its organisation."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.organisation}: {obj}"


def _units() -> Any:
    return Unit.objects.active().select_related("organisation").order_by("organisation__code", "code")


class AcceptForm(WordForm):
    """The same, and who answers."""

    field_order = ["unit"]
    unit = UnitField(Unit.objects.none(), label=_("Unit that answers"), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _units()  # type: ignore[attr-defined]

    def first_values(self) -> dict[str, Any]:
        return {**super().first_values(), "unit": self.asked.unit_id}

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "unit": self.cleaned_data["unit"]}


class RouteForm(VerbForm):
    unit = UnitField(Unit.objects.none(), label=_("Unit"), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _units().exclude(pk=self.asked.unit_id)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return {"unit": self.cleaned_data["unit"]}


class AssignForm(VerbForm):
    to: Any = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Person"),
        required=False,
        empty_label=pgettext_lazy("request for data", "Nobody: back to the queue"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(unit=self.asked.unit_id).values("user")
        people = User.objects.filter(pk__in=members, is_active=True).order_by("username")
        self.fields["to"].queryset = people  # type: ignore[attr-defined]

    def first_values(self) -> dict[str, Any]:
        return {"to": self.asked.assignee_id}

    def arguments(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"]}


class GiveBackForm(VerbForm):
    def arguments(self) -> dict[str, Any]:
        return {"to": None}


class MergeForm(VerbForm):
    reference = CleanCharField(
        label=_("Reference of the other request"), max_length=40,
        help_text=_("The one that stays. Its page shows that this one was merged into it."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        return {"reference": self.cleaned_data["reference"]}


class RemoveForm(VerbForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices, widget=forms.RadioSelect)

    def arguments(self) -> dict[str, Any]:
        return {"ground": self.cleaned_data["ground"]}
