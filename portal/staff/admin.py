"""Staff accounts and groups of permissions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.staff.models import User

NAMES = ("name_ar", "name_en", "email", "language")


class StaffCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django has no Arabic for its own sentence.
        self.fields["usable_password"].help_text = _("Without a password this person cannot sign in here.")


class StaffChangeForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The widget names this id as its description, but Django's page leaves it out, and has no Arabic for its words.
        words = _("The password is not kept in a form that anybody could read.")
        self.fields["password"].help_text = format_html('<span id="id_password_helptext">{}</span>', words)


def group_name(group: Group) -> str:
    """Its name in the language of the page, where it is one that a new portal starts with."""
    return gettext(group.name)


class GroupFilter(admin.RelatedFieldListFilter):
    """Groups by the names staff read."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        return [(key, gettext(str(name))) for key, name in super().field_choices(field, request, model_admin)]


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Django's, with a name in each language. An account is switched off, not deleted: the history names it."""

    add_form = StaffCreationForm
    form = StaffChangeForm
    list_display = ["username", "name_ar", "name_en", "email", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", ("groups", GroupFilter)]
    search_fields = ["username", "name_ar", "name_en", "email"]
    filter_horizontal = ()
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": NAMES}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": [*NAMES, "is_staff"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):  # type: ignore[no-untyped-def]
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            if db_field.name == "groups":
                field.label_from_instance = group_name  # type: ignore
            field.widget, field.help_text = forms.CheckboxSelectMultiple(choices=field.choices), ""  # type: ignore[arg-type]
        return field

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


class PlainGroupAdmin(GroupAdmin):
    """Without the two-column chooser, which a keyboard or a screen reader cannot use well."""

    filter_horizontal = ()


admin.site.unregister(Group)
admin.site.register(Group, PlainGroupAdmin)
