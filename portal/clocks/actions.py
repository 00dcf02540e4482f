"""Starting, stopping, pausing and moving clocks. Call them inside the transaction of the act they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.audit.actions import record
from portal.bulk import update_rows
from portal.clocks import registry, rulebook
from portal.clocks.models import Clock, ClockMove, ClockState, Incident, Pause, PauseReason, Policy
from portal.clocks.scheduling import Timetable, is_missed, next_action, note_miss, reckon
from portal.clocks.tables import pauses_of_subject, timetables
from portal.working_days import hours
from portal.working_days.hours import elapsed
from portal.working_days.models import Calendar


@transaction.atomic
def start_clocks(
    *,
    subject: models.Model,
    kind: str,
    priority: str,
    metrics: Iterable[str],
    started_at: datetime,
    calendar: Calendar | None = None,
    cycle: int = 1,
) -> list[Clock]:
    """Start a clock for each metric that has a policy; one that exists already is left as it is.

    Without a `calendar` the default one counts. Starting twice does nothing, so a task may run again.
    """
    subject_kind = subject._meta.label_lower
    pauses = pauses_of_subject(subject_kind, subject.pk)
    clocks = planned_clocks(subject_kind, kind, priority, metrics, started_at, calendar, cycle, pauses)
    for clock in clocks:
        clock.subject_id = subject.pk
    Clock.objects.bulk_create(clocks, ignore_conflicts=True)
    _sync(subject_kind, [subject.pk])
    return clocks


def planned_clocks(
    subject_kind: str,
    kind: str,
    priority: str,
    metrics: Iterable[str],
    started_at: datetime,
    calendar: Calendar | None = None,
    cycle: int = 1,
    pauses: Sequence[hours.Pause] = (),
) -> list[Clock]:
    """The clocks `start_clocks` would start, reckoned but of no subject yet: its row can be stored with their due time.

    Give them to `start_planned` in the same transaction.
    """
    book = rulebook.current()
    calendar = calendar or book.default_calendar
    table = Timetable(calendar.working_hours(), pauses, book.steps)
    policies = book.policies(subject_kind, kind, priority)
    clocks = [
        Clock(
            subject_kind=subject_kind,
            metric=metric,
            cycle=cycle,
            policy=policies[metric],
            policy_version=policies[metric].version,
            minutes=policies[metric].minutes,
            warn_minutes=policies[metric].warn_minutes,
            calendar=calendar,
            calendar_version=calendar.version,
            started_at=started_at,
        )
        for metric in metrics
        if metric in policies
    ]
    for clock in clocks:
        reckon(clock, table)
    return clocks


def start_planned(*, subject: models.Model, clocks: list[Clock]) -> None:
    """Start the planned clocks of a subject just stored, whose row already holds what `sync` would write there."""
    for clock in clocks:
        clock.subject_id = subject.pk
        clock.save(force_insert=True)


@transaction.atomic
def stop_clocks(*, subject: models.Model, metrics: Iterable[str] | None = None, at: datetime | None = None) -> int:
    """Stop the subject's open clocks (of `metrics`, or all): kept or missed at `at`. Returns how many."""
    return _end(subject, ClockState.STOPPED, metrics, at or timezone.now())


@transaction.atomic
def cancel_clocks(*, subject: models.Model, at: datetime | None = None) -> int:
    """End the subject's open clocks unjudged: nothing is owed any more (withdrawn, removed, out of scope)."""
    return _end(subject, ClockState.CANCELLED, None, at or timezone.now())


def _end(subject: models.Model, state: ClockState, metrics: Iterable[str] | None, at: datetime) -> int:
    clocks = Clock.objects.about(subject._meta.label_lower, subject.pk).open().select_for_update()
    if metrics is not None:
        clocks = clocks.filter(metric__in=list(metrics))
    found = list(clocks)
    tables = timetables(found)
    for clock in found:
        table = tables[clock.pk]
        note_miss(clock, at)
        clock.worked_minutes = int(elapsed(table.hours, clock.started_at, at, table.pauses))
        clock.state, clock.stopped_at, clock.next_action_at = state, max(at, clock.started_at), None
    fields = ["state", "stopped_at", "next_action_at", "breached_at", "excused_at", "worked_minutes"]
    update_rows(found, fields)
    _sync(subject._meta.label_lower, [subject.pk])
    return len(found)


@transaction.atomic
def pause(
    *,
    subject: models.Model,
    reason: PauseReason,
    by: Any = None,
    incident: Incident | None = None,
    at: datetime | None = None,
) -> None:
    """Let the subject's clocks stand still from `at`. A pause of that reason that is open already goes on."""
    Pause.objects.bulk_create(
        [
            Pause(
                subject_kind=subject._meta.label_lower,
                subject_id=subject.pk,
                reason=reason,
                incident=incident,
                started_at=at or timezone.now(),
                by=by if getattr(by, "pk", None) else None,
            )
        ],
        ignore_conflicts=True,
    )
    reschedule(subject._meta.label_lower, [subject.pk])


