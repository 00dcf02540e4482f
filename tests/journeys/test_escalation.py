"""A case left alone climbs from officer to lead to head, with the real scheduler and worker, each told once."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.clocks.actions import move
from portal.clocks.models import Clock, Escalation, EscalationStep, Metric
from portal.working_days.actions import change_hours
from portal.working_days.models import Calendar
from tests.people import build_world, open_case
from tests.running import wait_until

pytestmark = [pytest.mark.timeout(300)]


def test_a_case_left_alone_climbs_and_tells_each_once(background: None, postbox: Any) -> None:
    world = build_world()
    with transaction.atomic():
        work_round_the_clock(world.administrator)
    EscalationStep.objects.filter(level=3).update(minutes_after_due=5)
    case = open_case(world)
    clock = Clock.objects.get(metric=Metric.FIRST_REPLY)
    clock.started_at = timezone.now() - timedelta(minutes=clock.minutes + 6)
    clock.save()
    with transaction.atomic():
        move([clock], reason="test")

    wait_until(lambda: Escalation.objects.filter(clock=clock).count() == 3, seconds=60)
    told = {name: f"{name}@staff.example" for name in ("omar", "khalid", "layla", "hilal")}
    wait_until(lambda: all(postbox.to(address) for address in told.values()), seconds=60)
    clock.refresh_from_db()
    assert clock.breached_at == clock.due_at
    assert list(clock.escalations.values_list("role", flat=True)) == ["assignee", "lead", "head"]
    for address in told.values():
        mentions = sum(
            letter.get_body(("plain",)).get_content().count(case.reference) for letter in postbox.to(address)
        )
        assert mentions == 1, address


def work_round_the_clock(by: Any) -> None:
    """Escalation keeps to working hours; the test may run at any time."""
    week = [(weekday, time(0), time(0)) for weekday in range(7)]
    change_hours(calendar=Calendar.objects.default(), weekly=week, by=by)
