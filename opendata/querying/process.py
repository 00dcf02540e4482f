"""The engine's process seen from the web worker: started when first asked, watched from outside, replaced when it dies.

DuckDB's own limits do not cover everything a query does. So whoever waits for an answer also looks at the clock and at
the memory of the process, and kills it where it keeps neither; what others were asking then is asked again of the next.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
STARTING = 30.0
"""Seconds that a process may take until it is ready."""


@dataclass(frozen=True)
class Limits:
    """What the process may take, in MB: DuckDB's buffers, all of its memory, and addresses (much is never filled)."""

    memory_mb: int = 200
    resident_mb: int = 450
    address_space_mb: int = 2_500
    threads: int = 2
    """Of one query; several are answered at a time."""


class Died(ConnectionError):
    """The process ended before it answered; `why` is "" where nobody knows."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why or "the engine's process ended")
        self.why = why


class Process:
    """One running engine over the files of one store."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.limits = limits
        self.why = ""
        """What it was killed for: "slow", "memory"."""
        self._sending = threading.Lock()
        self._control, theirs = socket.socketpair()
        number = theirs.fileno()
        allowed = json.dumps({"root": str(root.resolve()), **asdict(limits)})
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "opendata.querying", str(number), allowed],
                cwd=ROOT,
                env={
                    "PATH": os.defpath,
                    "LANG": "C.UTF-8",
                    "HOME": "/nonexistent",
                    "PYTHONPATH": str(ROOT),
                    "MALLOC_ARENA_MAX": "2",  # each thread's own arena would keep what it once needed
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[number],
                start_new_session=True,
            )
        try:
            self._control.settimeout(STARTING)
            if self._control.recv(1) != b"r":
                raise Died("did not start")
            self._control.settimeout(None)
        except OSError:
            self.kill("did not start")
            raise Died("did not start") from None

    @property
    def pid(self) -> int:
        return self._process.pid

    def runs(self) -> bool:
        """Is it there?"""
        return not self.why and self._process.poll() is None

    def open(self, *pipes: int) -> socket.socket:
        """A channel for one request; `pipes`: what an export is written into. Raises `Died`."""
        ours, theirs = socket.socketpair()
        try:
            with self._sending, theirs:
                socket.send_fds(self._control, [b"+"], [theirs.fileno(), *pipes])
        except OSError:
            ours.close()
            raise Died("memory" if self.why == "memory" else "") from None  # slow was another query than ours
        return ours

    def settle(self) -> None:
        """After a channel broke: wait until it has ended, where it does. It closes its channels a moment before."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)

    def resident_mb(self) -> float:
        """Memory it fills; 0 where the system does not say."""
        try:
            with open(f"/proc/{self.pid}/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except OSError:
            return 0.0

    def is_too_big(self) -> bool:
        """Has it more memory than it may?"""
        return self.resident_mb() > self.limits.resident_mb

    def kill(self, why: str) -> None:
        """End it because it does not keep its limits; returns when it is gone."""
        logger.warning("the engine of queries was killed: %s", why)
        self.end(why)

    def end(self, why: str = "not needed any more") -> None:
        """End it at once; returns when it is gone."""
        self.why = self.why or why
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()

    def forget(self) -> None:
        """In a child of the process that started it: leave it to its parent."""
        self._control.close()
        self._process.returncode = 0  # or its end would be waited for
