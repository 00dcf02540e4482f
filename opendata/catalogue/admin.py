"""Datasets in the staff site, their releases and their versions; every step has a page of its own."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from opendata.catalogue.access import belongs, visible_versions
from opendata.catalogue.actions.assets import READY
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.datasets import edit_dataset, enter_dataset
from opendata.catalogue.choices import Stage
from opendata.catalogue.desk import late
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.staffside import (
    acting,
    dataset_pages,
    dictionary_page,
    erasing_page,
    release_page,
    upload_page,
    version_pages,
)
from opendata.catalogue.staffside.dataset_form import DatasetForm
from opendata.catalogue.words.failures import refusal_words
from opendata.inventory.choices import Access
from opendata.inventory.models import Asset
from portal.organisations.access import unit_ids
from portal.staff.admin_base import BilingualAdmin, KeptAdmin, ReadOnlyAdmin

if importlib.util.find_spec("opendata.catalogue.reuse_admin"):
    importlib.import_module("opendata.catalogue.reuse_admin")

LOOKING = (
    "catalogue.view_dataset",
    "catalogue.change_dataset",
    "catalogue.change_release",
    "catalogue.approve_dataset",
)


def _may_look(user: Any) -> bool:
    return any(user.has_perm(permission) for permission in LOOKING)


class LateFilter(admin.SimpleListFilter):
    """Those whose newest version is older than their frequency allows."""

    title, parameter_name = _("update"), "update"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("late", _("Overdue")), ("none", _("Nothing published"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "late":
            return late(queryset)
        return queryset.filter(latest=None) if self.value() == "none" else queryset


@admin.register(Dataset)
class DatasetAdmin(BilingualAdmin, KeptAdmin):
    """Entered for an open asset of the unit. Its texts may be mended at any time; its versions come by releases."""

    form = DatasetForm
    optional_translations = ("keywords", "methods")
    list_display = ["shown_title", "slug", "shown_latest", "shown_unit"]
    list_filter = [LateFilter]
    search_fields = ["slug", "title_ar", "title_en"]
    show_facets = admin.ShowFacets.NEVER
    change_form_template = "opendata/catalogue/staff/dataset.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dataset]:
        rows = Dataset.objects.visible_to(request.user).select_related("asset__unit", "latest")
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.url_name == "catalogue_dataset_change":
            rows = rows.select_for_update(of=("self",), no_key=True)  # what the form compares with stays so
        return rows

    def get_form(self, request: HttpRequest, obj: Dataset | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusals = getattr(request, "refusals", ())
        return type(form.__name__, (form,), {"refusals": refusals}) if refusals else form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is refused only while it is saved comes back with everything that was typed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as error:
            words = tuple(refusal_words(reason.code, reason.params) for reason in error.reasons)
            request.refusals = words  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Dataset | None = None) -> bool:
        return super().has_view_permission(request, obj) or _may_look(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Dataset | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or belongs(request.user, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shared = ["licence", "covers_from", "covers_until", "governorates", "seen_revision"]
        texts = ("title", "description", "keywords", "methods")
        return [
            (None, {"fields": ["asset", "slug"]}),
            (_("Arabic"), {"fields": [f"{name}_ar" for name in texts]}),
            (_("English"), {"fields": [f"{name}_en" for name in texts]}),
            (_("Licence and coverage"), {"fields": shared}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Dataset | None = None) -> list[str]:
        """Address and asset stand in manifests and links from the first version on."""
        return ["asset", "slug"] if obj is not None else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "asset":
            rows = Asset.objects.filter(access=Access.OPEN, state__in=READY, dataset=None)
            user = request.user
            kwargs["queryset"] = rows if user.is_superuser else rows.filter(unit__in=unit_ids(user))
            kwargs["help_text"] = _("Open data assets of your units that were assessed and have no dataset yet.")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "asset" and field is not None:
            for name in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
                setattr(field.widget, name, False)
        return field

    def save_model(self, request: HttpRequest, obj: Dataset, form: DatasetForm, change: bool) -> None:
        if change:
            revision = form.cleaned_data["seen_revision"]
            edit_dataset(dataset=obj, by=request.user, revision=revision, **form.content())
            return
        data = form.cleaned_data
        made = enter_dataset(asset=data["asset"], slug=data["slug"], by=request.user, **form.content())
        obj.pk = made.pk
        obj.refresh_from_db()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None:
            context["panel"] = dataset_pages.panel(request.user, obj)
        if is_conflict:
            context["conflict"] = dataset_pages.conflict_context(form, request.POST.get("seen_revision", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/release/", wrap(self.upload_view), name="catalogue_dataset_upload"), *super().get_urls()]

    @method_decorator(csrf_exempt)  # checked inside, once the upload is given to a handler that streams it
    def upload_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return upload_page.upload(request, self.admin_site, pk)

    @admin.display(description=_("dataset"), ordering="title")
    def shown_title(self, dataset: Dataset) -> str:
        return str(dataset)

    @admin.display(description=_("newest version"))
    def shown_latest(self, dataset: Dataset) -> str:
        return dataset.latest.number if dataset.latest else "–"

    @admin.display(description=_("unit"))
    def shown_unit(self, dataset: Dataset) -> str:
        return str(dataset.asset.unit)


class Pages:
    """What releases and versions share: read on pages of their own, by those whose units they belong to."""

    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or _may_look(request.user)  # type: ignore[misc]

    def want_view(self, request: HttpRequest) -> None:
        """403 for those who may see none of them."""
        if not self.has_view_permission(request):
            raise PermissionDenied


@admin.register(Release)
class ReleaseAdmin(Pages, ReadOnlyAdmin):
    """Begun from the page of its dataset."""

    list_display = ["shown_dataset", "file_name", "shown_stage", "uploaded_by", "created_at"]
    list_filter = ["stage"]
    search_fields = ["dataset__slug", "dataset__title_ar", "dataset__title_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        rows = Release.objects.visible_to(request.user).select_related("dataset", "uploaded_by")
        return rows.defer("report", "dictionary", "comparison")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self.want_view(request)
        return release_page.show(request, self.admin_site, object_id)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="catalogue_release_act"),
            path("<int:pk>/dictionary/", wrap(self.describe_view), name="catalogue_release_describe"),
            path("<int:pk>/problems.csv", wrap(self.problems_view), name="catalogue_release_problems"),
        ]
        return own + super().get_urls()

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        self.want_view(request)
        return acting.act(request, self.admin_site, pk, key)

    def describe_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.want_view(request)
        return dictionary_page.describe(request, self.admin_site, pk)

    def problems_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.want_view(request)
        return release_page.problems_csv(request, pk)

    @admin.display(description=_("dataset"))
    def shown_dataset(self, release: Release) -> str:
        return str(release.dataset)

    @admin.display(description=_("state"), ordering="stage")
    def shown_stage(self, release: Release) -> str:
        chip = acting.CHIPS[Stage(release.stage)]
        return format_html('<span class="chip {}">{}</span>', chip, release.get_stage_display())


@admin.register(Version)
class VersionAdmin(Pages, ReadOnlyAdmin):
    """Never changed; withdrawn at most."""

    list_display = ["shown_dataset", "shown_number", "kind", "published_at", "shown_withdrawn"]
    list_filter = ["kind"]
    search_fields = ["dataset__slug", "dataset__title_ar", "dataset__title_en"]
    ordering = ["-published_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return visible_versions(request.user).defer("preview", "manifest", "columns")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self.want_view(request)
        return version_pages.show(request, self.admin_site, object_id)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="catalogue_version_withdraw"),
            path("<int:pk>/erase/", wrap(self.erase_view), name="catalogue_version_erase"),
        ]
        return own + super().get_urls()

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.want_view(request)
        return version_pages.withdraw(request, self.admin_site, pk)

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.want_view(request)
        return erasing_page.erase(request, self.admin_site, pk)

    @admin.display(description=_("dataset"))
    def shown_dataset(self, version: Version) -> str:
        return str(version.dataset)

    @admin.display(description=_("version"))
    def shown_number(self, version: Version) -> str:
        return version.number

    @admin.display(description=_("withdrawn"), boolean=True)
    def shown_withdrawn(self, version: Version) -> bool:
        return version.is_withdrawn
