"""The sweep: finds clocks whose moment has come, notes breaches and escalates, each level once.

Level-triggered: it looks at what is true now, so a stand-still only delays. Several sweepers share the work
through SKIP LOCKED; a crash rolls a batch back whole, letters included.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.bulk import update_rows
from portal.clocks import registry
from portal.clocks.actions import move
from portal.clocks.models import Clock, Escalation, EscalationStep, Heartbeat, Metric
from portal.clocks.notices import Notice, write_notices
from portal.clocks.scheduling import Timetable, may_remind, next_action, note_miss, steps_reached, when_open
from portal.clocks.tables import timetables

logger = logging.getLogger(__name__)
BATCH = 200


@dataclass
class Outcome:
    """What one clock wants: the steps it reached, and whether it was changed."""

    clock: Clock
    steps: list[EscalationStep]


def sweep(now: datetime | None = None) -> int:
    """Act on every clock whose moment is past; returns how many steps were taken.

    A clock that cannot be handled is set aside for five minutes and logged, so that it holds up no other.
    """
    taken = 0
    while True:
        try:
            handled, steps = _sweep_batch(now or timezone.now(), BATCH)
        except Exception:
            logger.exception("a batch of clocks failed; trying them one by one")
            handled, steps = _sweep_singly(now or timezone.now())
        taken += steps
        if not handled:
            break
    beat("clocks.sweep", now)
    return taken


def _sweep_singly(now: datetime) -> tuple[int, int]:
    handled = steps = 0
    for pk in list(Clock.objects.to_act_on(now).order_by("next_action_at").values_list("pk", flat=True)[:BATCH]):
        try:
            one, taken = _sweep_batch(now, 1, only=pk)
            handled, steps = handled + one, steps + taken
        except Exception:
            logger.exception("clock %s set aside", pk)
            later = now + timedelta(minutes=5)
            handled += Clock.objects.to_act_on(now).filter(pk=pk).update(next_action_at=later)
    return handled, steps


@transaction.atomic
def _sweep_batch(now: datetime, size: int, only: int | None = None) -> tuple[int, int]:
    rows = Clock.objects.to_act_on(now).order_by("next_action_at").select_for_update(skip_locked=True)
    if only is not None:
        rows = rows.filter(pk=only)
    clocks = list(rows[:size])
    if not clocks:
        return 0, 0
    tables = timetables(clocks)
    outcomes = [_advance(clock, tables[clock.pk], now) for clock in clocks]
    update_rows(clocks, ["breached_at", "excused_at", "level", "next_action_at"])
    notices = _escalate(outcomes, now)
    for kind, ids in _by_kind(clocks).items():
        registry.subject(kind).sync(ids)
    return len(clocks), notices


def _advance(clock: Clock, table: Timetable, now: datetime) -> Outcome:
    note_miss(clock, now)
    steps = steps_reached(clock, table, now)
    if steps and not may_remind(clock, table, now):
        clock.next_action_at = when_open(table, now)
        return Outcome(clock, [])
    if steps:
        clock.level = steps[-1].level
    clock.next_action_at = next_action(clock, table)
    return Outcome(clock, steps)


def _escalate(outcomes: Iterable[Outcome], now: datetime) -> int:
    """Write the escalations and, in the same transaction, the letters that tell people of them."""
    reached = [outcome for outcome in outcomes if outcome.steps]
    infos = {
        (kind, pk): info
        for kind, ids in _by_kind(outcome.clock for outcome in reached).items()
        for pk, info in registry.subject(kind).describe(ids).items()
    }
    notices = [
        Notice(outcome.clock, step, infos[outcome.clock.subject_kind, outcome.clock.subject_id])
        for outcome in reached
        for step in outcome.steps
    ]
    told = write_notices(notices)
    Escalation.objects.bulk_create(
        Escalation(clock=notice.clock, level=notice.step.level, role=notice.step.role, recipients=count, at=now)
        for notice, count in zip(notices, told, strict=True)
    )
    return len(notices)


def _by_kind(clocks: Iterable[Clock]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for clock in clocks:
        ids[clock.subject_kind].append(clock.subject_id)
    return ids


def recompute(batch: int = BATCH) -> int:
    """Reckon again every open clock whose calendar changed; returns how many moved. Tells those it was promised to."""
    moved = 0
    while True:
        with transaction.atomic():
            rows = Clock.objects.out_of_date().select_related("calendar").order_by("pk")
            clocks = list(rows.select_for_update(skip_locked=True, of=("self",))[:batch])
            if not clocks:
                return moved
            moves = move(clocks, reason="calendar")
            _tell_subjects(clocks, moves)
            moved += len(moves)


def _tell_subjects(clocks: list[Clock], moves: dict[int, tuple[datetime | None, datetime | None]]) -> None:
    promised: dict[str, dict[int, tuple[datetime | None, datetime | None]]] = defaultdict(dict)
    for clock in clocks:
        if clock.pk in moves and clock.metric == Metric.FIRST_REPLY:
            promised[clock.subject_kind][clock.subject_id] = moves[clock.pk]
    for kind, by_subject in promised.items():
        registry.subject(kind).moved(by_subject)


def beat(name: str, at: datetime | None = None) -> None:
    """Note that a periodic job came to its end."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at or timezone.now()})
