"""What staff fill in to place a hold or to ask for a disposal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import CleanCharField, DigitsDateField, PortalForm
from portal.retention import registry
from portal.retention.disposal import can_go
from portal.retention.models import Ground

EVERYTHING = "everything"


def _choices(subjects: Iterable[registry.Subject]) -> list[tuple[str, Any]]:
    """Each kind with what to type to name one."""
    return [(each.model, format_lazy("{} – {}", each.name, each.hint)) for each in subjects]


class SubjectForm(PortalForm):
    """Names one thing; `key` is its key once the form is valid."""

    kind = forms.ChoiceField(label=gettext_lazy("What does it concern?"), widget=forms.RadioSelect)
    which = CleanCharField(
        label=gettext_lazy("Which one?"), max_length=200,
        help_text=gettext_lazy("What to type stands beside each kind above."),
    )  # fmt: skip
    key = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        subject = registry.subject(data.get("kind", ""))
        if subject is None or "which" in self.errors:
            return data
        found = subject.find(data.get("which") or "") if data.get("which") else None
        if found is None:
            self.add_error("which", _("There is none that is called so. Check it and try again."))
        else:
            self.key = str(found)
        return data


class HoldForm(SubjectForm):
    """A legal hold."""

    which = CleanCharField(
        label=gettext_lazy("Which one?"), required=False, max_length=200,
        help_text=gettext_lazy("What to type stands beside each kind above; nothing for everything in the portal."),
    )  # fmt: skip
    reason = CleanCharField(
        label=gettext_lazy("Reason"), max_length=300,
        help_text=gettext_lazy("A file number or an order. Do not name or describe a citizen here."),
    )  # fmt: skip
    last_day = DigitsDateField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until somebody lifts it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = (EVERYTHING, gettext_lazy("Everything in the portal"))
        self.fields["kind"].choices = [*_choices(registry.subjects()), everything]  # type: ignore[attr-defined]

    def clean_last_day(self) -> datetime | None:
        """The end of that day."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose a later one, or leave it empty."))
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class EarlyForm(SubjectForm):
    """Something to go before its time."""

    ground = forms.ChoiceField(label=gettext_lazy("Why?"), choices=Ground.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        early = [subject for subject in registry.subjects() if subject.may_go_early]
        self.fields["kind"].choices = _choices(early)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.key and not can_go(data["kind"], self.key):
            self.add_error("which", _("It is not finished, or there is nothing left to remove."))
        return data
