"""Commitments in the staff site: drafted in a form, published and changed on pages of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from participation.outcomes.actions import Conflict, link, save_draft, unlink
from participation.outcomes.models import IN_SIGHT, Commitment, CommitmentQuerySet, Link
from participation.outcomes.reading import public_url
from participation.outcomes.staffside.forms import CommitmentForm, LinkForm
from participation.outcomes.staffside.pages import as_read, publish_page, status_page
from participation.outcomes.words import day_in_words
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.admin_base import BilingualAdmin
from portal.staff.drafts import kept_draft

TEXTS = [f"{stem}_{code}" for stem in ("title", "asked", "decided", "evidence") for code in ("ar", "en")]
DRAFT = ["slug", *TEXTS, "decision", "status", "due_on", "unit", "topic", "based_on"]
PUBLISHED = ["address", "published_at", "unit", "topic", "based_on"]


class DueFilter(admin.SimpleListFilter):
    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue")), ("soon", _("Overdue or due within two weeks"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        ahead = {"overdue": timedelta(days=-1), "soon": IN_SIGHT}.get(self.value() or "")
        return queryset if ahead is None else queryset.due_by(timezone.localdate() + ahead)


class LinkInline(admin.StackedInline):  # type: ignore[type-arg]
    """Added and taken away, not changed: an address is what it is."""

    model = Link
    form = LinkForm
    extra = 1
    verbose_name_plural = _("Pages it answers: polls, surveys, questions, requests for data")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("outcomes.change_commitment")

    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Commitment)
class CommitmentAdmin(BilingualAdmin):
    """Everybody sees the commitments of their own units; a published one is read, and only its history grows."""

    form = CommitmentForm
    inlines = [LinkInline]
    optional_translations = ("evidence",)
    list_display = ["title_ar", "title_en", "stands", "due_words", "unit", "published_at"]
    list_select_related = ["unit"]
    list_filter = [DueFilter, "decision", "status", ("unit", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title_ar", "title_en", "slug"]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 6})}}
    change_form_template = "participation/outcomes/desk/change_form.html"

    def get_queryset(self, request: HttpRequest) -> CommitmentQuerySet:
        return Commitment.objects.visible_to(request.user)

    def get_fields(self, request: HttpRequest, obj: Commitment | None = None) -> Any:
        return PUBLISHED if obj and obj.is_published else DRAFT

    def get_readonly_fields(self, request: HttpRequest, obj: Commitment | None = None) -> list[str]:
        return PUBLISHED if obj and obj.is_published else []

    def has_delete_permission(self, request: HttpRequest, obj: Commitment | None = None) -> bool:
        is_draft = obj is not None and not obj.is_published
        return is_draft and super().has_delete_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            mine = Unit.objects.active()
            kwargs["queryset"] = mine if request.user.is_superuser else mine.filter(pk__in=unit_ids(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Values another page hands over in the address or, where they are somebody's words, in the session."""
        return {"status": "promised", **super().get_changeform_initial_data(request), **kept_draft(request)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """`?path=` of the link that led here becomes the first page it answers."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and request.GET.get("path"):
            kwargs["initial"] = [{"path": request.GET["path"][:200]}]
        return kwargs

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Conflict as conflict:  # published by somebody else while this draft was being written
            self.message_user(request, conflict.message, messages.ERROR)
            return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Commitment, form: Any, change: bool) -> None:
        if not obj.is_published:
            save_draft(commitment=obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            unlink(commitment=form.instance, path=gone.path, by=request.user)
        for new in formset.new_objects:
            link(commitment=form.instance, path=new.path, by=request.user)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish), name="outcomes_commitment_publish"),
            path("<int:pk>/status/", self.admin_site.admin_view(self.status), name="outcomes_commitment_status"),
        ]
        return [*own, *super().get_urls()]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it to everybody, after a look at it."""
        return publish_page(request, self.admin_site, self._mine(request, pk))

    def status(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a row to its history, after a look at it."""
        return status_page(request, self.admin_site, self._mine(request, pk))

    def _mine(self, request: HttpRequest, pk: int) -> Commitment:
        """A commitment of the user's units, for those who may publish; 404 for one of another's."""
        if not request.user.has_perm("outcomes.publish_commitment"):
            raise PermissionDenied
        commitment = self.get_queryset(request).select_related("unit__organisation", "topic").filter(pk=pk).first()
        if commitment is None:
            raise Http404
        return commitment

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        may_publish = request.user.has_perm("outcomes.publish_commitment")
        context |= {"may_publish": may_publish, "readings": as_read(obj) if obj and obj.is_published else []}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("status"))
    def stands(self, commitment: Commitment) -> str:
        return commitment.standing

    @admin.display(description=_("due"), ordering="due_on")
    def due_words(self, commitment: Commitment) -> str:
        return day_in_words(commitment)

    @admin.display(description=_("public page"))
    def address(self, commitment: Commitment) -> str:
        url = public_url(commitment)
        return format_html('<a href="{}" dir="ltr">{}</a>', url, url)
