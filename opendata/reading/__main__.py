"""The reader's own process: `python -m opendata.reading '{"source", "into", "choices", "name", "limits"}'`.

It prints "stage rows" lines while it works. Errors nobody foresaw end it with a traceback, and `limited` tells them.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from opendata.reading.choices import Choices
from opendata.reading.reading import read

_EVERY = 0.5
_MEGABYTE = 1024 * 1024
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class _Voice:
    """Prints each new stage, and rows at most twice a second."""

    def __init__(self) -> None:
        self.stage, self.at = "", 0.0

    def __call__(self, stage: str, rows: int) -> None:
        now = time.monotonic()
        if stage != self.stage or now - self.at >= _EVERY:
            self.stage, self.at = stage, now
            print(stage, rows, flush=True)


def limit(parent: int, memory_mb: int, seconds: int, disk_mb: int) -> None:
    """Take no more than this from now on, and die with the process that started us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked to be told
            sys.exit("the process that asked for this is gone")
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * _MEGABYTE),
        (resource.RLIMIT_CPU, seconds * 2),
        (resource.RLIMIT_FSIZE, disk_mb * _MEGABYTE),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def main() -> None:
    """Read the file that the first argument describes."""
    order = json.loads(sys.argv[1])
    limit(**order["limits"])
    choices = Choices.from_json(order["choices"])
    read(Path(order["source"]), Path(order["into"]), choices, name=order["name"], progress=_Voice())


if __name__ == "__main__":
    main()
