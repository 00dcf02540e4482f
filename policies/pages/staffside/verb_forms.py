"""The forms behind the buttons of a policy and of a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.pages.models import PolicyVersion
from portal.forms import CleanTextField, DigitsDateField, DigitsTimeField, PortalForm


class VerbForm(PortalForm):
    """A button alone. `revision` is what its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, version: PolicyVersion, *args: Any, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **{"initial": {"revision": version.revision}, **kwargs})


class ApproveForm(VerbForm):
    """In force at once, or from a day and a time on."""

    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label=_("From when shall it be in force?"),
        choices=[(NOW, _("Now")), (LATER, _("From the day and time below"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    day = DigitsDateField(label=_("Day"), required=False, help_text=_("For example 31/1/2027."))
    time = DigitsTimeField(label=_("Time"), required=False, help_text=_("For example 07:30."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["at"] = self._moment(data) if data.get("when") == self.LATER else None
        return data

    def _moment(self, data: dict[str, Any]) -> datetime | None:
        for name, message in (("day", _("Write the day.")), ("time", _("Write the time."))):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        if self.errors:
            return None
        at = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        if at <= timezone.now():
            self.add_error("day", _("This moment has passed. Choose a later one, or “Now”."))
        return at


class ReturnForm(VerbForm):
    """What has to be changed."""

    remark = CleanTextField(
        label=_("What has to be changed?"), max_length=2000, help_text=_("Whoever wrote the version reads it.")
    )
