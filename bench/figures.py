"""How figures are written: one a line, and the median of several takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median


def show(what: str, figure: str, remark: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<54}{figure:>14}  {remark}".rstrip(), flush=True)


def demand(kept: bool, target: str) -> None:
    """End the benchmark with an error where a target was missed."""
    if not kept:
        raise SystemExit(f"missed: {target}")


def seconds(job: Callable[[], object]) -> float:
    """How long a job takes, once."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def median_seconds(job: Callable[[], object], takes: int) -> float:
    """The median of several takes, after three that warm up."""
    for _ in range(3):
        job()
    return median(seconds(job) for _ in range(takes))
