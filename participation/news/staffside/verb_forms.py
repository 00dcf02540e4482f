"""The forms behind the buttons of an announcement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.news.models import Announcement
from participation.news.states import Ground, Outcome
from portal.forms import CleanTextField, DigitsDateField, DigitsTimeField, PortalForm


class VerbForm(PortalForm):
    """A button alone. `version` is what its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, announcement: Announcement, *args: Any, **kwargs: Any) -> None:
        self.announcement = announcement
        super().__init__(*args, **{"initial": {"version": announcement.version}, **kwargs})


class PublishForm(VerbForm):
    """At once, or on a day and at a time."""

    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label=_("When shall the public see it?"),
        choices=[(NOW, _("Now")), (LATER, _("On the day and at the time below"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    day = DigitsDateField(label=_("Day"), required=False, help_text=_("For example 31/1/2027."))
    time = DigitsTimeField(label=_("Time"), required=False, help_text=_("For example 07:30."))

    def __init__(self, announcement: Announcement, *args: Any, **kwargs: Any) -> None:
        super().__init__(announcement, *args, **kwargs)
        if announcement.publish_at is not None:
            local = timezone.localtime(announcement.publish_at)
            self.initial.update(when=self.LATER, day=local.date(), time=f"{local:%H:%M}")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["at"] = None
        if data.get("when") == self.LATER:
            data["at"] = self._moment(data)
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


class HideForm(VerbForm):
    """On which ground it is taken down."""

    ground = forms.ChoiceField(label=_("Published ground"), choices=[("", _("Choose")), *Ground.choices])
    reason = CleanTextField(
        label=_("Explanation for the author"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AppealForm(VerbForm):
    """Why it should be shown again."""

    text = CleanTextField(label=_("Why should it be shown again?"), max_length=2000)


class DecideForm(VerbForm):
    """What becomes of an appeal, and why."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    answer = CleanTextField(label=_("Reasons"), max_length=2000, help_text=_("Whoever appealed reads them."))
