"""The forms behind the buttons of a case."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.feedback.actions.work import older_corrections
from participation.feedback.models import Case
from participation.feedback.reply_templates import PLACEHOLDER
from participation.feedback.states import Ground, Kind, Priority
from portal.forms import CleanTextField, PortalForm
from portal.organisations.models import Membership, Organisation, Unit
from portal.staff.models import User

LONGEST = 10_000


def send_field(label: Any, **kwargs: Any) -> CleanTextField:
    """A field for a text that is sent to somebody."""
    return CleanTextField(label=label, max_length=LONGEST, **kwargs)


class VerbForm(PortalForm):
    """A form that acts on one case. `version` is what its reader saw; `seen` the last event of the history shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        self.case = case
        super().__init__(*args, **kwargs)


class PlainForm(VerbForm):
    """A button alone."""


class LetterForm(VerbForm):
    """A text the citizen will read."""

    text = send_field(_("Text to the citizen"))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if PLACEHOLDER in text:
            raise forms.ValidationError(
                _("The text still has a placeholder in square brackets. Write what belongs there, or take it out."),
                code="placeholder",
            )
        return text


class ReplyForm(LetterForm):
    field_order = ["is_final", "text", "reason"]
    FINAL = "final"
    INTERIM = "interim"

    is_final = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(FINAL, _("The answer: the case is answered")), (INTERIM, _("News on the way: the case stays open"))],
        initial=FINAL,
        widget=forms.RadioSelect,
    )
    text = send_field(_("Reply"))
    reason = CleanTextField(
        label=_("Why out of turn?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Corrections are answered in the order they came, and older ones wait. Each jump is counted in public."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.case
        is_correction = case.kind == Kind.DATA_CORRECTION and case.priority != Priority.SAFETY
        if not is_correction or not older_corrections(case).exists():
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "reason" in self.fields and data.get("is_final") == self.FINAL and not data.get("reason"):
            self.ask_reason()
        return data

    def ask_reason(self) -> None:
        """Say that the reason is missing; the text stays."""
        target = "reason" if "reason" in self.fields else None
        self.add_error(target, _("Older corrections of your unit still wait. Say why this one is answered first."))


class ReferForm(LetterForm):
    authority: Any = forms.ModelChoiceField(Organisation.objects.none(), label=_("Authority"), empty_label=_("Choose"))
    text = send_field(_("Text for the citizen and the authority"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["authority"]
        field.queryset = Organisation.objects.filter(is_external=True)


class RemoveForm(LetterForm):
    ground = forms.ChoiceField(label=_("Published ground"), choices=[("", _("Choose")), *Ground.choices])

    def clean_ground(self) -> Ground:
        return Ground(self.cleaned_data["ground"])


class NoteForm(VerbForm):
    text = send_field(_("Note for colleagues; the citizen never sees it"), widget=forms.Textarea(attrs={"rows": 3}))


class RouteForm(VerbForm):
    unit: Any = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.active().exclude(pk=self.case.unit_id)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return str(obj)


def people_of(*unit_ids: int) -> Any:
    """Active staff with any role in these units."""
    members = Membership.objects.filter(unit__in=unit_ids).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("username")


class AssignForm(VerbForm):
    to = PersonField(User.objects.none(), label=_("Person"), required=False, empty_label=_("Nobody: back to the queue"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people_of(*filter(None, [self.case.unit_id]))
        field.initial = self.case.assignee_id


class PriorityForm(VerbForm):
    CHOICES: ClassVar = [choice for choice in Priority.choices if choice[0] != Priority.SAFETY]

    priority = forms.ChoiceField(label=_("Priority"), choices=CHOICES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].initial = self.case.priority

    def clean_priority(self) -> Priority:
        return Priority(self.cleaned_data["priority"])


class SafetyForm(VerbForm):
    reason = CleanTextField(
        label=_("Why it bears on public safety"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = self.case.safety_reason
