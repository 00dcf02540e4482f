"""Fetching what clocks are reckoned with: calendars, pauses and steps, for many clocks at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portal.clocks.models import Clock, EscalationStep, Pause
from portal.clocks.scheduling import Timetable
from portal.working_days import hours
from portal.working_days.models import Calendar


def timetables(clocks: Iterable[Clock]) -> dict[int, Timetable]:
    """The timetable of each clock, by clock id, in as many queries as for one clock of each subject kind."""
    clocks = list(clocks)
    calendars = Calendar.objects.working_hours_by_calendar({clock.calendar_id for clock in clocks})
    pauses = pauses_of(clocks)
    steps = list(EscalationStep.objects.filter(is_active=True))
    return {
        clock.pk: Timetable(calendars[clock.calendar_id], pauses[clock.subject_kind, clock.subject_id], steps)
        for clock in clocks
    }


def pauses_of(clocks: Iterable[Clock]) -> dict[tuple[str, int], list[hours.Pause]]:
    """The pauses of the clocks' subjects, in the form working_days reckons with."""
    ids: dict[str, set[int]] = defaultdict(set)
    for clock in clocks:
        ids[clock.subject_kind].add(clock.subject_id)
    found: dict[tuple[str, int], list[hours.Pause]] = defaultdict(list)
    for kind, subject_ids in ids.items():
        for pause in Pause.objects.about(kind, *subject_ids):
            found[kind, pause.subject_id].append(_span(pause))
    return found


def pauses_of_subject(subject_kind: str, subject_id: int) -> list[hours.Pause]:
    """The same for one subject."""
    return [_span(pause) for pause in Pause.objects.about(subject_kind, subject_id)]


def _span(pause: Pause) -> hours.Pause:
    return hours.Pause(pause.started_at, pause.ended_at, pause.reason)
