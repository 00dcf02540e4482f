"""The clocks of told cases: reckoned and judged by portal.clocks, with the escalations they would have caused."""

from __future__ import annotations

from datetime import datetime

from participation.feedback.models import Case
from portal.clocks.models import Clock, ClockState, Escalation, EscalationStep, Policy
from portal.clocks.scheduling import Timetable, next_action, note_miss, reckon, step_minutes, steps_reached
from portal.home.demo.life import Life, Run
from portal.working_days import hours
from portal.working_days.models import Calendar


class ClockWork:
    """Makes clocks of runs, with what it asks the database for kept between cases."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar = calendar
        self.hours = calendar.working_hours()
        self.steps = list(EscalationStep.objects.filter(is_active=True))
        self.now = now
        self._policies: dict[tuple[str, str], dict[str, Policy]] = {}

    def policies(self, case: Case) -> dict[str, Policy]:
        """The service levels of a case."""
        key = (case.kind, case.priority)
        if key not in self._policies:
            self._policies[key] = Policy.objects.matching("feedback.case", *key)
        return self._policies[key]

    def clocks(self, life: Life) -> tuple[list[Clock], list[Escalation]]:
        """The case's clocks and their escalations, unsaved; the case must have been stored."""
        pauses = [hours.Pause(pause.started_at, pause.ended_at, pause.reason) for pause in life.pauses]
        table = Timetable(self.hours, pauses, self.steps)
        clocks = [self._clock(life.case, run, table) for run in life.runs]
        return clocks, [row for clock in clocks for row in self._escalations(clock, table)]

    def _clock(self, case: Case, run: Run, table: Timetable) -> Clock:
        policy = self.policies(case)[run.metric]
        clock = Clock(
            subject_kind="feedback.case",
            subject_id=case.pk,
            metric=run.metric,
            cycle=run.cycle,
            policy=policy,
            policy_version=policy.version,
            minutes=policy.minutes,
            warn_minutes=policy.warn_minutes,
            calendar=self.calendar,
            calendar_version=self.calendar.version,
            started_at=run.started_at,
        )
        reckon(clock, table)
        until = run.ended_at or self.now
        note_miss(clock, until)
        reached = steps_reached(clock, table, until)
        clock.level = reached[-1].level if reached and clock.state != ClockState.PAUSED else 0
        if run.ended_at is None:
            clock.next_action_at = next_action(clock, table) if clock.state == ClockState.RUNNING else None
            return clock
        clock.state = ClockState.CANCELLED if run.is_cancelled else ClockState.STOPPED
        clock.stopped_at, clock.next_action_at = run.ended_at, None
        clock.worked_minutes = int(hours.elapsed(table.hours, clock.started_at, run.ended_at, table.pauses))
        return clock

    def _escalations(self, clock: Clock, table: Timetable) -> list[Escalation]:
        rows = []
        for step in self.steps:
            minutes = step_minutes(clock, step)
            if step.level > clock.level or minutes is None:
                continue
            at = hours.due(table.hours, clock.started_at, minutes, table.pauses)
            rows.append(Escalation(clock=clock, level=step.level, role=step.role, recipients=1, at=at or self.now))
        return rows
