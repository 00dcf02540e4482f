"""Removing what nothing names any more: uploads that were broken off, files of builds that failed."""

from __future__ import annotations

from datetime import timedelta

from opendata.catalogue.named_files import used
from opendata.catalogue.storage import store

KEPT = timedelta(days=2)
"""Longer than any publication takes: files are stored before the rows that name them."""


def tidy() -> int:
    """Remove unnamed files that are old enough; returns how many."""
    return len(store().sweep_unused(used(), KEPT))
