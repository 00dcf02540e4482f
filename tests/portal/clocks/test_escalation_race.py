"""Two sweepers, one killed in the middle of its transaction: every step once, none lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter

from django.db import connection, transaction

from participation.feedback.models import Case
from portal.clocks.models import Clock, ClockState, Escalation, Metric
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.office_hours import at, begin
from tests.people import build_world, open_case
from tests.running import ROOT, environment, wait_until

CASES = 230
NOW = at("thu 12:00")
SWEEP = f"""
import django
django.setup()
from datetime import datetime
from portal.clocks.sweep import sweep
print(sweep(now=datetime.fromisoformat("{NOW.isoformat()}")), flush=True)
"""


def sweeper() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SWEEP], cwd=ROOT, env=environment() | {"LOG_LEVEL": "ERROR"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the activity of its first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%%feedback_case%%'"
        )
        return cursor.fetchone()[0] > 0


def due_cases() -> list[Case]:
    world = build_world()
    cases = [open_case(world, email="") for _number in range(CASES)]
    begin(cases[0], at("sun 08:00"))
    for clock in Clock.objects.filter(subject_id=cases[0].pk, state=ClockState.RUNNING):
        times = {"started_at": clock.started_at, "due_at": clock.due_at, "next_action_at": clock.next_action_at}
        Clock.objects.filter(metric=clock.metric).update(**times)
    return cases


def check_each_step_happened_once(cases: list[Case]) -> None:
    steps = Counter(Escalation.objects.values_list("clock__subject_id", "level"))
    assert steps == Counter({(case.pk, level): 1 for case in cases for level in (1, 2, 3)})
    mentions: Counter[tuple[str, str]] = Counter()
    for mail in OutgoingMail.objects.filter(template="escalation"):
        mentions.update((mail.to, case.reference) for case in cases if case.reference in mail.text)
    readers = ["omar", "khalid", "layla", "hilal"]
    assert mentions == Counter({(f"{name}@staff.example", case.reference): 1 for name in readers for case in cases})
    clocks = Clock.objects.filter(metric=Metric.FIRST_REPLY)
    assert set(clocks.values_list("level", "breached_at")) == {(3, at("wed 08:00"))}
    assert set(Case.objects.values_list("escalation_level", flat=True)) == {3}


def test_a_sweeper_killed_in_its_transaction_loses_nothing_and_repeats_nothing(transactional_db: None) -> None:
    cases = due_cases()
    with transaction.atomic():  # holds one case, so that the first sweeper stands still with everything written
        first_batch = Clock.objects.filter(metric=Metric.FIRST_REPLY).order_by("next_action_at", "pk")[:200]
        held = first_batch[100].subject_id
        Case.objects.select_for_update().get(pk=held)
        doomed = sweeper()
        wait_until(waits_for_a_lock, seconds=60)
        other = sweeper()
        assert other.wait(60) == 0
        doomed.send_signal(signal.SIGKILL)
        assert doomed.wait(10) == -signal.SIGKILL
        seen_meanwhile = Escalation.objects.count()
    assert seen_meanwhile == (CASES - 200) * 3

    third = sweeper()
    output, _errors = third.communicate(timeout=60)
    assert int(output) == 200 * 3
    check_each_step_happened_once(cases)


def test_four_sweepers_at_once_take_each_step_once(transactional_db: None) -> None:
    from portal.clocks.sweep import sweep

    cases = due_cases()
    taken = at_once(4, lambda _number: sweep(now=NOW))
    taken.append(sweep(now=NOW))
    assert sum(taken) == CASES * 3
    check_each_step_happened_once(cases)
