"""One sweep over very many running clocks of which a thousand are due: it must cost what the due ones cost.

Every clock that is due belongs to a case of its own: a third want the officer's warning, a third have just been
missed, a third climb to the head. The others are promises of the same cases' kind with their time still to come.
Beside it, the question every sweep starts with is asked as others ask it, without the partial index.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bench.figures import demand, median_seconds, seconds, show
from bench.herd import execute, multiply, settle
from participation.feedback.models import Case
from portal.clocks import sweep
from portal.clocks.models import Clock, Escalation, EscalationStep
from portal.mail.models import OutgoingMail
from portal.organisations.models import Role
from portal.working_days.hours import due, elapsed
from portal.working_days.models import Calendar
from tests.people import World, build_world, open_case, staff, unit

TARGET = 2.0
MOST = 3
"""How much longer a sweep over a hundred times the clocks may take: what is due lies farther apart on the disk."""
DUE = 1_000
SIZES = (10_000, 100_000, 1_000_000)
SWEEPS = 3
UNITS = 20
CLOCKS = 2
"""Clocks of an open case: first reply and resolution."""
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Muscat"))
"""A Tuesday morning in working hours."""


def people(world: World) -> list[int]:
    """Twenty units with an officer, a lead and a head each; returns the units' ids."""
    ids = []
    for number in range(UNITS):
        place = unit(world.ministry, f"bench-{number}")
        for role in Role.values:
            staff(f"{role}-{number}", place, role)
        ids.append(place.pk)
    return ids


def grow(units: list[int], template: int, clocks: int) -> None:
    """Bring the running clocks up to `clocks`, by copying one case; nothing of the copies is due before tomorrow."""
    there = Case.objects.count()
    multiply(
        Case, clocks // CLOCKS - there, f"row.id = {template}",
        reference=f"'S' || {there} + n", form_token=f"'bench' || {there} + n", fingerprint="''", search="NULL",
        unit_id=f"(ARRAY{units})[1 + n % {len(units)}]",
    )  # fmt: skip
    columns = [field.column for field in Clock._meta.local_concrete_fields if not field.primary_key]
    changed = {"subject_id": "copy.id", "next_action_at": later("clock"), "due_at": later("clock")}
    values = [changed.get(name, f"clock.{name}") for name in columns]
    execute(
        f"INSERT INTO clocks_clock ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM feedback_case copy, clocks_clock clock WHERE clock.subject_id = {template} AND clock.state = 'running' "
        "AND NOT EXISTS (SELECT FROM clocks_clock has WHERE has.subject_id = copy.id)"
    )
    settle(Case, Clock)


def later(clock: str) -> str:
    """Some time in the next ten weeks after the sweep, as SQL."""
    return (
        f"'{NOW.isoformat()}'::timestamptz + interval '1 minute' * (1000 + (copy.id * 7919 + {clock}.minutes) % 100000)"
    )


def make_due(random: Random, template: int) -> int:
    """Let the first replies of a thousand cases come due within the last minutes; returns the steps they want now."""
    hours = Calendar.objects.default().working_hours()
    warning, missed, late = EscalationStep.objects.order_by("level")
    untouched = Clock.objects.filter(metric="first_reply", level=0, next_action_at__gt=NOW, subject_id__gt=template)
    clocks = list(untouched.select_related("calendar").order_by("next_action_at")[:DUE])
    for number, clock in enumerate(clocks):
        clock.started_at = NOW - timedelta(days=random.randrange(15, 40), minutes=random.randrange(600))
        worked = int(elapsed(hours, clock.started_at, NOW)) - 1
        step = (warning, missed, late)[number % 3]
        clock.minutes = worked + {warning: clock.warn_minutes, missed: 0, late: -step.minutes_after_due}[step]
        clock.level = step.level - 1
        clock.next_action_at = NOW - timedelta(minutes=1)
        clock.due_at = due(hours, clock.started_at, clock.minutes)
    Clock.objects.bulk_update(clocks, ["started_at", "minutes", "level", "next_action_at", "due_at"], batch_size=500)
    return len(clocks)


def swept(random: Random, template: int) -> float:
    """Seconds of one sweep with DUE clocks due, after checking that it did each of them once."""
    wanted = make_due(random, template)
    before, letters = Escalation.objects.count(), OutgoingMail.objects.count()
    took = seconds(lambda: sweep.sweep(NOW))
    assert Escalation.objects.count() - before == wanted == DUE, Escalation.objects.count() - before
    assert OutgoingMail.objects.count() > letters
    assert not Clock.objects.to_act_on(NOW).exists()
    return took


def without_the_index() -> tuple[float, float]:
    """Seconds of the sweep's first question, with the partial index and without any."""

    def ask() -> None:
        list(Clock.objects.to_act_on(NOW).order_by("next_action_at").values_list("pk", flat=True)[: sweep.BATCH])

    ours = median_seconds(ask, 15)
    with transaction.atomic():
        execute("DROP INDEX clock_due")
        theirs = median_seconds(ask, 5)
        transaction.set_rollback(True)
    return ours, theirs


def main() -> None:
    """Sweep at every size; fail over the target, or where the size shows."""
    world = build_world()
    units = people(world)
    template = open_case(world).pk
    random, found = Random(7), {}
    for size in SIZES:
        grow(units, template, size)
        assert Clock.objects.filter(state="running").count() == size
        swept(random, template)
        found[size] = median(swept(random, template) for _ in range(SWEEPS))
        show(
            f"one sweep, {DUE:,} of {size:,} running clocks due",
            f"{found[size]:.2f} s",
            f"{DUE / found[size]:,.0f} clocks/s",
        )
    show(f"the same, {SIZES[-1]:,} beside {SIZES[0]:,} running clocks", f"{found[SIZES[-1]] / found[SIZES[0]]:.2f} x")
    ours, theirs = without_the_index()
    show(f"what is due among {SIZES[-1]:,}, partial index", f"{ours * 1000:.1f} ms")
    show("the same without it", f"{theirs * 1000:.1f} ms", f"{theirs / ours:,.0f} x")
    connection.close()
    demand(found[SIZES[-1]] < TARGET, f"a sweep in under {TARGET:.0f} s")
    demand(found[SIZES[-1]] < MOST * found[SIZES[0]], f"a hundred times the clocks in less than {MOST} times the time")
