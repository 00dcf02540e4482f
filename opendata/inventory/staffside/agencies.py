"""The profiles of the agencies in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from opendata.inventory.access import may_describe
from opendata.inventory.actions.agencies import TEXT_COLUMNS, add_agency, describe_agency
from opendata.inventory.compliance import reports
from opendata.inventory.models import Agency, AgencyQuerySet
from opendata.inventory.staffside.conflicts import conflict_context
from opendata.inventory.staffside.content_form import AgencyForm
from opendata.inventory.staffside.sealed import read_only
from portal.audit.models import AuditEvent
from portal.organisations.models import Organisation
from portal.staff.admin_base import LANGUAGES, BilingualAdmin, KeptAdmin

FIXED = ["organisation", "slug", "counted_from"]
CONTACT = ["contact_email", "contact_phone", "website"]
LOCKED_FOR = ("inventory_agency_change",)


class AgencyAdmin(BilingualAdmin, KeptAdmin):
    """Written by those who work there; from when its deadlines run is set by who may add agencies."""

    form = AgencyForm
    optional_translations = ("contact_role", "roles", "publication_process", "request_process", "feedback_process")
    list_display = ["organisation", "counted_from", "shown_met", "shown_missed"]
    list_select_related = ["organisation"]
    list_per_page = 50
    search_fields = ["organisation__name_ar", "organisation__name_en", "slug"]
    show_full_result_count = False
    ordering = ["organisation__code"]
    change_form_template = "opendata/inventory/desk/agency.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> AgencyQuerySet:
        rows = Agency.objects.visible_to(request.user)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in LOCKED_FOR:
            locked = Agency.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
            rows = locked.select_for_update(of=("self",))  # what the form compares with stays so until it is saved
        return rows

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The figures of all agencies of the page in one query."""
        found = super().get_changelist_instance(request)
        standing = {report.agency.pk: report for report in reports(found.result_list)}
        for agency in found.result_list:
            agency.report = standing[agency.pk]
        return found

    # Who may -----------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm("inventory.oversee_agency")

    def has_change_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        return super().has_change_permission(request) and (obj is None or may_describe(request.user, obj))

    # The form ----------------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Agency | None = None) -> list[str]:
        """An agency does not move its own deadlines."""
        if obj is None:
            return []
        return ["organisation"] if request.user.is_superuser else FIXED  # type: ignore[union-attr]

    def get_fieldsets(self, request: HttpRequest, obj: Agency | None = None) -> Any:
        if obj is not None and not may_describe(request.user, obj):
            texts: list[Any] = [read_only(Agency, name) for name in TEXT_COLUMNS]
            return [(None, {"fields": [*FIXED, *CONTACT]}), (_("Text"), {"fields": texts})]
        texts = [
            (label, {"fields": [name for name in TEXT_COLUMNS if name.endswith(f"_{code}")]})
            for code, label in LANGUAGES.items()
        ]
        return [(None, {"fields": [*FIXED, *CONTACT, "seen_revision"]}), *texts]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.filter(open_data=None, is_external=False).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Agency, form: AgencyForm, change: bool) -> None:
        content = form.content()
        if change:
            describe_agency(agency=obj, by=request.user, revision=form.cleaned_data["seen_revision"], **content)
            return
        added = add_agency(by=request.user, organisation=form.cleaned_data["organisation"], **content)
        obj.pk, obj._state.adding = added.pk, False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None and obj.pk:
            stored = Agency.objects.select_related("organisation").get(pk=obj.pk)
            context["report"] = reports([stored])[0]
            context["events"] = list(AuditEvent.objects.about(stored).select_related("actor"))
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_revision", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    # Columns -------------------------------------------------------------------------------------------------

    @admin.display(description=_("duties met"))
    def shown_met(self, agency: Any) -> str:
        return f"{agency.report.met} / {len(agency.report.duties)}"

    @admin.display(description=_("missed"))
    def shown_missed(self, agency: Any) -> str:
        return str(_(", ")).join(str(kept.title) for kept in agency.report.missed) or "–"
