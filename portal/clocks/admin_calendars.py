"""Working calendars in the staff site. A change first shows how many open promises it would move.

It stands here and not in portal.working_days because calendars know nothing of the clocks that count with them.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.audit.actions import record
from portal.clocks.calendar_effects import Effect, effect_of
from portal.staff.admin_base import BilingualAdmin, KeptAdmin
from portal.working_days import actions
from portal.working_days.models import Calendar, Closure, SpecialHours, WeeklyHours

PREVIEW = "admin/clocks/calendar_preview.html"


class PreviewedAdmin(BilingualAdmin):
    """Saves in two steps: what would move is reckoned inside a transaction that is rolled back, and shown first."""

    def calendars_of(self, obj: models.Model | None) -> list[Calendar]:
        """The calendars a saved object belongs to."""
        return [obj.calendar] if obj is not None else []  # type: ignore[attr-defined]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST" or "_confirmed" in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.saved_object = None  # type: ignore[attr-defined]
        effect: Effect | None = None
        with transaction.atomic():
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if isinstance(response, HttpResponseRedirect) and request.saved_object is not None:  # type: ignore[attr-defined]
                effect = effect_of(self.calendars_of(request.saved_object))  # type: ignore[attr-defined]
                transaction.set_rollback(True)
        if effect is None:
            return response
        list(messages.get_messages(request))  # "was saved" is not true yet
        return self._ask(request, effect)

    def _ask(self, request: HttpRequest, effect: Effect) -> HttpResponse:
        sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Check before saving"),
            "opts": self.opts,
            "effect": effect,
            "sent": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
        }
        return render(request, PREVIEW, context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        request.saved_object = obj  # type: ignore[attr-defined]
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        request.saved_object = obj  # type: ignore[attr-defined]
        return super().log_change(request, obj, message)


class WeeklyHoursInline(admin.StackedInline):  # type: ignore[type-arg]
    model = WeeklyHours
    extra = 1
    fields = [("weekday", "opens", "closes")]


class CalendarAdmin(PreviewedAdmin, KeptAdmin):
    list_display = ["name_ar", "name_en", "timezone", "is_default", "version"]
    fields = ["name_ar", "name_en", "timezone", "is_default", "version"]
    readonly_fields = ["version"]
    inlines = [WeeklyHoursInline]
    actions = ["propose_holidays"]

    def calendars_of(self, obj: models.Model | None) -> list[Calendar]:
        return [obj] if isinstance(obj, Calendar) else []

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: bool) -> None:
        if change:
            actions.touch(obj)
        super().save_model(request, obj, form, change)
        if not change:
            record(verb="calendar.created", subject=obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The week is replaced as a whole, which is one entry in the history."""
        formset.save(commit=False)  # says what changed, for Django's own log
        if not formset.has_changed():
            return
        kept = [data for data in formset.cleaned_data if data and not data.get("DELETE")]
        weekly = [(data["weekday"], data["opens"], data["closes"]) for data in kept]
        actions.change_hours(calendar=form.instance, weekly=weekly, by=request.user)

    @admin.action(description=gettext_lazy("Propose the public holidays of next year"), permissions=["change"])
    def propose_holidays(self, request: HttpRequest, queryset: QuerySet[Calendar]) -> None:
        year = timezone.localdate().year + 1
        found = [c for calendar in queryset
                 for c in actions.propose_public_holidays(calendar=calendar, year=year, by=request.user)]  # fmt: skip
        message = ngettext(
            "%(count)d closure of %(year)d was entered as tentative. It stops no clock until you confirm it.",
            "%(count)d closures of %(year)d were entered as tentative. They stop no clock until you confirm them.",
            len(found),
        )
        self.message_user(request, message % {"count": len(found), "year": year})


class ClosureForm(forms.ModelForm):  # type: ignore[type-arg]
    """A withdrawn closure stays withdrawn, a confirmed one does not become a guess again."""

    def clean_status(self) -> str:
        status: str = self.cleaned_data["status"]
        before = self.initial.get("status")
        if before == Closure.Status.CONFIRMED and status == Closure.Status.TENTATIVE:
            raise ValidationError(_("It was announced already. Withdraw it, or move it to other days."))
        if not self.instance.pk and status == Closure.Status.WITHDRAWN:
            raise ValidationError(_("A new closure is tentative or confirmed."))
        return status


