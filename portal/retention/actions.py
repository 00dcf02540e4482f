"""Placing and lifting holds; asking for, and deciding, disposals before their time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.retention import disposal, holds, registry
from portal.retention.models import Decision, EarlyDisposal, Ground, LegalHold
from portal.tasks import nudge


class Refused(Exception):
    """It cannot be done; `message` says why."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


@transaction.atomic
def place_hold(*, reason: str, by: Any, kind: str = "", key: Any = "", until: datetime | None = None) -> LegalHold:
    """Keep everything of a subject from disposal; without a `kind` everything there is.

    Waits for the batch being disposed of just now; from its return on nothing of the subject goes.
    """
    holds.lock_alone()
    hold = LegalHold.objects.create(
        subject_kind=kind, subject_id=str(key), reason=reason, placed_by=by, until=until, placed_at=timezone.now()
    )
    record(verb="legal_hold.placed", subject=hold, by=by, data={"kind": kind, "key": str(key)})
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: Any) -> bool:
    """End a hold; what became due meanwhile goes with the next disposal. False where it was lifted already."""
    if not LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by):
        return False
    record(verb="legal_hold.lifted", subject=hold, by=by, data={"kind": hold.subject_kind, "key": hold.subject_id})
    hold.refresh_from_db()
    return True


def request_early_disposal(*, kind: str, key: Any, ground: Ground | str, by: Any) -> EarlyDisposal:
    """Ask that something go before its time. Raises Refused for what is not finished or gone, or was asked before."""
    subject = registry.subject(kind)
    if subject is None or not subject.may_go_early or not disposal.can_go(kind, str(key)):
        raise Refused(_("It is not finished, or there is nothing left to remove."))
    try:
        with transaction.atomic():
            early = EarlyDisposal.objects.create(subject_kind=kind, subject_id=str(key), ground=ground, requested_by=by)
            record(verb="early_disposal.requested", subject=early, by=by, data={"kind": kind, "key": str(key)})
    except IntegrityError:
        raise Refused(_("Somebody asked for this already.")) from None
    return early


@transaction.atomic
def decide_early_disposal(*, early: EarlyDisposal, decision: Decision | str, by: Any) -> bool:
    """Approve or refuse what somebody else asked for; False where it was decided already.

    Raises Refused for the one who asked. What is approved is carried out after the commit.
    """
    if early.requested_by_id == by.pk:
        raise Refused(_("Somebody else than who asked for it decides."))
    rows = EarlyDisposal.objects.undecided().filter(pk=early.pk)
    if not rows.update(decision=decision, decided_by=by, decided_at=timezone.now()):
        return False
    record(verb=f"early_disposal.{decision}", subject=early, by=by)
    early.refresh_from_db()
    if decision == Decision.APPROVED:
        nudge("retention.carry_out", early.pk)
    return True
