"""Sweepers killed at random for a while: at the end every step happened once and none is lost."""

from __future__ import annotations

import random
import signal
import time

import pytest

from portal.clocks.models import Clock
from tests.portal.clocks.test_escalation_race import NOW, check_each_step_happened_once, due_cases, sweeper

KILLS = 15


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_sweepers_killed_again_and_again(transactional_db: None) -> None:
    cases = due_cases()
    chance = random.Random(2026)
    for _kill in range(KILLS):
        running = [sweeper(), sweeper()]
        time.sleep(chance.uniform(1.0, 3.5))
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    last = sweeper()
    assert last.wait(120) == 0
    assert not Clock.objects.to_act_on(NOW).exists()
    check_each_step_happened_once(cases)
