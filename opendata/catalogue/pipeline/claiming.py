"""Who works on a release: one worker at a time, for as long as it is heard of."""

from __future__ import annotations

import logging
import mmap
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.signals import worker_shutting_down
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from opendata.catalogue.actions.changing import note
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.models.releases import ReleaseQuerySet

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BEAT = 30.0
"""Seconds between two signs of life; several fit into a lease."""
LOOK = 1.0
"""Seconds between two looks whether the worker is told to end."""
MOST_ATTEMPTS = 3
NEXT = {Stage.UPLOADED: Stage.READING, Stage.APPROVED: Stage.BUILDING}
GIVEN_UP = {Stage.READING: Stage.UNREADABLE, Stage.BUILDING: Stage.FAILED}


_ending = mmap.mmap(-1, 1)
"""Set when the worker is told to end. Memory that a worker and the processes it forks have in common."""


@worker_shutting_down.connect
def note_ending(**_told: Any) -> None:
    """Note for the heartbeats of this worker that it is told to end."""
    _ending[0] = 1


class Lost(Exception):
    """Another worker has the release, or it is not to be worked on any more: drop everything."""


@dataclass(frozen=True)
class Claim:
    """A release this worker has. `token` tells it from any worker that had it before or will have it after; `attempt`
    counts those that took it and did not end, though nobody told them to."""

    release: Release
    stage: Stage
    attempt: int
    token: uuid.UUID

    def rows(self) -> ReleaseQuerySet:
        """The release while it is ours."""
        return Release.objects.filter(pk=self.release.pk, stage=self.stage, claim=self.token)

    def renew(self, **changes: Any) -> bool:
        """Say that we still work on it; False where it is not ours any more."""
        return bool(self.rows().update(claimed_until=timezone.now() + LEASE, **changes))

    def excuse(self) -> None:
        """This attempt does not count: the worker is told to end, and may not get done in time. Once only."""
        self.rows().update(attempts=F("attempts") - 1)

    def step(self, code: str) -> None:
        """Say what we are doing now; raises Lost."""
        if not self.renew(progress=code):
            raise Lost

    def end(self, stage: Stage, verb: str, *, data: dict[str, Any] | None = None, **changes: Any) -> None:
        """Put it into its next stage; raises Lost, and changes nothing, where it is not ours any more."""
        changes = {"claimed_until": None, "claim": None, "progress": "", "attempts": 0, **changes}
        rows = self.rows()
        if not rows.update(stage=stage, revision=F("revision") + 1, updated_at=timezone.now(), **changes):
            raise Lost
        self.release.refresh_from_db()
        note(self.release, verb, data={**(data or {}), "revision": self.release.revision})


@transaction.atomic
def take(pk: int | None = None) -> Claim | None:
    """Take the release that has waited longest (or the one asked for), unless another worker has it.

    A worker that is told to end looks for nothing more to do.
    """
    if pk is None and _ending[0]:
        return None
    rows = Release.objects.to_work_on().order_by("updated_at", "pk")
    if pk is not None:
        rows = rows.filter(pk=pk)
    release = rows.select_for_update(of=("self",), skip_locked=True).first()
    if release is None:
        return None
    stage = NEXT.get(Stage(release.stage), Stage(release.stage))
    token = uuid.uuid4()
    Release.objects.filter(pk=release.pk).update(
        stage=stage, attempts=F("attempts") + 1, claimed_until=timezone.now() + LEASE, claim=token, progress="started"
    )
    release.refresh_from_db()
    return Claim(release, stage, release.attempts, token)


@contextmanager
def heartbeat(claim: Claim) -> Iterator[None]:
    """Renew the lease from a thread of its own, while this one waits for a long reading or building."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(claim, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)


def _beat(claim: Claim, over: threading.Event) -> None:
    due, is_excused = time.monotonic() + BEAT, False
    try:
        while not over.wait(LOOK):
            try:
                if _ending[0] and not is_excused:
                    is_excused = True
                    claim.excuse()
                if time.monotonic() >= due:
                    due += BEAT
                    claim.renew()
            except Exception:  # the database may be away for a moment; the lease outlives several beats
                logger.warning("could not renew the lease of release %s", claim.release.pk)
    finally:
        connection.close()
