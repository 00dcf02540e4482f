"""Announcements in the staff site: written in both languages, published by those who may, taken down with a ground."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.news.access import may_edit, visible_announcement
from participation.news.actions.writing import discard_draft, edit_announcement, write_announcement
from participation.news.models import Announcement, AnnouncementQuerySet
from participation.news.staffside import pages
from participation.news.staffside.announcement_list import FILTERS
from participation.news.staffside.conflicts import conflict_context
from participation.news.staffside.content_form import AnnouncementForm
from participation.news.staffside.sealed import read_only
from participation.news.staffside.too_late import too_late
from portal.bilingual import LANGUAGE_CODES
from portal.organisations.access import unit_ids
from portal.organisations.models import Topic, Unit
from portal.staff.admin_base import BilingualAdmin

FIRST = (None, {"fields": ["unit", "topic", "slug", "expires_at"]})
TEXTS = {
    _("Arabic"): ["title_ar", "summary_ar", "body_ar"],
    _("English"): ["title_en", "summary_en", "body_en"],
}
LOCKED_FOR = ("news_announcement_change", "news_announcement_delete")
IMAGE = ["image_file", "remove_image", "image_alt_ar", "image_alt_en", "kept_image", "seen_version"]


@admin.register(Announcement)
class AnnouncementAdmin(BilingualAdmin):
    """Every way to an announcement goes through `get_queryset`, or through access.visible_announcement."""

    form = AnnouncementForm
    optional_translations = ("title", "summary", "body", "image_alt")
    list_display = ["shown_title", "shown_state", "unit", "shown_from", "shown_until"]
    list_select_related = ["unit"]
    list_filter = FILTERS
    list_per_page = 25
    search_fields = ["title_ar", "title_en", "slug"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-id"]
    change_form_template = "participation/news/desk/form.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> AnnouncementQuerySet:
        rows = Announcement.objects.visible_to(request.user)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in LOCKED_FOR:
            rows = rows.select_for_update(of=("self",))  # what the form compares with stays so until it is saved
        return rows

    # Who may -----------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request) or request.user.has_perm("news.publish_announcement")
        return may_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        """A draft only, and never many at once."""
        is_draft = obj is not None and obj.publish_at is None
        return is_draft and super().has_delete_permission(request, obj)

    # The form ----------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        if obj is not None and not may_edit(request.user, obj):
            return self._sealed_fieldsets()
        has_image = obj is not None and obj.image_id is not None
        fields = [name for name in IMAGE if name != "remove_image" or has_image]
        shown = ["shown_image"] if has_image else []
        texts = [(title, {"fields": names}) for title, names in TEXTS.items()]
        return [FIRST, *texts, (_("Image"), {"fields": [*shown, *fields]})]

    def _sealed_fieldsets(self) -> Any:
        texts = [(title, {"fields": [read_only(name) for name in names]}) for title, names in TEXTS.items()]
        words = [read_only(f"image_alt_{code}") for code in LANGUAGE_CODES]
        return [FIRST, *texts, (_("Image"), {"fields": ["shown_image", *words]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> list[str]:
        return ["shown_image"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            units = Unit.objects.active()
            mine = units if request.user.is_superuser else units.filter(pk__in=unit_ids(request.user))  # type: ignore[union-attr]
            kwargs["queryset"] = mine
            kwargs["initial"] = mine.first() if mine.count() == 1 else None
        if db_field.name == "topic":
            kwargs["queryset"] = Topic.objects.active()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A text that comes when the announcement takes none any more is shown again, not refused and lost."""
        if request.method == "POST" and self.has_view_permission(request):
            announcement = visible_announcement(request.user, object_id)
            if not may_edit(request.user, announcement):
                return too_late(request, self.admin_site, announcement)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Announcement, form: AnnouncementForm, change: bool) -> None:
        content = form.content()
        if change:
            version = form.cleaned_data["seen_version"]
            edit_announcement(announcement=obj, by=request.user, version=version, **content)
            return
        written = write_announcement(by=request.user, **content)
        obj.__dict__.update({key: value for key, value in written.__dict__.items() if key != "_state"})
        obj._state.adding = False

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        if not discard_draft(announcement=obj, by=request.user):
            raise PermissionDenied

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = kwargs.get("obj"), context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None and obj.pk:
            context["preview_languages"] = pages.PREVIEWS
            context["panel"] = pages.panel(request.user, Announcement.objects.select_related("unit").get(pk=obj.pk))
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_version", ""))
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    # Pages beside the form -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="news_announcement_act"),
            path("<int:pk>/preview/<str:language>/", wrap(self.preview_view), name="news_announcement_preview"),
            path("<int:pk>/image/", wrap(self.image_view), name="news_announcement_image"),
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

    def image_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self._want_view(request)
        return pages.image(request, pk)

    # Columns -------------------------------------------------------------------------------------------------

    @admin.display(description=_("title"))
    def shown_title(self, announcement: Announcement) -> str:
        return str(announcement)

    @admin.display(description=_("state"))
    def shown_state(self, announcement: Announcement) -> str:
        marks = {
            pgettext_lazy("announcement", "pinned"): announcement.is_pinned,
            pgettext_lazy("announcement", "locked"): announcement.is_locked,
            _("appeal to decide"): announcement.waits_for_decision,
        }
        told = str(_(", ")).join(str(word) for word, is_so in marks.items() if is_so)
        return format_html(
            '<span class="chip {}">{}</span>{}',
            announcement.chip,
            announcement.state.label,
            format_html(' <span class="muted">{}</span>', told) if told else "",
        )

    @admin.display(description=pgettext_lazy("announcement", "published"), ordering="publish_at")
    def shown_from(self, announcement: Announcement) -> str:
        return _moment(announcement.publish_at)

    @admin.display(description=_("current until"), ordering="expires_at")
    def shown_until(self, announcement: Announcement) -> str:
        return _moment(announcement.expires_at)

    @admin.display(description=_("Image"))
    def shown_image(self, announcement: Announcement) -> str:
        if not announcement.image_id:
            return "–"
        if not announcement.shows_image:
            return str(announcement.image.get_state_display())  # type: ignore[union-attr]
        return format_html(
            '<img src="{}" alt="{}" width="{}" height="{}">',
            "../image/", announcement.image_alt or "", *_thumbnail(announcement),
        )  # fmt: skip


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def _thumbnail(announcement: Announcement) -> tuple[int, int]:
    width, height = announcement.image_width or 1, announcement.image_height or 1
    return min(320, width), round(min(320, width) * height / width)
