from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.organisations.models import Membership, Organisation, Role, Topic, Unit
from portal.staff.admin_base import BilingualAdmin, KeptAdmin


@admin.register(Organisation)
class OrganisationAdmin(BilingualAdmin, KeptAdmin):
    list_display = ["code", "name_ar", "name_en", "is_external"]
    list_filter = ["is_external"]
    search_fields = ["code", "name_ar", "name_en"]
    fields = ["code", "name_ar", "name_en", "email", "is_external"]


@admin.register(Unit)
class UnitAdmin(BilingualAdmin, KeptAdmin):
    """A unit that is no longer needed is taken out of use; its cases stay where they are."""

    list_display = ["code", "name_ar", "name_en", "organisation", "calendar", "is_triage", "is_active"]
    list_select_related = ["organisation", "calendar"]
    list_filter = ["organisation", "is_active"]
    search_fields = ["code", "name_ar", "name_en"]
    fields = ["organisation", "code", "name_ar", "name_en", "email", "calendar", "is_triage", "is_active"]


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit = data.get("unit")
        if unit and data.get("role") == Role.HEAD:
            other = Membership.objects.filter(unit=unit, role=Role.HEAD).exclude(pk=self.instance.pk)
            if head := other.select_related("user").first():
                message = _("This unit already has a head: %(person)s. Give them another role first.")
                self.add_error("role", forms.ValidationError(message, params={"person": head.user}))
        return data


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = MembershipForm
    list_display = ["user", "unit", "role"]
    list_select_related = ["user", "unit"]
    list_filter = ["role", "unit"]
    search_fields = ["user__username", "user__name_ar", "user__name_en", "unit__name_ar", "unit__name_en"]


@admin.register(Topic)
class TopicAdmin(BilingualAdmin, KeptAdmin):
    optional_translations = ("guidance",)
    list_display = ["name_ar", "name_en", "position", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["slug", "name_ar", "name_en"]
    fields = ["slug", "name_ar", "name_en", "guidance_ar", "guidance_en", "position", "is_active"]
