"""Policies in the staff site: who answers for one, its versions, their form; every step has a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from policies.pages.access import may_write, visible_version
from policies.pages.actions.writing import TEXTS, discard_version, edit_version
from policies.pages.models import Policy, PolicyQuerySet, PolicyVersion, PolicyVersionQuerySet
from policies.pages.staffside import pages, policy_pages
from policies.pages.staffside.forms import VersionForm
from policies.pages.staffside.late import conflict_context, too_late
from policies.pages.staffside.policy_list import DueFilter, StateFilter, chip, day, of_policy, with_versions
from policies.pages.staffside.sealed import read_only
from portal.audit.actions import record
from portal.live_facts import facts
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.admin_base import BilingualAdmin, KeptAdmin

TEXT_SETS = [
    (_("Arabic"), [name for name in TEXTS if name.endswith("_ar")]),
    (_("English"), [name for name in TEXTS if name.endswith("_en")]),
]
WRITING = ("pages.change_policyversion", "pages.publish_policyversion", "pages.view_policyversion")


def _may_look(user: Any) -> bool:
    return any(user.has_perm(permission) for permission in WRITING)


@admin.register(Policy)
class PolicyAdmin(KeptAdmin):
    """A policy and all its versions. Its unit and its review are an administrator's to settle, or a publisher's."""

    fields = ["slug", "group", "position", "unit", "review_months"]
    list_display = ["shown_title", "shown_state", "unit", "shown_reviewed", "shown_due"]
    list_select_related = ["unit"]
    list_filter = ["group", DueFilter]
    search_fields = ["slug", "versions__title_ar", "versions__title_en"]
    show_facets = admin.ShowFacets.NEVER
    change_form_template = "policies/pages/desk/policy.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> PolicyQuerySet:
        return with_versions(Policy.objects.visible_to(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return super().has_view_permission(request, obj) or _may_look(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        """The address stands in links from the first day on."""
        return ["slug"] if obj is not None else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            units = Unit.objects.active()
            kwargs["queryset"] = units if request.user.is_superuser else units.filter(pk__in=unit_ids(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(verb="policy.changed", subject=obj, by=request.user, data={"fields": form.changed_data})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (obj := kwargs.get("obj")) is not None:
            context["panel"] = policy_pages.panel(request.user, of_policy(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/new-version/", wrap(self.new_version_view), name="pages_policy_new_version"),
            path("<int:pk>/still-right/", wrap(self.still_right_view), name="pages_policy_still_right"),
        ]
        return own + super().get_urls()

    def new_version_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return policy_pages.new_version(request, self.admin_site, pk)

    def still_right_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return policy_pages.still_right(request, self.admin_site, pk)

    @admin.display(description=_("policy"))
    def shown_title(self, policy: Policy) -> str:
        current = of_policy(policy).current
        return str(current) if current else policy.slug

    @admin.display(description=_("state"))
    def shown_state(self, policy: Policy) -> str:
        return chip(of_policy(policy))

    @admin.display(description=_("last reviewed"))
    def shown_reviewed(self, policy: Policy) -> str:
        current = of_policy(policy).current
        return day(current.last_reviewed if current else None)

    @admin.display(description=_("next review"))
    def shown_due(self, policy: Policy) -> str:
        current = of_policy(policy).current
        return day(current.review_due_on if current else None)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(BilingualAdmin):
    """Begun from the page of its policy. A draft is changed in the form; any other version is read there."""

    form = VersionForm
    optional_translations = ("title", "summary", "body", "changes")
    list_display = ["shown_title", "number", "shown_state", "shown_from", "author"]
    list_filter = [StateFilter]
    search_fields = ["title_ar", "title_en", "policy__slug"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["policy__position", "policy__slug", "-number"]
    change_form_template = "policies/pages/desk/version.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> PolicyVersionQuerySet:
        rows = PolicyVersion.objects.visible_to(request.user).knowing_successors()
        return rows.select_related("policy__unit", "author")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        return super().has_view_permission(request, obj) or _may_look(request.user)

    def has_change_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return obj.is_draft and may_write(request.user, obj.policy)

    def has_delete_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        """A draft only, and never many at once."""
        return obj is not None and obj.is_draft and may_write(request.user, obj.policy)

    def get_fieldsets(self, request: HttpRequest, obj: PolicyVersion | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(title, {"fields": [read_only(name) for name in names]}) for title, names in TEXT_SETS]
        texts: list[Any] = [(title, {"fields": names}) for title, names in TEXT_SETS]
        texts[-1][1]["fields"] = [*texts[-1][1]["fields"], "seen_revision"]
        return texts

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A text that comes when the version takes none any more is shown again, not refused and lost."""
        if request.method != "POST" or not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        with transaction.atomic():  # what the form compares with stays so until it is saved
            version = visible_version(request.user, object_id, lock=True)
            if not self.has_change_permission(request, version):
                return too_late(request, self.admin_site, version)
            return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: PolicyVersion, form: VersionForm, change: bool) -> None:
        edit_version(version=obj, by=request.user, revision=form.cleaned_data["seen_revision"], **form.texts())

    def delete_model(self, request: HttpRequest, obj: PolicyVersion) -> None:
        if not discard_version(version=obj, by=request.user):
            raise PermissionDenied

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None:
            context["preview_languages"] = pages.PREVIEWS
            context["panel"] = pages.panel(request.user, visible_version(request.user, obj.pk))
            context["facts"] = facts() if obj.is_draft else []
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_revision", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="pages_policyversion_act"),
            path("<int:pk>/preview/<str:language>/", wrap(self.preview_view), name="pages_policyversion_preview"),
            path("<int:pk>/compare/", wrap(self.compare_view), name="pages_policyversion_compare"),
        ]
        return own + super().get_urls()

    def _want_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        self._want_view(request)
        return pages.act(request, self.admin_site, pk, key)

    def preview_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        self._want_view(request)
        return pages.preview(request, pk, language)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._want_view(request)
        return pages.compare(request, self.admin_site, pk)

    @admin.display(description=_("title"))
    def shown_title(self, version: PolicyVersion) -> str:
        return str(version)

    @admin.display(description=_("state"))
    def shown_state(self, version: PolicyVersion) -> str:
        return chip(version)

    @admin.display(description=_("in force from"), ordering="publish_at")
    def shown_from(self, version: PolicyVersion) -> str:
        return day(version.publish_at)
