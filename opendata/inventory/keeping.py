"""Noting when duties are first met, and keeping signed snapshots of how every agency stood."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from opendata.inventory.compliance import Report, reports
from opendata.inventory.models import Agency, Snapshot
from opendata.trust import signing
from opendata.trust.keys import KeyRing, NoKey
from portal.audit.actions import record

logger = logging.getLogger(__name__)
SIGNED_AS = "compliance-snapshot+json"
"""What `typ` in the header of a snapshot's signature says."""


def note_met(today: date | None = None) -> int:
    """Write down today as the day of every duty that is met and was not before; returns how many were noted."""
    agencies = Agency.objects.select_related("organisation")
    return sum(_note(found) for found in reports(agencies, today or timezone.localdate()))


@transaction.atomic
def _note(found: Report) -> int:
    agency = found.agency
    new = {kept.code: found.today.isoformat() for kept in found.duties if kept.holds and kept.code not in agency.met}
    # Another worker may have noted them since we looked.
    if not new or not Agency.objects.filter(pk=agency.pk, met=agency.met).update(met={**agency.met, **new}):
        return 0
    record(verb="agency.duties_met", subject=agency, data={"duties": sorted(new)})
    return len(new)


def take_snapshots(today: date | None = None) -> int:
    """Keep how every agency stands today, once a day; returns how many snapshots were made.

    Those of earlier days that could not be signed then are signed now.
    """
    today = today or timezone.localdate()
    note_met(today)
    waiting = Agency.objects.exclude(snapshots__day=today).select_related("organisation")
    made = [_snapshot(found) for found in reports(waiting, today)]
    _sign_late()
    return len(Snapshot.objects.bulk_create(made, ignore_conflicts=True))


def _sign_late() -> None:
    for snapshot in Snapshot.objects.filter(signature="").select_related("agency").order_by("pk"):
        signed = signature(payload(snapshot))
        if not signed:
            return  # no key yet, so the others cannot be signed either
        Snapshot.objects.filter(pk=snapshot.pk, signature="").update(signature=signed)


def _snapshot(found: Report) -> Snapshot:
    duties = {
        kept.code: {"met": kept.holds, "met_on": kept.met_on and kept.met_on.isoformat(), "due_on": str(kept.due_on)}
        for kept in found.duties
    }
    snapshot = Snapshot(agency=found.agency, day=found.today, duties=duties, figures=found.counts)
    snapshot.signature = signature(payload(snapshot))
    return snapshot


def payload(snapshot: Snapshot) -> dict[str, Any]:
    """What is signed."""
    return {
        "kind": "compliance",
        "day": str(snapshot.day),
        "agency": snapshot.agency.slug,
        "duties": snapshot.duties,
        "figures": snapshot.figures,
    }


def signature(content: dict[str, Any]) -> str:
    """A compact JWS over the content; empty, and logged, where the portal cannot sign."""
    try:
        return signing.sign(content, _ring(), SIGNED_AS)
    except NoKey:
        logger.exception("a snapshot of compliance could not be signed")
        return ""


def _ring() -> KeyRing:
    """The keys versions of datasets are signed with; the first of them, where there is none yet."""
    folder = Path(settings.DATA_DIR) / "keys" / "signing"
    return KeyRing.load(folder, settings.SIGNING_KEY) if settings.SIGNING_KEY else KeyRing.create(folder)
