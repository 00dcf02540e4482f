"""When a clock is due and when it next wants something done. Reads nothing, writes nothing but the clock given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.clocks.models import Clock, ClockState, EscalationStep
from portal.working_days.hours import Pause, WorkingHours, due, is_open, next_opening

GRACE = timedelta(minutes=5)
"""A step whose time is closing time still goes out; one found later than this waits for the next opening."""


@dataclass(frozen=True)
class Timetable:
    """What a clock is reckoned with."""

    hours: WorkingHours
    pauses: Sequence[Pause]
    steps: Sequence[EscalationStep]


def step_minutes(clock: Clock, step: EscalationStep) -> int | None:
    """Working minutes from the clock's start to a step; None for a warning the promise is too short for."""
    if not step.is_warning:
        return clock.minutes + step.minutes_after_due
    return clock.minutes - clock.warn_minutes if clock.warn_minutes < clock.minutes else None


def reckon(clock: Clock, table: Timetable) -> None:
    """Set the clock's due time, state and next action from its calendar and pauses."""
    clock.due_at = due(table.hours, clock.started_at, clock.minutes, table.pauses)
    clock.state = ClockState.PAUSED if any(pause.end is None for pause in table.pauses) else ClockState.RUNNING
    clock.next_action_at = None if clock.state == ClockState.PAUSED else next_action(clock, table)


def next_action(clock: Clock, table: Timetable) -> datetime | None:
    """The earliest moment at which the clock wants a step of a higher level, or its breach noted."""
    times = [due(table.hours, clock.started_at, minutes, table.pauses) for minutes in _pending(clock, table.steps)]
    if not clock.is_late:
        times.append(clock.due_at)
    return min((at for at in times if at is not None), default=None)


def _pending(clock: Clock, steps: Iterable[EscalationStep]) -> list[int]:
    minutes = [step_minutes(clock, step) for step in steps if step.level > clock.level]
    return [number for number in minutes if number is not None]


def steps_reached(clock: Clock, table: Timetable, now: datetime) -> list[EscalationStep]:
    """The steps of higher levels whose time is past, lowest first."""
    reached = []
    for step in table.steps:
        minutes = step_minutes(clock, step)
        if step.level <= clock.level or minutes is None:
            continue
        at = due(table.hours, clock.started_at, minutes, table.pauses)
        if at is not None and at < now:
            reached.append(step)
    return reached


def is_missed(clock: Clock, event_at: datetime) -> bool:
    """The one rule of lateness, for events and for the sweep: on time means not after the due time."""
    return clock.due_at is not None and event_at > clock.due_at


def note_miss(clock: Clock, at: datetime) -> None:
    """Write the breach once, if `at` is late; missing an excused clock's new due time ends the excuse."""
    if not is_missed(clock, at):
        return
    if clock.breached_at is None:
        clock.breached_at = clock.due_at
    clock.excused_at = None


def may_remind(clock: Clock, table: Timetable, now: datetime) -> bool:
    """Reminders go out in working hours only, or just after the moment they fell due."""
    recent = clock.next_action_at is not None and now - clock.next_action_at <= GRACE
    return recent or is_open(table.hours, now)


def when_open(table: Timetable, now: datetime) -> datetime | None:
    """The moment the office opens next."""
    return next_opening(table.hours, now)
