"""Service levels, the escalation ladder, production incidents; working calendars are in admin_calendars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.clocks import admin_calendars, registry, warnings
from portal.clocks.actions import close_incident, open_incident, save_policy
from portal.clocks.models import EscalationStep, Incident, Policy
from portal.clocks.time_left import in_words
from portal.staff import desk
from portal.staff.admin_base import BilingualAdmin, KeptAdmin

admin_calendars.register_all()
desk.register(warnings.panels)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers what the registered subjects know, instead of free text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = registry.subjects()
        offered = {
            "subject_kind": [(subject.kind, subject.name) for subject in subjects],
            "kind": [("", _("Every kind")), *dict.fromkeys(pair for subject in subjects for pair in subject.kinds)],
            "priority": [("", _("Every priority")), *dict.fromkeys(pair for s in subjects for pair in s.priorities)],
        }
        for name, choices in offered.items():
            if name in self.fields:
                old = self.fields[name]
                self.fields[name] = forms.ChoiceField(choices=choices, label=old.label, required=name == "subject_kind")


@admin.register(Policy)
class PolicyAdmin(KeptAdmin):
    """A change holds for clocks started from now on; those that run keep what was promised."""

    form = PolicyForm
    list_display = ["applies_to", "kind_words", "priority_words", "metric", "length", "warning", "is_active", "version"]
    list_filter = ["metric", "is_active"]
    fields = ["subject_kind", "kind", "priority", "metric", "minutes", "warn_minutes", "is_active", "version"]
    readonly_fields = ["version"]

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        save_policy(policy=obj, by=request.user)

    @admin.display(description=_("applies to"), ordering="subject_kind")
    def applies_to(self, policy: Policy) -> Any:
        return next(
            (subject.name for subject in registry.subjects() if subject.kind == policy.subject_kind),
            policy.subject_kind,
        )

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, policy: Policy) -> Any:
        return _words(policy.kind, "kinds", _("Every kind"))

    @admin.display(description=_("priority"), ordering="priority")
    def priority_words(self, policy: Policy) -> Any:
        return _words(policy.priority, "priorities", _("Every priority"))

    @admin.display(description=_("time promised"), ordering="minutes")
    def length(self, policy: Policy) -> str:
        return in_words(policy.minutes)

    @admin.display(description=_("warning before"), ordering="warn_minutes")
    def warning(self, policy: Policy) -> str:
        return in_words(policy.warn_minutes)


def _words(value: str, which: str, every: Any) -> Any:
    labels = {key: label for subject in registry.subjects() for key, label in getattr(subject, which)}
    return labels.get(value, value) if value else every


@admin.register(EscalationStep)
class EscalationStepAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["level", "role", "is_warning", "minutes_after_due", "email", "is_active"]
    list_filter = ["is_active"]
    fields = ["level", "role", "is_warning", "minutes_after_due", "email", "is_active"]


@admin.register(Incident)
class IncidentAdmin(BilingualAdmin, KeptAdmin):
    """Adding one opens it and suspends what each kind of subject says; the action closes it again."""

    list_display = ["title_ar", "title_en", "opened_at", "opened_by", "closed_at"]
    list_select_related = ["opened_by"]
    actions = ["close_selected"]

    def get_fields(self, request: HttpRequest, obj: Incident | None = None) -> Any:
        names = ["title_ar", "title_en"]
        return [*names, "opened_at", "opened_by", "closed_at"] if obj else names

    def get_readonly_fields(self, request: HttpRequest, obj: Incident | None = None) -> list[str]:
        return ["opened_at", "opened_by", "closed_at"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["title_ar", "title_en"])
            return
        opened = open_incident(title_ar=obj.title_ar, title_en=obj.title_en, by=request.user)
        obj.__dict__.update({key: value for key, value in opened.__dict__.items() if key != "_state"})
        obj._state.adding = False

    @admin.action(description=_("Close: the problem is solved"), permissions=["change"])
    def close_selected(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        count = sum(close_incident(incident=incident, by=request.user) for incident in queryset)
        message = ngettext("%(count)d incident was closed.", "%(count)d incidents were closed.", count)
        self.message_user(request, message % {"count": count})
