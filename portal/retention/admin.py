"""Holds, early disposals and what was disposed of, in the staff site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from portal.retention import actions, registry
from portal.retention.forms import EVERYTHING, EarlyForm, HoldForm
from portal.retention.models import Decision, DisposalRun, EarlyDisposal, LegalHold, OfSubject, tell
from portal.retention.staff_pages import Verb, ask, confirm, periods
from portal.staff.admin_base import ReadOnlyAdmin

PLACE = Verb(
    _("Place a legal hold"),
    _(
        "From now on nothing of it is disposed of, whatever its age, until the hold ends. Only a subscription that its "
        "reader ends goes all the same."
    ),
    _("The hold is placed."),
)
LIFT = Verb(
    _("Lift the hold"),
    _("What became due in the meantime goes with the next disposal, in the night."),
    _("The hold is lifted."),
    is_grave=True,
)
REQUEST = Verb(
    _("Ask for early disposal"),
    _(
        "Somebody else has to approve it. Then it goes at once, with everything that belongs to it, and for ever. "
        "Letters about it that still wait are not sent."
    ),
    _("It waits for the decision of somebody else."),
)
DECISIONS = {
    Decision.APPROVED: Verb(
        _("Approve"),
        _(
            "It goes at once, with everything that belongs to it. Nobody can bring it back. A draft question begun "
            "from it stays with whoever began it until they sign out, three days at most."
        ),
        _("Approved. It goes within a minute, unless a legal hold keeps it."),
        is_grave=True,
    ),
    Decision.REFUSED: Verb(_("Refuse"), _("It stays until its time is over."), _("Refused. It stays.")),
}


class Shown(ReadOnlyAdmin):
    """Rows made and changed on pages of their own."""

    change_form_template = "retention/staff/row.html"
    change_list_template = "retention/staff/list.html"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def want(self, request: HttpRequest, permission: str) -> None:
        """Refuse who may not."""
        if not request.user.has_perm(f"retention.{permission}"):
            raise PermissionDenied

    def may_add(self, request: HttpRequest) -> bool:
        """Whether the list offers a new row."""
        return request.user.has_perm(f"retention.add_{self.opts.model_name}")

    def buttons(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """Address and label of what may be done with a row now."""
        return []

    def row(self, pk: int) -> Any:
        """The row, or 404."""
        found = self.model._default_manager.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"may_add": self.may_add(request), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        buttons = self.buttons(request, row) if row is not None else []
        return super().change_view(request, object_id, form_url, {"buttons": buttons, **(extra_context or {})})

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, with what its rows are about read at once."""
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        tell([row for row in changes.result_list if isinstance(row, OfSubject)])
        return changes

    @admin.display(description=_("about"))
    def about(self, row: Any) -> str:
        return str(row.subject_told)


@admin.register(LegalHold)
class LegalHoldAdmin(Shown):
    """Who placed a hold, and why; it is ended, never deleted."""

    list_display = ["about", "reason", "stands", "placed_by", "placed_at", "until"]
    list_select_related = ["placed_by"]
    fields = ["about", "reason", "stands", "placed_by", "placed_at", "until", "lifted_by", "lifted_at"]
    readonly_fields = ["about", "stands"]

    @admin.display(description=_("in force"), boolean=False)
    def stands(self, hold: LegalHold) -> Any:
        return _("Yes") if hold.is_active else _("No")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<int:pk>/lift/", view, name="retention_legalhold_lift"), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: LegalHold) -> list[tuple[str, Any]]:
        may = row.is_active and request.user.has_perm("retention.change_legalhold")
        return [("../lift/", LIFT.label)] if may else []

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.want(request, "add_legalhold")
        form = HoldForm(request.POST or None)
        return ask(request, self.admin_site, LegalHold, form, PLACE, lambda: self._place(request, form))

    def _place(self, request: HttpRequest, form: HoldForm) -> LegalHold:
        data = form.cleaned_data
        kind = "" if data["kind"] == EVERYTHING else data["kind"]
        return actions.place_hold(
            kind=kind, key=form.key, reason=data["reason"], until=data["last_day"], by=request.user
        )

    def lift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.want(request, "change_legalhold")
        hold = self.row(pk)
        return confirm(request, self.admin_site, hold, LIFT, lambda: actions.lift_hold(hold=hold, by=request.user))


