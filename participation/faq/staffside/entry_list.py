"""The list of entries: its columns, filters, search, and what may be done to many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participation.faq.actions import editing
from participation.faq.models import Entry, EntryQuerySet
from portal.search.folding import to_tsquery_string
from portal.staff.admin_base import BilingualAdmin


class OutdatedFilter(admin.SimpleListFilter):
    """Which language was left behind."""

    title = gettext_lazy("languages")
    parameter_name = "languages"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("current", _("Both current")),
            ("behind", _("One out of date")),
            ("ar", _("Arabic out of date")),
            ("en", _("English out of date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        match self.value():
            case "current":
                return queryset.filter(outdated="")
            case "behind":
                return queryset.exclude(outdated="")
            case "ar" | "en":
                return queryset.filter(outdated=self.value())
        return queryset


class EntryList(BilingualAdmin):
    """Set-operations: what is already so is left alone, and not counted."""

    list_display = ["shown_question", "shown_topic", "shown_state", "shown_unit", "asked_count", "helped"]
    list_select_related = ["topic", "unit"]
    list_filter = ["state", OutdatedFilter, "topic"]
    list_per_page = 50
    ordering = ["topic__position", "position", "pk"]
    search_fields = ["question_ar"]
    search_help_text = gettext_lazy("Words of a question or an answer, in Arabic or English.")
    show_full_result_count = False
    change_list_template = "participation/faq/desk/entry_list.html"
    actions = ["publish_selected", "hide_selected", "confirm_selected", "review_selected"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        asked = to_tsquery_string(search_term)
        return queryset.filter(search=SearchQuery(asked or "", search_type="raw", config="simple")), False

    def _tell(self, request: HttpRequest, count: int) -> None:
        message = ngettext("%(count)d question was changed.", "%(count)d questions were changed.", count)
        self.message_user(request, message % {"count": count})

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: EntryQuerySet) -> None:
        count = 0
        for entry in queryset:
            try:
                count += editing.publish_entry(entry=entry, by=request.user)
            except editing.Incomplete as error:
                self.message_user(request, f"{entry}: {error.message}", messages.ERROR)
        self._tell(request, count)

    @admin.action(description=gettext_lazy("Hide"), permissions=["change"])
    def hide_selected(self, request: HttpRequest, queryset: EntryQuerySet) -> None:
        self._tell(request, sum(editing.hide_entry(entry=entry, by=request.user) for entry in queryset))

    @admin.action(description=gettext_lazy("Both languages say the same"), permissions=["change"])
    def confirm_selected(self, request: HttpRequest, queryset: EntryQuerySet) -> None:
        behind = queryset.outdated()
        count = sum(editing.confirm_language(entry=row, language=row.outdated, by=request.user) for row in behind)
        self._tell(request, count)

    @admin.action(description=gettext_lazy("Reviewed: still right"), permissions=["change"])
    def review_selected(self, request: HttpRequest, queryset: EntryQuerySet) -> None:
        self._tell(request, sum(editing.review_entry(entry=entry, by=request.user) for entry in queryset))

    @admin.display(description=gettext_lazy("question"))
    def shown_question(self, entry: Entry) -> str:
        return str(entry)

    @admin.display(description=gettext_lazy("topic"), ordering="topic__position")
    def shown_topic(self, entry: Entry) -> str:
        return str(entry.topic)

    @admin.display(description=gettext_lazy("unit"), ordering="unit__code")
    def shown_unit(self, entry: Entry) -> str:
        return str(entry.unit)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, entry: Entry) -> str:
        if not entry.outdated:
            return entry.get_state_display()
        flag = _("Arabic out of date") if entry.outdated == "ar" else _("English out of date")
        return format_html('{} <span class="chip warning">{}</span>', entry.get_state_display(), flag)

    @admin.display(description=gettext_lazy("helped / did not"), ordering="unhelpful_count")
    def helped(self, entry: Entry) -> str:
        return format_html('<bdi dir="ltr">{} / {}</bdi>', entry.helpful_count, entry.unhelpful_count)
