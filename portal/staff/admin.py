"""Staff accounts and groups of permissions."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from portal.staff.models import User

NAMES = ("name_ar", "name_en", "email", "language")


class StaffCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User


class StaffChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's, with a name in each language. An account is switched off, not deleted: the history names it."""

    add_form = StaffCreationForm
    form = StaffChangeForm
    list_display = ["username", "name_ar", "name_en", "email", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["username", "name_ar", "name_en", "email"]
    filter_horizontal = ()
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": NAMES}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": [*NAMES, "is_staff"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


class PlainGroupAdmin(GroupAdmin):
    """Without the two-column chooser, which a keyboard or a screen reader cannot use well."""

    filter_horizontal = ()


admin.site.unregister(Group)
admin.site.register(Group, PlainGroupAdmin)
