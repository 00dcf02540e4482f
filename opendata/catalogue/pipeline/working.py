"""Taking releases and doing what their stage asks for: reading after an upload, building after an approval."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opendata.catalogue import letters
from opendata.catalogue.actions.publishing import Stale
from opendata.catalogue.choices import Stage
from opendata.catalogue.pipeline.building import build
from opendata.catalogue.pipeline.claiming import GIVEN_UP, MOST_ATTEMPTS, Claim, Lost, heartbeat, take
from opendata.catalogue.pipeline.reading import read
from opendata.catalogue.pipeline.unable import Unable

logger = logging.getLogger(__name__)

STEPS = {Stage.READING: read, Stage.BUILDING: build}
WAIT = timedelta(seconds=30)


def work() -> int:
    """Take and do everything that waits; returns how many releases were worked on."""
    done = 0
    while claim := take():
        run(claim)
        done += 1
    return done


def work_on(pk: int) -> bool:
    """Do what waits for one release, now and here; False where nothing does or another worker has it."""
    claim = take(pk)
    if claim is None:
        return False
    run(claim)
    return True


def run(claim: Claim) -> None:
    """Do the work of a claim. Whatever goes wrong, the release says so, and the published version stays as it was."""
    try:
        if claim.attempt > MOST_ATTEMPTS:
            raise Unable("worker_lost")
        with heartbeat(claim):
            STEPS[claim.stage](claim)
    except Lost:
        logger.info("release %s went to another worker", claim.release.pk)
    except Unable as error:
        _end(claim, error.code)
    except Stale:
        logger.info("release %s is built anew: another version came or went meanwhile", claim.release.pk)
        _postpone(claim)
    except Exception:
        logger.exception("release %s could not be worked on", claim.release.pk)
        _postpone(claim)


def _end(claim: Claim, code: str) -> None:
    """It cannot be read or built: people have to do something about it."""
    try:
        with transaction.atomic():
            stage = GIVEN_UP[claim.stage]
            claim.end(stage, "unreadable" if stage == Stage.UNREADABLE else "failed", data={"why": code}, failure=code)
            letters.failed(claim.release)
    except Lost:
        logger.info("release %s went to another worker", claim.release.pk)


def _postpone(claim: Claim) -> None:
    """Something of ours broke off: try again a little later, twice, then say so."""
    if claim.attempt >= MOST_ATTEMPTS:
        _end(claim, "internal")
        return
    until = timezone.now() + WAIT * 2**claim.attempt
    claim.rows().update(claimed_until=until, progress="waiting", revision=F("revision") + 1)