@transaction.atomic
def resume(*, subject: models.Model, reason: PauseReason, at: datetime | None = None) -> int:
    """End the subject's open pause of that reason; returns 0 where there was none."""
    kind = subject._meta.label_lower
    ended = Pause.objects.about(kind, subject.pk).open().filter(reason=reason).update(ended_at=at or timezone.now())
    if ended:
        reschedule(kind, [subject.pk])
    return ended


@transaction.atomic
def change_promise(*, subject: models.Model, kind: str, priority: str, by: Any) -> None:
    """Apply the policies of another kind or priority to the open clocks; each keeps its start."""
    subject_kind = subject._meta.label_lower
    policies = Policy.objects.matching(subject_kind, kind, priority)
    clocks = list(Clock.objects.about(subject_kind, subject.pk).open().select_for_update())
    for clock in clocks:
        if policy := policies.get(clock.metric):
            clock.policy, clock.policy_version = policy, policy.version
            clock.minutes, clock.warn_minutes = policy.minutes, policy.warn_minutes
    update_rows(clocks, ["policy", "policy_version", "minutes", "warn_minutes"])
    move(clocks, reason="promise")


def reschedule(subject_kind: str, ids: Iterable[int]) -> None:
    """Reckon the open clocks of these subjects again after a pause began or ended."""
    ids = list(ids)
    clocks = Clock.objects.about(subject_kind, *ids).open().select_for_update().order_by("pk")
    move(list(clocks), reason="pause")


def move(clocks: list[Clock], *, reason: str) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Reckon locked open clocks again, keeping old and new due time of each that moved; returns these by clock id.

    A breach stays written; where the due time now lies after it, or is not reached yet, it is excused.
    """
    tables = timetables(clocks)
    moves: dict[int, tuple[datetime | None, datetime | None]] = {}
    now = timezone.now()
    for clock in clocks:
        old = clock.due_at
        clock.calendar_version = clock.calendar.version
        note_miss(clock, now)  # missed before this change, whatever the sweep had seen by then
        reckon(clock, tables[clock.pk])
        if clock.is_late and reason == "calendar" and clock.due_at is not None and not is_missed(clock, now):
            clock.excused_at = now
            clock.next_action_at = next_action(clock, tables[clock.pk]) if clock.state == ClockState.RUNNING else None
        if clock.due_at != old:
            moves[clock.pk] = (old, clock.due_at)
    fields = ["due_at", "next_action_at", "state", "calendar_version", "breached_at", "excused_at"]
    update_rows(clocks, fields)
    ClockMove.objects.bulk_create(
        [ClockMove(clock_id=pk, old_due_at=old, new_due_at=new, reason=reason) for pk, (old, new) in moves.items()]
    )
    for kind in {clock.subject_kind for clock in clocks}:
        _sync(kind, {clock.subject_id for clock in clocks if clock.subject_kind == kind})
    return moves


def _sync(subject_kind: str, ids: Iterable[int]) -> None:
    registry.subject(subject_kind).sync(ids)


@transaction.atomic
def open_incident(*, title_ar: str, title_en: str, by: Any) -> Incident:
    """Note a production problem; what each subject suspends meanwhile is paused at once."""
    incident = Incident.objects.create(title_ar=title_ar, title_en=title_en, opened_by=by)
    for subject in registry.subjects():
        suspend(subject.kind, subject.suspended_by_incident(), incident)
    record(verb="incident.opened", subject=incident, by=by)
    return incident


def suspend(subject_kind: str, ids: Iterable[int], incident: Incident) -> None:
    """Pause subjects for an incident, in bulk."""
    ids = list(ids)
    Pause.objects.bulk_create(
        [
            Pause(subject_kind=subject_kind, subject_id=pk, reason=PauseReason.INCIDENT, incident=incident,
                  started_at=max(incident.opened_at, timezone.now()))
            for pk in ids
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    reschedule(subject_kind, ids)


def suspend_if_incident(*, subject: models.Model) -> None:
    """Pause a subject that came in while incidents are open. Call it for what incidents suspend."""
    for incident in Incident.objects.filter(closed_at__isnull=True):
        suspend(subject._meta.label_lower, [subject.pk], incident)


@transaction.atomic
def close_incident(*, incident: Incident, by: Any) -> bool:
    """The production problem is solved: what was suspended goes on. False where it was closed already."""
    now = timezone.now()
    if not Incident.objects.filter(pk=incident.pk, closed_at__isnull=True).update(closed_at=now):
        return False
    pauses = incident.pauses.filter(ended_at__isnull=True)
    by_kind: dict[str, list[int]] = {}
    for kind, pk in pauses.values_list("subject_kind", "subject_id"):
        by_kind.setdefault(kind, []).append(pk)
    pauses.update(ended_at=now)
    for kind, ids in by_kind.items():
        reschedule(kind, ids)
    record(verb="incident.closed", subject=incident, by=by)
    return True


def save_policy(*, policy: Policy, by: Any) -> Policy:
    """Store a changed service level; clocks that run keep the promise they were started with."""
    with transaction.atomic():
        if policy.pk:
            policy.version = Policy.objects.select_for_update().get(pk=policy.pk).version + 1
        policy.save()
        record(
            verb="policy.changed", subject=policy, by=by, data={"minutes": policy.minutes, "version": policy.version}
        )
    return policy
