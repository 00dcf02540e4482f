"""The form for everything about a questionnaire but its questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.surveys.actions.editing import Conflict, frozen_fields, lock_for_edit
from participation.surveys.actions.readiness import WORDS, shortcomings
from participation.surveys.kinds import Kind, State
from participation.surveys.models import Questionnaire
from portal.audit.actions import record


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """`seen` is the version its reader saw: the second of two editors is told, and keeps what was typed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Questionnaire
        fields = "__all__"  # noqa: DJ007 - the admin names the fields
        help_texts = {
            "slug": escape(
                gettext_lazy("In Latin letters; it stays for ever: /polls/<address>/ or /surveys/<address>/.")
            ),
            "asks_gender": gettext_lazy("People may always prefer not to say."),
            "crossing_first": gettext_lazy("Results are also read by two of these at once; chosen before it opens."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        fresh = Questionnaire.objects.select_for_update().filter(pk=self.instance.pk).first()
        if fresh and (fresh.version != data.get("seen") or frozen_fields(fresh) & self.fields.keys()):
            self._tell_what_changed(fresh)
        else:
            self._check_times(self._value("opens_at"), self._value("closes_at"))
            self._check_crossing()
        return data

    def _tell_what_changed(self, fresh: Questionnaire) -> None:
        """Somebody was quicker: say so, and at each field that differs what is stored now. What was typed stays."""
        typed = self.data.copy()  # type: ignore[attr-defined]
        typed["seen"] = str(fresh.version)
        self.data = typed
        self.add_error(None, str(Conflict.message))
        for name in set(self.fields) & set(self.cleaned_data) - {"seen"}:
            stored = getattr(fresh, name)
            if stored != self.cleaned_data[name] and (stored or self.cleaned_data[name]):
                self.add_error(name, _("Stored now: %(value)s") % {"value": stored})

    def _post_clean(self) -> None:
        """Once it is scheduled it has to stay fit to be answered."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.instance.state == State.SCHEDULED:
            for code in shortcomings(self.instance):
                if code != "closed_already":
                    self.add_error(None, str(WORDS[code]))

    def _value(self, name: str) -> Any:
        """What the field holds, or what is stored where it can no longer be changed."""
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name, None)

    def _check_times(self, opens_at: Any, closes_at: Any) -> None:
        if opens_at and closes_at and closes_at <= opens_at and "closes_at" in self.fields:
            self.add_error("closes_at", str(WORDS["closes_before_opening"]))
        is_moved = "closes_at" in self.changed_data and self.instance.state == State.SCHEDULED
        if is_moved and closes_at and closes_at <= timezone.now():
            self.add_error("closes_at", str(WORDS["closed_already"]))
        if closes_at and self._value("kind") == Kind.SATISFACTION and self.instance.pk is None:
            self.add_error("closes_at", _("The satisfaction survey is always open: leave this empty."))

    def _check_crossing(self) -> None:
        first, second = self._value("crossing_first"), self._value("crossing_second")
        if "crossing_second" not in self.fields or not (first or second):
            return
        if not (first and second) or first == second:
            self.add_error("crossing_second", _("Choose two different ones, or none."))
        elif not all(self._value(f"asks_{cut}") for cut in (first, second)):
            self.add_error("crossing_second", _("Only what is asked for can be crossed. Tick both above."))

    @transaction.atomic
    def store(self, *, by: Any) -> Questionnaire:
        """Save it and count the change."""
        questionnaire: Questionnaire = self.instance
        if questionnaire.pk is None:
            questionnaire.created_by = by
            questionnaire.save()
            record(verb="questionnaire.created", subject=questionnaire, by=by)
            return questionnaire
        lock_for_edit(questionnaire, self.cleaned_data["seen"], structure=False)
        questionnaire.save()
        changed = [name for name in self.changed_data if name != "seen"]
        record(verb="questionnaire.edited", subject=questionnaire, by=by, data={"fields": changed})
        return questionnaire