class ClosureAdmin(PreviewedAdmin, KeptAdmin):
    """Withdrawn instead of deleted, so that nobody proposes the same days again."""

    form = ClosureForm
    list_display = ["name_ar", "name_en", "first_day", "last_day", "status", "calendar"]
    list_select_related = ["calendar"]
    list_filter = ["status", "calendar"]
    search_fields = ["name_ar", "name_en"]
    fields = ["calendar", "name_ar", "name_en", "first_day", "last_day", "status", "source"]

    def get_readonly_fields(self, request: HttpRequest, obj: Closure | None = None) -> list[str]:
        return ["calendar"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Closure | None = None) -> bool:
        withdrawn = obj is not None and obj.status == Closure.Status.WITHDRAWN
        return not withdrawn and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Closure, form: Any, change: bool) -> None:
        if change:
            self._change(request, obj)
            return
        names = ("calendar", "name_ar", "name_en", "first_day", "last_day", "status", "source")
        made = actions.announce_closure(by=request.user, **{name: getattr(obj, name) for name in names})
        obj.pk, obj._state.adding = made.pk, False

    def _change(self, request: HttpRequest, obj: Any) -> None:
        before = Closure.objects.get(pk=obj.pk)
        days = {"first_day": obj.first_day, "last_day": obj.last_day}
        actions.touch(before.calendar)
        Closure.objects.filter(pk=obj.pk).update(name_ar=obj.name_ar, name_en=obj.name_en, source=obj.source)
        if obj.status != before.status and obj.status == Closure.Status.WITHDRAWN:
            actions.withdraw_closure(closure=before, by=request.user)
        elif obj.status != before.status:
            actions.confirm_closure(closure=before, by=request.user, **days)
        elif (before.first_day, before.last_day) != (obj.first_day, obj.last_day):
            actions.move_closure(closure=before, by=request.user, **days)


class SpecialHoursAdmin(PreviewedAdmin):
    list_display = ["name_ar", "name_en", "first_day", "last_day", "opens", "closes", "beats_closures", "calendar"]
    list_select_related = ["calendar"]
    list_filter = ["calendar"]
    fields = ["calendar", "name_ar", "name_en", "first_day", "last_day", "opens", "closes", "beats_closures"]

    def get_readonly_fields(self, request: HttpRequest, obj: SpecialHours | None = None) -> list[str]:
        return ["calendar"] if obj else []

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def save_model(self, request: HttpRequest, obj: SpecialHours, form: Any, change: bool) -> None:
        """Changed hours are the old ones removed and the new ones set, so that the history has both."""
        if change:
            actions.remove_special_hours(special=SpecialHours.objects.get(pk=obj.pk), by=request.user)
        names = ("calendar", "name_ar", "name_en", "first_day", "last_day", "beats_closures")
        values = {name: getattr(obj, name) for name in names}
        (made,) = actions.set_special_hours(intervals=[(obj.opens, obj.closes)], by=request.user, **values)
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: HttpRequest, obj: SpecialHours) -> None:
        actions.remove_special_hours(special=obj, by=request.user)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django asks before it deletes; here it also says what would move."""
        special = self.get_object(request, object_id)
        if special is not None and request.method == "GET" and self.has_delete_permission(request, special):
            with transaction.atomic():
                calendar = special.calendar
                self.delete_model(request, SpecialHours.objects.get(pk=special.pk))
                effect = effect_of([calendar])
                transaction.set_rollback(True)
            extra_context = {**(extra_context or {}), "effect": effect}
        return super().delete_view(request, object_id, extra_context)

    delete_confirmation_template = "admin/clocks/delete_special_hours.html"


def register_all() -> None:
    """Put the calendars into the staff site."""
    admin.site.register(Calendar, CalendarAdmin)
    admin.site.register(Closure, ClosureAdmin)
    admin.site.register(SpecialHours, SpecialHoursAdmin)
