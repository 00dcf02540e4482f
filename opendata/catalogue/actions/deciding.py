"""What a second person decides, and what ends or restarts a release."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from opendata.catalogue import letters
from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import Conflict, Reason, Refused, change, lock, refused
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.standing import deciders, obstacles
from portal.tasks import nudge

APPROVAL = Q(stage=Stage.APPROVAL)
FRESH: dict[str, Any] = {"attempts": 0, "failure": "", "progress": "", "claimed_until": None}


@transaction.atomic
def approve_release(*, release: Release, by: Any, revision: int) -> bool:
    """Let it be built and published, as `by` read it. False where it is approved already.

    Refused for whoever uploaded it, decided anything in it or sent it, and where the dataset's texts or licence are no
    longer those that were sent; Conflict where it is not the `revision` that was read. Without `by` the portal approves
    what it made itself: a dataset of its own figures.
    """
    release.refresh_from_db()
    if release.stage in (Stage.APPROVED, Stage.BUILDING, Stage.PUBLISHED):
        return False
    if by is None and (release.uploaded_by_id or not release.dataset.figures_slug):
        raise refused("needs_a_person")
    if by is not None and by.pk in deciders(release):
        raise Refused(own_release(release))
    check_asset(release.dataset.asset)
    if release.texts_sha256 != lock(release.dataset_id).texts_sha256:
        raise refused("dataset_changed")
    if reasons := obstacles(release):
        raise Refused(*reasons)
    if not change(
        release, "approved", by=by, only=APPROVAL, revision=revision, **FRESH, stage=Stage.APPROVED, approved_by=by,
        approved_at=timezone.now(),
    ):  # fmt: skip
        raise Conflict
    nudge("catalogue.work")
    return True


def own_release(release: Release) -> Reason:
    """Why those who took part in a release do not approve it, and who of the unit may."""
    others = [str(person) for person in letters.approvers(release)]
    return Reason("own_release", {"who": others}) if others else Reason("own_release_nobody_else")


@transaction.atomic
def return_release(*, release: Release, by: Any, because: str) -> bool:
    """Send it back to review with what has to be changed. False where it waits for no approval and did not fail."""
    waiting = APPROVAL | Q(stage=Stage.FAILED)
    done = change(
        release, "returned", by=by, only=waiting, **FRESH, stage=Stage.REVIEW, returned_because=because,
        submitted_by=None, approved_by=None, approved_at=None,
    )  # fmt: skip
    if done:
        letters.returned(release)
    return done


@transaction.atomic
def try_again(*, release: Release, by: Any) -> bool:
    """Give what failed to a worker once more. False where nothing failed."""
    before = {Stage.FAILED: Stage.APPROVED, Stage.UNREADABLE: Stage.UPLOADED}
    stage = before.get(Stage(release.stage))
    if stage is None:
        return False
    done = change(release, "tried_again", by=by, only=Q(stage=release.stage), **FRESH, stage=stage)
    nudge("catalogue.work")
    return done


@transaction.atomic
def give_up(*, release: Release, by: Any) -> bool:
    """End it without a version. Not while a worker has it; False where it is over."""
    waiting = Q(
        stage__in=[Stage.UPLOADED, Stage.UNREADABLE, Stage.REVIEW, Stage.APPROVAL, Stage.APPROVED, Stage.FAILED]
    )
    return change(release, "given_up", by=by, only=waiting, **FRESH, stage=Stage.ABANDONED)
