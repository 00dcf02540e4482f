"""Every write of this area. What is published is never changed: its history grows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.outcomes.models import Commitment, Link, StatusChange
from participation.outcomes.states import SETTLED, Decision
from portal.audit.actions import record
from portal.bilingual import bare_path


class Conflict(Exception):
    """Somebody else was quicker; what they did can be read in the history."""

    message = _("Somebody else changed this commitment meanwhile. Read its history and decide again.")


@transaction.atomic
def save_draft(*, commitment: Commitment, by: Any) -> Commitment:
    """Store what is not published yet; Conflict once it is."""
    if commitment.pk is None:
        commitment.save(force_insert=True)
        record(verb="commitment.drafted", subject=commitment, by=by)
        return commitment
    if not Commitment.objects.filter(pk=commitment.pk, published_at=None).select_for_update().exists():
        raise Conflict
    commitment.save(force_update=True)
    record(verb="commitment.edited", subject=commitment, by=by)
    return commitment


@transaction.atomic
def publish_commitment(*, commitment: Commitment, by: Any, at: datetime | None = None) -> Commitment:
    """Show it to everybody. Its first row of history says what was decided and promised."""
    at = at or timezone.now()
    changes: dict[str, Any] = {"published_at": at, "changed_at": at, "version": 1}
    if commitment.status in SETTLED:
        changes["settled_on"] = timezone.localdate(at)
    if not Commitment.objects.filter(pk=commitment.pk, published_at=None).update(**changes):
        raise Conflict
    _take(commitment, changes)
    StatusChange.objects.create(commitment=commitment, number=1, at=at, by=_person(by), **_state(commitment))
    record(verb="commitment.published", subject=commitment, by=by, data=_state(commitment))
    return commitment


@transaction.atomic
def change_status(
    *,
    commitment: Commitment,
    by: Any,
    status: str,
    note_ar: str,
    note_en: str,
    evidence_ar: str = "",
    evidence_en: str = "",
    decision: str | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> StatusChange:
    """Add a row to the history and make it what holds now.

    Without `decision` or `due_on` the old ones stay; a decline drops status and date, for it promises nothing.
    The commitment must be as the caller read it (its `version`), else Conflict.
    """
    at = at or timezone.now()
    decision = decision or commitment.decision
    declined = decision == Decision.DECLINED
    state: dict[str, Any] = {
        "decision": decision,
        "status": "" if declined else status,
        "due_on": None if declined else due_on or commitment.due_on,
    }
    number = commitment.version + 1
    changes = {**state, "changed_at": at, "version": number, "settled_on": _settled_on(commitment, state["status"], at)}
    current = Commitment.objects.published().filter(pk=commitment.pk, version=commitment.version)
    if not current.update(**changes):
        raise Conflict
    _take(commitment, changes)
    texts = {"note_ar": note_ar, "note_en": note_en, "evidence_ar": evidence_ar, "evidence_en": evidence_en}
    row = StatusChange.objects.create(commitment=commitment, number=number, at=at, by=_person(by), **state, **texts)
    record(verb="commitment.status", subject=commitment, by=by, data={"number": number, **state})
    return row


@transaction.atomic
def link(*, commitment: Commitment, path: str, by: Any) -> Link:
    """Say that it answers a page of the portal; a language prefix is taken off. Linked already, nothing happens."""
    found, is_new = Link.objects.get_or_create(commitment=commitment, path=bare_path(path))
    if is_new:
        record(verb="commitment.linked", subject=commitment, by=by, data={"path": found.path})
    return found


@transaction.atomic
def unlink(*, commitment: Commitment, path: str, by: Any) -> bool:
    """Take such a link away, for one that was wrong; False where there was none."""
    deleted, _by_model = Link.objects.filter(commitment=commitment, path=bare_path(path)).delete()
    if deleted:
        record(verb="commitment.unlinked", subject=commitment, by=by, data={"path": bare_path(path)})
    return bool(deleted)


def _settled_on(commitment: Commitment, status: str, at: datetime) -> date | None:
    """The day it came to this end; a correction that leaves the end as it is leaves its day as well."""
    if status not in SETTLED:
        return None
    return commitment.settled_on if status == commitment.status else timezone.localdate(at)


def _state(commitment: Commitment) -> dict[str, Any]:
    return {"decision": commitment.decision, "status": commitment.status, "due_on": commitment.due_on}


def _take(commitment: Commitment, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(commitment, name, value)


def _person(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
