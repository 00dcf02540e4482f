"""The folder a worker writes into; what an earlier worker of the same release left is removed first."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendata.catalogue.choices import Stage
from opendata.catalogue.pipeline.claiming import Claim
from opendata.catalogue.pipeline.unable import Unable
from opendata.catalogue.storage import store

logger = logging.getLogger(__name__)

MB = 1024 * 1024
TIMES = {Stage.READING: 6, Stage.BUILDING: 20}
"""How many times the size of the upload a step may write: all formats, each once more in the store, and what spills."""
LEFT_FREE = 500 * MB
"""Others write to this disk too, perhaps also the database."""


@contextmanager
def folder(claim: Claim) -> Iterator[Path]:
    """An empty folder for this attempt, on the disk of the store; removed at the end.

    Raises Unable where the disk has too little room to begin.
    """
    name = f"release-{claim.release.pk}-{claim.stage}"
    kept = store()
    for left in kept.work.glob(f"{name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    _want_room(claim, kept.open_work())
    with kept.scratch(f"{name}-{claim.attempt}") as into:
        yield into


def _want_room(claim: Claim, disk: Path) -> None:
    """A full disk would stop everything else that writes to it, so a step that may fill it does not begin."""
    needed = LEFT_FREE + TIMES[claim.stage] * claim.release.file_size
    free = shutil.disk_usage(disk).free
    if free < needed:
        logger.error("release %s waits for room: %s MB are free, %s needed", claim.release.pk, free // MB, needed // MB)
        raise Unable("disk_full")
