"""Services in the staff site: entered in both languages, published by somebody else, reviewed every year."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from policies.services.access import may_edit, visible_service
from policies.services.actions.writing import TEXT_COLUMNS, discard_draft, edit_service, write_service
from policies.services.choices import State
from policies.services.completeness import REQUIRED
from policies.services.models import Service, ServiceQuerySet
from policies.services.staffside import pages
from policies.services.staffside.conflicts import conflict_context
from policies.services.staffside.content_form import ServiceForm
from policies.services.staffside.filters import FILTERS
from policies.services.staffside.sealed import read_only
from portal.bilingual import other_language
from portal.organisations.access import unit_ids
from portal.organisations.models import Organisation, Topic, Unit
from portal.staff.admin_base import LANGUAGES, BilingualAdmin

PLACE = ["unit", "topic", "slug"]
FOUND_BY = ["personas", "life_events", "channels", "url"]
NEEDED = ["no_prerequisites", "no_documents", "time_amount", "time_unit", "fee_kind", "fee", "phone", "email"]
OPTIONAL = ("name", "purpose", "prerequisites", "documents", "held_documents", "steps", "fee_note", "legal_basis",
            "contact")  # fmt: skip
LOCKED_FOR = ("services_service_change", "services_service_delete")


@admin.register(Service)
class ServiceAdmin(BilingualAdmin):
    """Every way to a service goes through `get_queryset`, or through access.visible_service."""

    form = ServiceForm
    optional_translations = OPTIONAL
    list_display = ["shown_name", "shown_state", "organisation", "shown_gaps", "shown_online", "shown_review"]
    list_select_related = ["organisation"]
    list_filter = FILTERS
    list_per_page = 50
    search_fields = ["name_ar", "name_en", "slug"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["organisation__code", "slug"]
    change_form_template = "policies/services/desk/form.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> ServiceQuerySet:
        rows = Service.objects.visible_to(request.user)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in LOCKED_FOR:
            rows = rows.select_for_update(of=("self",))  # what the form compares with stays so until it is saved
        return rows

    # Who may -----------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request) or request.user.has_perm("services.publish_service")
        return may_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        """A draft only, and never many at once."""
        return obj is not None and obj.state == State.DRAFT and super().has_delete_permission(request, obj)

    # The form ----------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Service | None = None) -> Any:
        place = ["organisation", *PLACE] if request.user.is_superuser else PLACE  # type: ignore[union-attr]
        if obj is not None and not may_edit(request.user, obj):
            texts = [read_only(name) for name in TEXT_COLUMNS]
            return [(None, {"fields": [*place, "reviewed_on"]}), (_("Text"), {"fields": texts})]
        texts = [
            (label, {"fields": [name for name in TEXT_COLUMNS if name.endswith(f"_{code}")]})
            for code, label in LANGUAGES.items()
        ]
        return [
            (None, {"fields": place}),
            (_("How people find it"), {"fields": FOUND_BY}),
            (_("What people need to know"), {"fields": [*NEEDED, "seen_version"]}),
            *texts,
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        is_administrator = request.user.is_superuser  # type: ignore[union-attr]
        field = None
        if db_field.name == "unit":
            units = Unit.objects.active().select_related("organisation")
            mine = units if is_administrator else units.filter(pk__in=unit_ids(request.user))
            kwargs |= {"queryset": mine, "initial": mine.first() if mine.count() == 1 else None}
            field = super().formfield_for_foreignkey(db_field, request, **kwargs)
            field.required = not is_administrator  # type: ignore[union-attr]
        elif db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.order_by("name")
            field = super().formfield_for_foreignkey(db_field, request, **kwargs)
            field.required = False  # type: ignore[union-attr]
        elif db_field.name == "topic":
            kwargs["queryset"] = Topic.objects.active()
        return field or super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A text that comes when the service was published meanwhile is shown again, not refused and lost."""
        if request.method == "POST" and self.has_view_permission(request):
            service = visible_service(request.user, object_id)
            if not may_edit(request.user, service):
                return pages.too_late(request, self.admin_site, service)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Service, form: ServiceForm, change: bool) -> None:
        content = form.content()
        if change:
            edit_service(service=obj, by=request.user, version=form.cleaned_data["seen_version"], **content)
            return
        written = write_service(by=request.user, **content)
        obj.__dict__.update({key: value for key, value in written.__dict__.items() if key != "_state"})
        obj._state.adding = False

    def delete_model(self, request: HttpRequest, obj: Service) -> None:
        if not discard_draft(service=obj, by=request.user):
            raise PermissionDenied

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None and obj.pk:
            context["preview_languages"] = pages.PREVIEWS
            context["panel"] = pages.panel(request.user, Service.objects.select_related("organisation").get(pk=obj.pk))
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_version", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    # Pages beside the form -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="services_service_act"),
            path("<int:pk>/preview/<str:language>/", wrap(self.preview_view), name="services_service_preview"),
        ]
        return own + super().get_urls()

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        self._want_view(request)
        return pages.act(request, self.admin_site, pk, key)

    def preview_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        self._want_view(request)
        return pages.preview(request, pk, language)

    def _want_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    # Columns -------------------------------------------------------------------------------------------------

    @admin.display(description=_("service"), ordering="name")
    def shown_name(self, service: Service) -> str:
        if service.name:
            return service.name
        code = other_language(get_language() or "ar")
        return format_html('<span lang="{}" dir="auto">{}</span>', code, str(service))

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, service: Service) -> str:
        return format_html('<span class="chip {}">{}</span>', service.chip, service.get_state_display())

    @admin.display(description=_("missing"))
    def shown_gaps(self, service: Service) -> str:
        return str(_(", ")).join(str(REQUIRED[key].label) for key in service.gaps()) or "–"

    @admin.display(description=_("electronic form"))
    def shown_online(self, service: Service) -> str:
        return str(_("Yes") if service.is_electronic else _("No"))

    @admin.display(description=_("last reviewed"), ordering="reviewed_on")
    def shown_review(self, service: Service) -> str:
        return date_format(service.reviewed_on) if service.reviewed_on else "–"
