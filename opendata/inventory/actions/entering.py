"""Entering very many assets at once, in a few statements: what `enter_asset` and the steps after it do for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from opendata.inventory.actions.steps import Decision
from opendata.inventory.actions.writing import SEARCHED, search_vector
from opendata.inventory.choices import Access, State
from opendata.inventory.models import Asset
from portal.audit.models import AuditEvent

BATCH = 500


@dataclass(frozen=True)
class Entry:
    """An asset to enter: its number, what it says, and the decision and day of release where they are known."""

    code: str
    content: dict[str, Any] = field(default_factory=dict)
    decision: Decision | None = None
    release_on: date | None = None

    @property
    def states(self) -> list[State]:
        """Where it comes to stand, step by step."""
        if self.decision is None:
            return []
        last = State.SCHEDULED if self.release_on else None
        if self.decision.access != Access.OPEN:
            last = State.WITHHELD
        return [State.ASSESSED, last] if last else [State.ASSESSED]


@transaction.atomic
def enter_assets(*, by: Any, unit: Any, entries: Sequence[Entry]) -> int:
    """Enter them all or none; returns how many. Raises IntegrityError where a number is taken.

    The search is not told of each: its sweep finds them within a minute.
    """
    now = timezone.now()
    rows = Asset.objects.bulk_create([_row(entry, unit, by, now) for entry in entries], BATCH)
    events = (_events(row, entry, unit, by) for row, entry in zip(rows, entries, strict=True))
    AuditEvent.objects.bulk_create([event for some in events for event in some], BATCH)
    return len(rows)


def _row(entry: Entry, unit: Any, by: Any, now: datetime) -> Asset:
    states = entry.states
    decided = {**entry.decision.columns(), "assessed_at": now} if entry.decision else {}
    texts = {name: entry.content.get(name, "") for name in SEARCHED}
    return Asset(
        unit=unit, organisation_id=unit.organisation_id, code=entry.code, created_by=by, search=search_vector(texts),
        state=states[-1] if states else State.INVENTORIED, release_on=entry.release_on, revision=1 + len(states),
        **entry.content, **decided,
    )  # fmt: skip


def _events(row: Asset, entry: Entry, unit: Any, by: Any) -> list[AuditEvent]:
    """The history it would have, had each step been taken by itself."""
    told: list[tuple[str, dict[str, Any]]] = [("entered", {"unit": unit.code, "revision": 1})]
    before = State.INVENTORIED
    for revision, state in enumerate(entry.states, start=2):
        told.append((state.value, {"from": before.value, "to": state.value, "revision": revision}))
        before = state
    if entry.decision:
        decision = entry.decision
        told[1][1].update(access=decision.access, reason=decision.reason, classification=decision.classification)
    if entry.release_on:
        told[-1][1].update(release_on=entry.release_on.isoformat())
    return [
        AuditEvent(verb=f"asset.{verb}", subject_kind=Asset._meta.label_lower, subject_id=str(row.pk),
                   actor=by if getattr(by, "pk", None) else None, data=data)
        for verb, data in told
    ]  # fmt: skip
