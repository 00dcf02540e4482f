"""Requests for data in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.data_requests.choices import UNFINISHED
from opendata.data_requests.listing import PRIVATE
from opendata.data_requests.models import DataRequest, DataRequestQuerySet
from opendata.data_requests.staffside.page import RequestPage, lost, typed_in
from portal.audit.actions import record
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.references import read_reference
from portal.staff.admin_base import KeptAdmin


class QueueFilter(admin.SimpleListFilter):
    """What waits, for whom."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("open", pgettext_lazy("request for data", "Waiting")),
            ("mine", _("With me")),
            ("unsorted", _("No unit yet")),
            ("published", _("The data is published now")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return {
            "open": lambda: queryset.unfinished(),
            "mine": lambda: queryset.assigned_to(request.user).unfinished(),
            "unsorted": lambda: queryset.unfinished().filter(unit=None),
            "published": lambda: queryset.now_published(),
        }.get(self.value() or "", lambda: queryset)()


@admin.register(DataRequest)
class DataRequestAdmin(KeptAdmin):
    """Every way to a request goes through `get_queryset`, or through access.visible_request: nobody sees everything."""

    list_display = ["written_reference", "shown_title", "shown_state", "due", "unit", "shown_holder", "support_count",
                    "received"]  # fmt: skip
    list_select_related = ["unit", "assignee"]
    list_filter = [QueueFilter, "state", "outcome"]
    list_per_page = 50
    search_fields = ["reference"]
    search_help_text = _("A reference, words of the public wording, an e-mail address or a telephone number.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    ordering = ["-received_at"]

    def get_queryset(self, request: HttpRequest) -> DataRequestQuerySet:
        hidden = [name for name in PRIVATE if name != "title"]
        return DataRequest.objects.visible_to(request.user).defer(*hidden, "public_summary")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return _search(queryset, search_term, request.user), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:key>/", wrap(self.act_view), name="data_requests_datarequest_act"),
            path("<int:pk>/due/<int:clock>/", wrap(self.due_view), name="data_requests_datarequest_due"),
        ]
        return own + super().get_urls()

    def _page(self, request: HttpRequest, pk: int | str) -> RequestPage:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return RequestPage(self.admin_site, request, pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: dict[str, Any] | None = None) -> Any:  # fmt: skip
        return self._page(request, object_id).show()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        return self._page(request, object_id).show()

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
        try:
            page = self._page(request, pk)
        except Http404:
            if request.method == "POST" and typed_in(request):
                return lost(self.admin_site, request)
            raise
        return page.act(key)

    def due_view(self, request: HttpRequest, pk: int, clock: int) -> HttpResponseBase:
        return self._page(request, pk).explain(clock)

    # Columns ---------------------------------------------------------------------------------------------

    @admin.display(description=_("reference"), ordering="reference")
    def written_reference(self, asked: DataRequest) -> str:
        return format_html('<bdi class="reference" dir="ltr">{}</bdi>', asked.reference)

    @admin.display(description=_("data asked for"))
    def shown_title(self, asked: DataRequest) -> str:
        return format_html("<bdi>{}</bdi>", asked.public_title or asked.title or asked.shown_title)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, asked: DataRequest) -> str:
        return format_html('<span class="chip {}">{}</span>', asked.chip, asked.state_words)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, asked: DataRequest) -> str:
        if asked.due_at is None or asked.state not in UNFINISHED:
            return "–"
        moment = date_format(timezone.localtime(asked.due_at), "SHORT_DATETIME_FORMAT")
        late = asked.due_at < timezone.now()
        return format_html('{} <span class="chip danger">{}</span>', moment, _("late")) if late else moment

    @admin.display(description=_("with"))
    def shown_holder(self, asked: DataRequest) -> Any:
        return asked.holder

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, asked: DataRequest) -> str:
        return date_format(timezone.localtime(asked.received_at), "SHORT_DATE_FORMAT")


def _search(rows: DataRequestQuerySet, term: str, by: Any) -> QuerySet[DataRequest]:
    """By reference, words of the public wording, or contact; asking by contact is noted, without the contact."""
    term = term.strip()
    if not term:
        return rows
    email = blind_index(normalise_email(term)) if "@" in term else ""
    phone = blind_index(normalise_phone(term))
    found = Q(reference=read_reference(term) or "-")
    if email or phone:
        found |= Q(email_index=email) if email else Q(phone_index=phone)
        record(verb="datarequest.contact_search", subject=by, by=by)
    return rows.filter(found) | rows.matching(term) if "@" not in term else rows.filter(found)
