"""The desk's panels of cases: what a member of staff should see first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from participation.feedback.models import Case
from participation.feedback.staffside.rows import capped_count, first, with_time_left
from portal.organisations.access import is_triager, unit_ids
from portal.staff.desk import Panel, register

QUEUE = 15
MINE = 10
SHORT = 5
OLDEST = ("received_at", "id")
HIGHEST = ("-escalation_level",)
TEMPLATE = "participation/feedback/desk/queue_panel.html"


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """Mine, my units' queue, and what needs a second look. Asks as often for ten cases as for a hundred thousand."""
    user = request.user
    if not user.has_perm("feedback.view_case"):
        return
    units = unit_ids(user)
    if not units:
        yield Panel("no-unit", _("Cases"), "participation/feedback/desk/no_unit_panel.html")
        return
    found = [_mine(user), *(_triage() if is_triager(user) else []), _escalated(units), _queue(units)]
    cases = [case for panel in found for case in panel.context["cases"]]
    prefetch_related_objects(cases, "unit", "topic", "assignee")  # a few rows, where a join would make three a case
    with_time_left(cases)
    yield from found


def _mine(user: Any) -> Panel:
    rows = Case.objects.assigned_to(user).unfinished().visible_to(user)
    cases = first([rows], MINE)
    return _panel(
        "mine", _("My cases"), cases, rows, {"mine": "yes"}, empty=_("You hold no case. Take one from the queue below.")
    )


def _triage() -> Iterator[Panel]:
    unrouted = Case.objects.unrouted().filter(unit=None)
    yield _panel(
        "unrouted", _("To be routed by hand"), first([unrouted], SHORT, OLDEST), unrouted, {"state": "unrouted"},
        empty=_("The rules found a unit for every message."), urgent=True,
    )  # fmt: skip
    held = Case.objects.suspected().filter(unit=None)
    yield _panel(
        "suspected", _("Suspected spam"), first([held], SHORT, OLDEST), held, {"state": "suspected"},
        empty=_("No message is held for a check."),
    )  # fmt: skip


def _escalated(units: list[int]) -> Panel:
    escalated = Case.objects.escalated()
    per_unit = [escalated.filter(unit=pk) for pk in units]
    return _panel(
        "escalated", pgettext("panel", "Escalated"), first(per_unit, SHORT, HIGHEST), escalated.filter(unit__in=units),
        {"escalated": "yes"},
        empty=_("Nothing has been escalated."), urgent=True,
    )  # fmt: skip


def _queue(units: list[int]) -> Panel:
    waiting = Case.objects.in_queue()
    per_unit = [waiting.filter(unit=pk) for pk in units]
    title = _("My unit's queue") if len(units) == 1 else _("The queue of my units")
    return _panel(
        "queue", title, first(per_unit, QUEUE), waiting.filter(unit__in=units), {"state": "open"},
        empty=_("Nobody is waiting. Well done."),
    )  # fmt: skip


def _panel(
    key: str, title: str, cases: list[Case], rows: Any, filters: dict[str, str], *, empty: str, urgent: bool = False
) -> Panel:
    return Panel(
        key=key,
        title=title,
        template=TEMPLATE,
        context={"cases": cases, "empty": empty},
        count=capped_count(rows),
        url=reverse("admin:feedback_case_changelist") + "?" + urlencode(filters),
        is_urgent=urgent and bool(cases),
    )
