"""What the case page tells of clocks and history, fetched in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.feedback.models import Case
from participation.feedback.states import Ground, Priority, State
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock, ClockMove, ClockState, Pause
from portal.clocks.time_left import TimeLeft, measure
from portal.organisations.models import Organisation, Unit

MOVE_REASONS = {
    "calendar": gettext_lazy("the calendar changed"),
    "pause": gettext_lazy("a pause began or ended"),
    "promise": gettext_lazy("the service level changed"),
}

ROUTED_BECAUSE = {"page": gettext_lazy("because of the page it was sent from")}


@dataclass
class ClockRow:
    """A clock with what is said about it."""

    clock: Clock
    time_left: TimeLeft | None
    verdict: str
    mark: str
    escalations: list[Any] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)


def clock_rows(case: Case) -> list[ClockRow]:
    """The clocks of a case, those of the present cycle first."""
    clocks = Clock.objects.about("feedback.case", case.pk).prefetch_related("escalations", "moves")
    found = list(clocks.order_by("-cycle", "minutes"))
    left = measure((clock.pk, clock.due_at, clock.calendar_id) for clock in found if clock.is_open)
    return [_row(clock, left.get(clock.pk)) for clock in found]


def _row(clock: Clock, left: TimeLeft | None) -> ClockRow:
    if clock.state == ClockState.PAUSED:
        left = TimeLeft(None)
    verdict, mark = _verdict(clock)
    moves = [
        {"words": _moved(move), "reason": MOVE_REASONS.get(move.reason, move.reason)} for move in clock.moves.all()
    ]
    return ClockRow(clock, left, verdict, mark, list(clock.escalations.all()), moves)


def _moved(move: ClockMove) -> str:
    """The change of a due time; without one the clock stood still."""
    old, new = (_moment(at) for at in (move.old_due_at, move.new_due_at))
    return _("due time moved from %(old)s to %(new)s") % {"old": old, "new": new}


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else _("open")


def _verdict(clock: Clock) -> tuple[str, str]:
    """How the promise stands, and the colour of its chip."""
    if clock.breached_at and clock.excused_at:
        return _("missed, excused by a later closure"), "info"
    if clock.breached_at:
        return _("missed"), "danger"
    return {
        ClockState.STOPPED: (_("kept"), "success"),
        ClockState.CANCELLED: (_("no longer owed"), ""),
        ClockState.PAUSED: (_("paused"), "info"),
    }.get(ClockState(clock.state), (_("running"), "info"))


def pauses_of(case: Case) -> Any:
    """The spans in which the clocks stood still."""
    return Pause.objects.about("feedback.case", case.pk)


def events_of(case: Case) -> list[AuditEvent]:
    """The history, oldest first, each event with its details in words as `details`."""
    events = list(AuditEvent.objects.about(case).select_related("actor").order_by("pk"))
    names = _names(events)
    for event in events:
        event.details = _details(event.data, event.verb_label, names)  # type: ignore[attr-defined]
    return events


def _names(events: list[AuditEvent]) -> dict[tuple[str, str], str]:
    """Units and authorities by their codes, which is all the trail keeps of them."""
    kept: dict[str, Any] = {"unit": Unit, "authority": Organisation}
    names: dict[tuple[str, str], str] = {}
    for key, model in kept.items():
        codes = {event.data[key] for event in events if event.data.get(key)}
        names |= {(key, row.code): str(row) for row in (model.objects.filter(code__in=codes) if codes else ())}
    return names


def _details(data: dict[str, Any], verb: str, names: dict[tuple[str, str], str]) -> str:
    parts = []
    if data.get("to") in State.values and str(State(data["to"]).label) not in verb:
        parts.append(str(State(data["to"]).label))
    if data.get("unit"):
        parts.append(names.get(("unit", data["unit"]), data["unit"]))
    if data.get("rule"):
        parts.append(_("by rule %(number)s") % {"number": data["rule"]})
    if data.get("because") in ROUTED_BECAUSE:
        parts.append(str(ROUTED_BECAUSE[data["because"]]))
    if data.get("authority"):
        parts.append(names.get(("authority", data["authority"]), data["authority"]))
    if data.get("priority") in Priority.values:
        parts.append(str(Priority(data["priority"]).label))
    if data.get("ground") in Ground.values:
        parts.append(str(Ground(data["ground"]).label))
    if data.get("out_of_turn"):
        parts.append(_("out of turn: %(reason)s") % {"reason": data["out_of_turn"]})
    return " · ".join(parts)
