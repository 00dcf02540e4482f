"""The one way a case changes: a conditional UPDATE along a known transition, versioned and audited."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.feedback.models import CLAIM_TIME, Case
from participation.feedback.states import TRANSITIONS, State
from portal.audit.actions import record
from portal.clocks.actions import resume
from portal.clocks.models import Clock, PauseReason


class Conflict(Exception):
    """The case is no longer what the caller saw: somebody else acted first, or the state does not allow the verb."""

    message = _("Somebody else changed this case in the meantime. See what is new below, then try again.")


def move(
    case: Case,
    verb: str,
    *,
    by: Any = None,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """Move `case` along TRANSITIONS[verb], setting `changes`, and record it. Call inside a transaction.

    With a `version` the row must still be the one the caller saw. Raises Conflict, and changes nothing, otherwise.
    Whatever ends the waiting for the citizen also lets the clocks go on. Returns the fresh row.
    """
    transition = TRANSITIONS[verb]
    change(case, verb, by=by, version=version, data={"to": str(transition.target), **(data or {})},
           sources=[str(state) for state in transition.sources], state=transition.target, **changes)  # fmt: skip
    if State.WAITING in transition.sources:
        resume(subject=case, reason=PauseReason.CITIZEN)
    return case


def lock_clocks(case_id: int) -> None:
    """Lock the case's open clocks. Do it before locking or changing the case, whose clocks the act may touch.

    The sweep comes to a case from its clocks. Whoever locked the case first would wait for the sweep, and it for them.
    """
    clocks = Clock.objects.about(Case._meta.label_lower, case_id).open().order_by("pk")
    list(clocks.select_for_update().values_list("pk", flat=True))


def lock(case: Case) -> None:
    """Lock the case against every other act and read it afresh. Raises Conflict where it has been disposed of."""
    lock_clocks(case.pk)
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",)))
    if case.disposed_at is not None:
        raise Conflict


def change(
    case: Case,
    verb: str,
    *,
    by: Any = None,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    sources: list[str] | None = None,
    **changes: Any,
) -> Case:
    """Set `changes` on a case without leaving its state (unless `sources` says from where), versioned and recorded."""
    lock_clocks(case.pk)
    rows = Case.objects.filter(pk=case.pk, disposed_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    if sources is not None:
        rows = rows.filter(state__in=sources)
    if not rows.update(version=F("version") + 1, **changes):
        raise Conflict
    case.refresh_from_db()
    record(verb=f"case.{verb}", subject=case, by=by, data=data)
    return case


def keep_claim(case: Case, by: Any) -> dict[str, Any]:
    """The changes that make the acting officer hold the case, unless a lead gave it to somebody."""
    holder = case.holder
    if holder is None or holder == by:
        firm = holder == by and case.assigned_until is None
        return {"assignee": by, "assigned_until": None if firm else timezone.now() + CLAIM_TIME}
    return {}