@admin.register(EarlyDisposal)
class EarlyDisposalAdmin(Shown):
    """What somebody asked for, and somebody else decided."""

    list_display = ["about", "ground", "decision", "requested_by", "requested_at", "decided_by", "done_at"]
    list_select_related = ["requested_by", "decided_by"]
    fields = ["about", "ground", "requested_by", "requested_at", "decision", "decided_by", "decided_at", "done_at"]
    readonly_fields = ["about"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        own = path("<int:pk>/decide/<str:decision>/", view, name="retention_earlydisposal_decide")
        return [own, *super().get_urls()]

    def buttons(self, request: HttpRequest, row: EarlyDisposal) -> list[tuple[str, Any]]:
        may = request.user.has_perm("retention.decide_earlydisposal") and row.requested_by_id != request.user.pk
        if row.decision or not may:
            return []
        return [(f"../decide/{decision}/", verb.label) for decision, verb in DECISIONS.items()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.want(request, "add_earlydisposal")
        form = EarlyForm(request.POST or None)
        return ask(request, self.admin_site, EarlyDisposal, form, REQUEST, lambda: actions.request_early_disposal(
            kind=form.cleaned_data["kind"], key=form.key, ground=form.cleaned_data["ground"], by=request.user
        ))  # fmt: skip

    def decide_view(self, request: HttpRequest, pk: int, decision: str) -> HttpResponse:
        self.want(request, "decide_earlydisposal")
        if decision not in DECISIONS:
            raise Http404
        early = self.row(pk)
        return confirm(
            request, self.admin_site, early, DECISIONS[Decision(decision)],
            lambda: actions.decide_early_disposal(early=early, decision=decision, by=request.user),
        )  # fmt: skip


def rule_told(key: str) -> str:
    """What a rule is about; its key where there is no such rule any more."""
    titles = {rule.key: str(rule.title) for rule in registry.rules()}
    return titles.get(key, key)


class RuleFilter(admin.AllValuesFieldListFilter):
    """The rules that ran, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": rule_told(str(choice["display"]))}


class WhatFilter(admin.SimpleListFilter):
    """Most nights nothing is due for most rules."""

    title = _("result")
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("some", _("Something was disposed of")), ("held", _("Something was kept by a hold")),
                ("failed", _("It failed"))]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "some":
                return queryset.filter(rows__gt=0)
            case "held":
                return queryset.filter(held__gt=0)
            case "failed":
                return queryset.exclude(failure="")
        return queryset


@admin.register(DisposalRun)
class DisposalRunAdmin(Shown):
    """What went, by rule and night: numbers only. From here also the list of the periods."""

    list_display = ["what", "started_at", "finished_at", "rows", "held", "failure", "was_early"]
    list_filter = [WhatFilter, ("rule", RuleFilter)]
    fields = ["what", "rule", "started_at", "finished_at", "rows", "held", "failure", "early"]
    readonly_fields = ["what"]

    def may_add(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.periods_view)
        return [path("periods/", view, name="retention_periods"), *super().get_urls()]

    def periods_view(self, request: HttpRequest) -> HttpResponse:
        self.want(request, "view_disposalrun")
        return periods(request, self.admin_site, self.opts, _("What is kept, and how long"))

    @admin.display(description=_("before its time"))
    def was_early(self, run: DisposalRun) -> Any:
        return _("Yes") if run.early_id else _("No")

    @admin.display(description=_("rule"), ordering="rule")
    def what(self, run: DisposalRun) -> str:
        return rule_told(run.rule)
