"""The assessment in the staff site: the questions of a year, and what each organisation answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from policies.assessment import asking
from policies.assessment.models import Assessment, AssessmentQuerySet, Indicator, IndicatorSet
from policies.assessment.staffside import pages
from policies.assessment.staffside.sealed import read_only
from policies.assessment.states import Kind
from portal.staff.admin_base import BilingualAdmin, KeptAdmin, ReadOnlyAdmin

ASKED = ["indicator_set", "area", "code", "position", "kind", "weight", "full_at"]
TEXTS = ["question_ar", "question_en", "help_ar", "help_en"]


@admin.register(IndicatorSet)
class IndicatorSetAdmin(KeptAdmin):
    """The sets of the years: begun with last year's indicators, opened once, then only the deadline moves."""

    fields = ["year", "closes_on"]
    list_display = ["year", "closes_on", "shown_state"]
    change_form_template = "policies/assessment/desk/set_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: IndicatorSet | None = None) -> list[str]:
        return ["year"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: IndicatorSet, form: Any, change: bool) -> None:
        if change:
            asking.move_deadline(indicator_set=obj, closes_on=form.cleaned_data["closes_on"], by=request.user)
            return
        begun = asking.begin_set(year=obj.year, closes_on=obj.closes_on, by=request.user)
        obj.pk, obj._state.adding = begun.pk, False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.open_view)
        return [path("<int:pk>/open/", view, name="assessment_indicatorset_open"), *super().get_urls()]

    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask before putting the questions to the organisations; later the same button asks those that are new."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = get_object_or_404(IndicatorSet, pk=pk)
        if request.method == "POST":
            self._open(request, found)
            return redirect("admin:assessment_indicatorset_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ask the organisations"),
            "opts": IndicatorSet._meta,
            "set": found,
            "indicators": found.indicators.order_by("position", "code"),
        }
        return render(request, "policies/assessment/desk/open.html", context)

    def _open(self, request: HttpRequest, found: IndicatorSet) -> None:
        if found.is_open:
            count = asking.ask_new_organisations(indicator_set=found, by=request.user)
            told = ngettext("%(count)d organisation was added.", "%(count)d organisations were added.", count)
            messages.success(request, told % {"count": count})
            return
        try:
            asking.open_set(indicator_set=found, by=request.user)
        except asking.NothingAsked:
            messages.error(request, _("It has no indicators that count. Write some first."))
            return
        messages.success(request, _("The organisations can fill it in now. Its indicators can no longer change."))

    @admin.display(description=_("state"))
    def shown_state(self, row: IndicatorSet) -> str:
        if not row.is_open:
            return str(_("Being prepared"))
        return str(_("Deadline passed") if row.is_over(timezone.localdate()) else _("Open"))


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says politely what the database would refuse."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, weight, full_at = data.get("kind"), data.get("weight"), data.get("full_at")
        if kind == Kind.TEXT and weight:
            self.add_error("weight", _("Evidence in words earns nothing: write 0."))
        if kind and kind != Kind.TEXT and not weight and "weight" not in self.errors:
            self.add_error("weight", _("Write a weight of 1 or more."))
        if kind == Kind.NUMBER and not full_at:
            self.add_error("full_at", _("Write the number that earns the whole weight."))
        if kind and kind != Kind.NUMBER and full_at:
            self.add_error("full_at", _("Leave this empty unless the answer is a number."))
        if (found := data.get("indicator_set")) and found.is_open:
            self.add_error("indicator_set", _("This set is open: its indicators can no longer change."))
        return data


@admin.register(Indicator)
class IndicatorAdmin(BilingualAdmin):
    """Indicators of sets that are still being prepared may be changed; others are read."""

    form = IndicatorForm
    optional_translations = ("help",)
    list_display = ["code", "question_ar", "question_en", "area", "kind", "weight", "indicator_set"]
    list_select_related = ["indicator_set"]
    list_filter = ["indicator_set", "area", "kind"]
    list_per_page = 50
    search_fields = ["code", "question_ar", "question_en"]

    def get_fields(self, request: HttpRequest, obj: Indicator | None = None) -> Any:
        is_frozen = obj is not None and not self.has_change_permission(request, obj)
        return [*ASKED, *(read_only(name) if is_frozen else name for name in TEXTS)]

    def has_change_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.indicator_set.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        is_loose = obj is not None and not obj.indicator_set.is_open
        return is_loose and super().has_delete_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "indicator_set":
            kwargs["queryset"] = IndicatorSet.objects.filter(opened_at=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: bool) -> None:
        asking.save_indicator(indicator=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Indicator) -> None:
        asking.remove_indicator(indicator=obj, by=request.user)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    """Every way to an assessment goes through `get_queryset`, or through access.visible_assessment."""

    list_display = ["organisation", "indicator_set", "shown_state", "submitted_at", "decided_at"]
    list_display_links = ["organisation"]
    list_select_related = ["organisation", "indicator_set"]
    list_filter = ["state", "indicator_set"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> AssessmentQuerySet:
        return Assessment.objects.visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/fill/<slug:area>/", wrap(self.fill_view), name="assessment_assessment_fill"),
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="assessment_assessment_act"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._want_view(request)
        return pages.overview(request, self.admin_site, object_id)

    def fill_view(self, request: HttpRequest, pk: int, area: str) -> HttpResponse:
        self._want_view(request)
        return pages.fill_in(request, self.admin_site, pk, area)

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        self._want_view(request)
        return pages.act(request, self.admin_site, pk, key)

    def has_view_permission(self, request: HttpRequest, obj: Assessment | None = None) -> bool:
        """The list itself says whose rows; whoever fills in or checks may look."""
        wanted = ("view", "change", "review")
        return any(request.user.has_perm(f"assessment.{name}_assessment") for name in wanted)

    def _want_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, row: Assessment) -> str:
        return format_html('<span class="chip {}">{}</span>', row.chip, row.get_state_display())
