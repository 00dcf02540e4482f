"""The inventory in the staff site: assets with their steps and their import, and the profiles of the agencies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from opendata.inventory.access import may_edit
from opendata.inventory.actions.changing import lock_numbers
from opendata.inventory.actions.writing import CONTACT, TEXT_COLUMNS, edit_asset, enter_asset
from opendata.inventory.models import Agency, Asset, AssetQuerySet
from opendata.inventory.staffside import importing_pages, pages
from opendata.inventory.staffside.agencies import AgencyAdmin
from opendata.inventory.staffside.conflicts import conflict_context
from opendata.inventory.staffside.content_form import AssetForm
from opendata.inventory.staffside.filters import FILTERS
from opendata.inventory.staffside.sealed import read_only
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.admin_base import LANGUAGES, BilingualAdmin, KeptAdmin

ABOUT = ["unit", "code", "theme", "frequency", "source_system", "is_high_value", *CONTACT]
LOCKED_FOR = ("inventory_asset_change",)

admin.site.register(Agency, AgencyAdmin)


def _is_saving(request: HttpRequest) -> bool:
    return (
        request.method == "POST"
        and request.resolver_match is not None
        and (request.resolver_match.url_name in LOCKED_FOR)
    )


@admin.register(Asset)
class AssetAdmin(BilingualAdmin, KeptAdmin):
    """Every way to an asset goes through `get_queryset`, or through access.visible_asset. Nothing is deleted: what is
    no longer held is withheld."""

    form = AssetForm
    optional_translations = ("description", "owner_role", "contact_role")
    list_display = ["shown_title", "code", "shown_state", "access", "organisation", "shown_release", "is_high_value"]
    list_select_related = ["organisation"]
    list_filter = FILTERS
    list_per_page = 50
    search_fields = ["code", "title_ar", "title_en"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["organisation__code", "code"]
    change_form_template = "opendata/inventory/desk/form.html"
    change_list_template = "opendata/inventory/desk/list.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> AssetQuerySet:
        return Asset.objects.visible_to(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Asset | None:
        found = super().get_object(request, object_id, from_field)
        if found is None or not _is_saving(request):
            return found
        lock_numbers(found.organisation_id)
        # What the form compares with stays so until it is saved.
        return self.get_queryset(request).select_for_update(of=("self",), no_key=True).filter(pk=found.pk).first()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By number, or by words of title and description in any of their forms."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(code__iexact=search_term.strip()) | queryset.matching(search_term), False

    # Who may -----------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm("inventory.oversee_agency")

    def has_change_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return super().has_change_permission(request) and (obj is None or may_edit(request.user, obj))

    # The form ----------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Asset | None = None) -> Any:
        if obj is not None and not may_edit(request.user, obj):
            texts: list[Any] = [read_only(Asset, name) for name in TEXT_COLUMNS]
            return [(None, {"fields": ABOUT}), (_("Text"), {"fields": texts})]
        texts = [
            (label, {"fields": [name for name in TEXT_COLUMNS if name.endswith(f"_{code}")]})
            for code, label in LANGUAGES.items()
        ]
        return [(None, {"fields": [*ABOUT, "seen_revision"]}), *texts]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            units = Unit.objects.active().select_related("organisation")
            mine = units if request.user.is_superuser else units.filter(pk__in=unit_ids(request.user))  # type: ignore[union-attr]
            kwargs |= {"queryset": mine, "initial": mine.first() if mine.count() == 1 else None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Asset, form: AssetForm, change: bool) -> None:
        content = form.content()
        if change:
            edit_asset(asset=obj, by=request.user, revision=form.cleaned_data["seen_revision"], **content)
            return
        entered = enter_asset(by=request.user, **content)
        obj.__dict__.update({key: value for key, value in entered.__dict__.items() if key != "_state"})
        obj._state.adding = False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None and obj.pk:
            stored = Asset.objects.select_related("organisation", "dataset").get(pk=obj.pk)
            context["panel"] = pages.panel(request.user, stored)
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_revision", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        more = {"may_import": importing_pages.may_import(request.user)}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    # Pages beside the form -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="inventory_asset_act"),
            path("import/", wrap(self.import_view), name="inventory_asset_import"),
            path("import/template.<str:kind>", wrap(self.template_view), name="inventory_asset_template"),
            path("import/<int:pk>/", wrap(self.report_view), name="inventory_asset_report"),
            path("import/<int:pk>/report.csv", wrap(self.report_file_view), name="inventory_asset_report_file"),
        ]
        return own + super().get_urls()

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return pages.act(request, self.admin_site, pk, key)

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        self._want_import(request)
        return importing_pages.choose(request, self.admin_site)

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        self._want_import(request)
        return importing_pages.template_file(request, kind)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self._want_import(request)
        return importing_pages.report(request, self.admin_site, pk)

    def report_file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self._want_import(request)
        return importing_pages.report_file(request, pk)

    def _want_import(self, request: HttpRequest) -> None:
        if not importing_pages.may_import(request.user):
            raise PermissionDenied

    # Columns -------------------------------------------------------------------------------------------------

    @admin.display(description=_("title"), ordering="title")
    def shown_title(self, asset: Asset) -> str:
        return format_html("<bdi>{}</bdi>", str(asset))

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, asset: Asset) -> str:
        return format_html('<span class="chip {}">{}</span>', asset.chip, asset.get_state_display())

    @admin.display(description=_("planned release"), ordering="release_on")
    def shown_release(self, asset: Asset) -> str:
        if asset.release_on is None:
            return "–"
        day = date_format(asset.release_on)
        return format_html('{} <span class="chip danger">{}</span>', day, _("late")) if asset.is_late else day
