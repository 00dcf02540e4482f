"""Giving several cases to one person at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from participation.feedback.access import led_units
from participation.feedback.actions.moving import Conflict
from participation.feedback.actions.work import assign_case
from participation.feedback.models import Case, CaseQuerySet
from participation.feedback.staffside.forms import PersonField, people_of
from participation.feedback.states import UNFINISHED
from portal.digits import isolate
from portal.forms import PortalForm
from portal.organisations.models import Membership
from portal.staff.models import User

TEMPLATE = "participation/feedback/desk/assign.html"


class BulkAssignForm(PortalForm):
    to = PersonField(User.objects.none(), label=gettext_lazy("Person"), empty_label=gettext_lazy("Choose"))

    def __init__(self, units: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people_of(*units)


def assign_many(request: HttpRequest, cases: CaseQuerySet, frame: dict[str, Any]) -> HttpResponse | None:
    """Ask to whom, then assign what the user may assign; None when it is done."""
    units = led_units(request.user)
    mine = cases.filter(unit__in=units, state__in=UNFINISHED).defer("search").select_related("unit", "topic")
    form = BulkAssignForm(units, request.POST if "assign" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        skipped = cases.count() - mine.count()
        context = {**frame, "form": form, "cases": mine, "skipped": skipped, "title": _("Assign cases")}
        return render(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    _assign(request, list(mine), form.cleaned_data["to"])
    return None


def _assign(request: HttpRequest, cases: list[Case], to: User) -> None:
    """A case is only given to a member of its own unit; one that changed meanwhile is left and named."""
    theirs = set(Membership.objects.filter(user=to).values_list("unit_id", flat=True))
    given, left = 0, []
    for case in cases:
        version = request.POST.get(f"version_{case.pk}", "")
        if case.unit_id not in theirs:
            left.append(case)
            continue
        try:
            assign_case(case=case, to=to, by=request.user, version=int(version) if version.isdecimal() else None)
            given += 1
        except Conflict:
            left.append(case)
    message = ngettext(
        "%(count)d case was assigned to %(person)s.", "%(count)d cases were assigned to %(person)s.", given
    )
    messages.success(request, message % {"count": given, "person": to})
    if left:
        names = _(", ").join(isolate(case.reference) for case in left)
        messages.warning(
            request,
            _("Not assigned, because somebody changed them or they belong to another unit: %(cases)s")
            % {"cases": names},
        )
