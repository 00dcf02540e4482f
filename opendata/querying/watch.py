"""Stops queries when their time is up: one thread that watches all of them.

Whoever asks waits in a thread of the web worker, which has few. So only some queries at a time may be long ones: where
as many are under way, the next is stopped as soon as it turns out to be long, and threads stay free for what is quick.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

AGAIN = 0.05
"""Seconds after which a query that was stopped, yet still is there, is stopped again: it may have been between two
statements."""
QUICK = 2.0
"""Seconds after which a query is a long one."""
LONG_ONES = 2
"""How many of those there may be: half of the threads a web worker has, see the Dockerfile."""


@dataclass
class Alarm:
    """The deadline of one query and when it is a long one, both of `time.monotonic`; whether it was stopped, and
    whether that was because there are too many long ones."""

    deadline: float
    stop: Callable[[], None]
    quick_until: float
    is_long: bool = False
    rang: bool = False
    is_one_too_many: bool = False

    @property
    def next(self) -> float:
        """When to look at it again."""
        return self.deadline if self.is_long else min(self.deadline, self.quick_until)


class Watch:
    """Alarms and the thread that rings them."""

    def __init__(self) -> None:
        self._alarms: dict[int, Alarm] = {}
        self._changed = threading.Condition()
        self._sleeps_until = float("inf")
        threading.Thread(target=self._keep, name="watch", daemon=True).start()

    @contextmanager
    def until(self, deadline: float, stop: Callable[[], None], quick_until: float = float("inf")) -> Iterator[Alarm]:
        """Call `stop` at the deadline, or at `quick_until` where others are long ones, unless the block was left."""
        alarm = Alarm(deadline, stop, quick_until)
        with self._changed:
            self._alarms[id(alarm)] = alarm
            if alarm.next < self._sleeps_until:
                self._changed.notify()
        try:
            yield alarm
        finally:
            with self._changed:
                del self._alarms[id(alarm)]

    def _keep(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                self._tell_long_ones(now)
                due = [one for one in self._alarms.values() if one.deadline <= now or one.is_one_too_many]
                for alarm in due:
                    alarm.rang = True
                    alarm.stop()
                times = [now + AGAIN] if due else [alarm.next for alarm in self._alarms.values()]
                self._sleeps_until = min(times, default=float("inf"))
                self._changed.wait(max(0.0, self._sleeps_until - now) if times else None)

    def _tell_long_ones(self, now: float) -> None:
        """Give the long ones their places while there are any; called with the lock."""
        taken = sum(one.is_long for one in self._alarms.values())
        for alarm in self._alarms.values():
            if alarm.quick_until <= now < alarm.deadline and not (alarm.is_long or alarm.rang):
                alarm.is_long = taken < LONG_ONES
                alarm.is_one_too_many = not alarm.is_long
                taken += alarm.is_long
