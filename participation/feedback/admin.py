"""Cases, routing rules and reply templates in the staff site."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from participation.feedback.access import may_assign_somewhere
from participation.feedback.export import export_cases
from participation.feedback.models import Case, CaseQuerySet
from participation.feedback.staffside import content_admin, registering  # noqa: F401 - registers its admins
from participation.feedback.staffside.assigning import assign_many
from participation.feedback.staffside.case_list import FILTERS, CaseChangeList, search
from participation.feedback.staffside.case_page import CasePage, not_yours, typed_in
from participation.feedback.staffside.rows import UNSHOWN
from participation.feedback.states import Priority
from portal.organisations.access import is_triager, unit_ids
from portal.staff.admin_base import KeptAdmin

MARKS: dict[str, str] = {Priority.SAFETY: "danger", Priority.HIGH: "warning"}


@admin.register(Case)
class CaseAdmin(KeptAdmin):
    """Every way to a case goes through `get_queryset`, or through access.visible_case: nobody sees everything."""

    list_display = ["written_reference", "time_left", "kind_and_topic", "shown_state", "unit", "holder", "received"]
    list_select_related = ["unit", "topic", "assignee"]
    list_filter = FILTERS
    list_per_page = 25
    list_max_show_all = 200
    search_fields = ["reference"]
    search_help_text = _("A reference, words in Arabic or English, an e-mail address or a telephone number.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "participation/feedback/desk/case_list.html"
    actions = ["assign_selected"]

    def get_queryset(self, request: HttpRequest) -> CaseQuerySet:
        return Case.objects.visible_to(request.user).defer(*UNSHOWN, "text")

    def get_ordering(self, request: HttpRequest) -> Any:
        """Queue order where the reader looks at a queue, else newest first: both are answered by an index."""
        a_queue = request.GET.get("state") == "open" or "mine" in request.GET or "escalated" in request.GET
        return ["queue_rank", "queue_at", "id"] if a_queue else ["-id"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CaseChangeList]:
        return CaseChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return search(queryset, search_term, request.user), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {spec.parameter_name for spec in FILTERS}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("register/", wrap(self.register_view), name="feedback_case_register"),
            path("registered/", wrap(self.registered_view), name="feedback_case_registered"),
            path("export/<str:kind>/", wrap(require_POST(self.export_view)), name="feedback_case_export"),
            path("<int:pk>/due/<int:clock>/", wrap(self.due_view), name="feedback_case_due"),
            path("<int:pk>/files/<uuid:public_id>/", wrap(self.file_view), name="feedback_case_file"),
        ]
        return own + super().get_urls()

    def get_list_display(self, request: HttpRequest) -> Any:
        """The unit only for those who see several."""
        several = len(unit_ids(request.user)) > 1 or is_triager(request.user)
        return [name for name in self.list_display if name != "unit" or several]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Cases"), **(extra_context or {})})

    # The page of a case ------------------------------------------------------------------------------------

    def _page(self, request: HttpRequest, pk: int | str) -> CasePage:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return CasePage(self.admin_site, request, pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            page = self._page(request, object_id)
        except Http404:
            if request.method == "POST" and typed_in(request):
                return not_yours(self.admin_site, request)
            raise
        return page.answer()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        return self._page(request, object_id).history()

    def due_view(self, request: HttpRequest, pk: int, clock: int) -> HttpResponseBase:
        return self._page(request, pk).explain(clock)

    def file_view(self, request: HttpRequest, pk: int, public_id: uuid.UUID) -> HttpResponseBase:
        return self._page(request, pk).file(public_id)

    # Registering, exporting, assigning ----------------------------------------------------------------------

    def _want(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(f"feedback.{permission}"):
            raise PermissionDenied

    def register_view(self, request: HttpRequest) -> HttpResponse:
        self._want(request, "register_case")
        return registering.register(request, self.admin_site)

    def registered_view(self, request: HttpRequest) -> HttpResponse:
        self._want(request, "register_case")
        return registering.registered(request, self.admin_site)

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The cases the list shows with the same filters. What was searched for is not noted: it may be a contact."""
        self._want(request, "export_case")
        if kind not in ("csv", "xlsx") or not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changes = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise Http404 from None
        allowed = {spec.parameter_name for spec in FILTERS}
        filters = {key: str(value) for key, value in request.GET.items() if key in allowed}
        if request.GET.get("q"):
            filters["searched"] = "yes"
        cases = Case.objects.filter(pk__in=changes.queryset.order_by().values("pk"))
        return export_cases(cases.order_by("received_at", "pk"), kind=kind, by=request.user, filters=filters)

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return may_assign_somewhere(request.user) and request.user.has_perm("feedback.change_case")

    @admin.action(description=_("Assign to somebody"), permissions=["assign"])
    def assign_selected(self, request: HttpRequest, queryset: CaseQuerySet) -> HttpResponse | None:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "action": "assign_selected"}
        return assign_many(request, queryset.order_by("pk"), frame)

    # Columns ---------------------------------------------------------------------------------------------

    @admin.display(description=_("reference"), ordering="reference")
    def written_reference(self, case: Case) -> str:
        return format_html('<bdi class="reference" dir="ltr">{}</bdi>', case.reference)

    @admin.display(description=_("kind and topic"), ordering="kind")
    def kind_and_topic(self, case: Case) -> str:
        priority = case.get_priority_display() if case.priority != Priority.NORMAL else ""
        chip = (
            format_html(' <span class="chip {}">{}</span>', MARKS.get(case.priority, ""), priority) if priority else ""
        )
        return format_html('{}{}<br><span class="muted">{}</span>', case.get_kind_display(), chip, case.topic)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, case: Case) -> str:
        return case.get_state_display()

    @admin.display(description=_("with"))
    def holder(self, case: Case) -> Any:
        return case.holder

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, case: Case) -> str:
        return date_format(timezone.localtime(case.received_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("working time left"), ordering="due_at")
    def time_left(self, case: Any) -> str:
        left = case.time_left
        if left is None:
            return "–"
        return format_html(
            '<span class="time-left {}"><bdi dir="ltr" aria-hidden="true">{}</bdi>'
            '<span class="visually-hidden">{}</span></span>',
            left.mark, left.short, left.words,
        )  # fmt: skip
