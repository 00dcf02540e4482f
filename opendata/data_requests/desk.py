"""The desk's panels: requests that wait for me, my unit or the call centre, and those that can be answered now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from opendata.data_requests.listing import PRIVATE
from opendata.data_requests.models import DataRequest, DataRequestQuerySet
from portal.clocks.time_left import measure
from portal.organisations.access import is_triager, unit_ids
from portal.staff.desk import Panel, register

MOST = 8


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """One panel with what waits, in a fixed number of queries; none where nothing does."""
    user = request.user
    if not user.has_perm("data_requests.view_datarequest") or not unit_ids(user):
        return
    groups = [group for group in _groups(user) if group["rows"]]
    if not groups:
        return
    _with_time_left([row for group in groups for row in group["rows"]])
    keys = {row.pk for group in groups for row in group["rows"]}
    late = any(row.time_left and row.time_left.is_late for group in groups for row in group["rows"])
    yield Panel(
        "data-requests", _("Requests for data"), "opendata/data_requests/desk/panel.html", {"groups": groups},
        str(len(keys)), reverse("admin:data_requests_datarequest_changelist"),
        is_urgent=late or any(group["key"] == "published" for group in groups),
    )  # fmt: skip


def _groups(user: Any) -> Iterator[dict[str, Any]]:
    mine = DataRequest.objects.visible_to(user)
    ours = mine.filter(unit__in=unit_ids(user))
    yield _group("published", _("The data is published now: answer these"), ours.now_published())
    yield _group("plan", _("The planned day of release is over"), ours.plan_over())
    yield _group("mine", _("With me"), mine.assigned_to(user).unfinished())
    if is_triager(user):
        yield _group("unsorted", _("No unit yet"), mine.unfinished().filter(unit=None))
    yield _group("queue", _("Waiting in my unit"), ours.unfinished().filter(assignee=None))


def _group(key: str, title: str, rows: DataRequestQuerySet) -> dict[str, Any]:
    hidden = [name for name in PRIVATE if name != "title"]
    shown = rows.select_related("unit", "organisation").defer(*hidden).order_by("due_at", "received_at")
    return {"key": key, "title": title, "rows": list(shown[:MOST])}


def _with_time_left(rows: list[DataRequest]) -> None:
    """Give each of them its `time_left`; None where nothing is promised any more."""
    waiting = [row for row in rows if row.is_unfinished]
    left = measure((row.pk, row.due_at, row.unit.calendar_id if row.unit else None) for row in waiting)
    for row in rows:
        row.time_left = left.get(row.pk)  # type: ignore[attr-defined]
