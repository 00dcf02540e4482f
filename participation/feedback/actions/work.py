"""Staff deal with a case. Who may do it is settled before, in access.py; what may be done, in states.py."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.feedback import letters
from participation.feedback.actions.intake import index_case
from participation.feedback.actions.moving import Conflict, change, keep_claim, lock, move
from participation.feedback.models import CLAIM_TIME, Case, Message, Referral
from participation.feedback.states import NOT_ROUTED, Ground, Kind, Priority, ReferralState, State
from portal.audit.actions import record
from portal.clocks.actions import cancel_clocks, change_promise, pause, resume, start_clocks, stop_clocks
from portal.clocks.models import Metric, PauseReason
from portal.organisations.models import Organisation, Unit


class OutOfTurn(Exception):
    """Older corrections of the unit still wait; answering this one first needs a reason."""


@transaction.atomic
def claim_case(*, case: Case, by: Any, version: int | None = None) -> Case:
    """Take a case nobody holds; the claim shows in the queue and ends by itself after CLAIM_TIME."""
    lock(case)
    if case.holder not in (None, by):
        raise Conflict
    return change(case, "claim", by=by, version=version, assignee=by, assigned_until=timezone.now() + CLAIM_TIME)


@transaction.atomic
def assign_case(*, case: Case, to: Any, by: Any, version: int | None = None) -> Case:
    """Give a case to somebody for good; `to` None gives it back to the queue."""
    return change(
        case, "assign", by=by, version=version, data={"to": to.pk if to else None}, assignee=to, assigned_until=None
    )


@transaction.atomic
def add_note(*, case: Case, text: str, by: Any) -> Message:
    """An internal note; it moves nothing and so needs no version."""
    lock(case)
    message = _say(case, text, by, is_internal=True)
    record(verb="case.note", subject=case, by=by)
    return message


@transaction.atomic
def reply_to_case(
    *, case: Case, text: str, by: Any, version: int | None = None, is_final: bool = True, out_of_turn_reason: str = ""
) -> Message:
    """Answer the citizen: for good (the promises are kept), or as news on the way (only the first reply is).

    Raises OutOfTurn for a correction that is not the unit's oldest, unless a reason is given; the jump is counted.
    """
    data, jumped = _turn(case, out_of_turn_reason if is_final else "", is_final)
    now = timezone.now()
    changes = {**keep_claim(case, by), "jumped_queue": case.jumped_queue or jumped}
    if is_final:
        changes |= {"answered_at": now, "finished_at": now}
    move(case, "answer" if is_final else "reply", by=by, version=version, data=data, **changes)
    message = _say(case, text, by)
    stop_clocks(subject=case, metrics=None if is_final else [Metric.FIRST_REPLY], at=now)
    letters.reply(case, message, is_final=is_final)
    return message


def _turn(case: Case, reason: str, is_final: bool) -> tuple[dict[str, str], bool]:
    if not is_final or case.kind != Kind.DATA_CORRECTION or case.priority == Priority.SAFETY:
        return {}, False
    older = older_corrections(case)
    if not older.exists():
        return {}, False
    if not reason:
        raise OutOfTurn
    return {"out_of_turn": reason}, True


def older_corrections(case: Case) -> Any:
    """Corrections of the same unit that came in before this one and still wait for work."""
    waiting = Case.objects.in_queue().filter(unit_id=case.unit_id, kind=Kind.DATA_CORRECTION)
    return waiting.exclude(priority=Priority.SAFETY).filter(received_at__lt=case.received_at)


@transaction.atomic
def ask_citizen(*, case: Case, text: str, by: Any, version: int | None = None) -> Message:
    """Ask for what is missing; the clocks stand still until she answers."""
    move(case, "ask", by=by, version=version, **keep_claim(case, by))
    message = _say(case, text, by)
    pause(subject=case, reason=PauseReason.CITIZEN, by=by)
    letters.question(case, message)
    return message


@transaction.atomic
def refer_case(*, case: Case, authority: Organisation, text: str, by: Any, version: int | None = None) -> Referral:
    """Hand the case to the authority it concerns, with a text for the citizen and the authority to read."""
    unrouted = case.state in NOT_ROUTED
    unit = case.unit or Unit.objects.triage()  # somebody has to follow it up, and to take it back
    routed_at = case.routed_at or timezone.now()
    move(case, "refer", by=by, version=version, data={"authority": authority.code}, unit=unit, routed_at=routed_at)
    referral = Referral.objects.create(case=case, authority=authority, text=text)
    message = _say(case, text, by)
    stop_clocks(subject=case, metrics=[Metric.ACKNOWLEDGE, Metric.FIRST_REPLY] if unrouted else [Metric.FIRST_REPLY])
    letters.referred(case, referral, message)
    return referral


@transaction.atomic
def accept_referral(*, referral: Referral, by: Any) -> None:
    """The authority took the case: from now on the time is theirs, and our clocks stand still."""
    rows = Referral.objects.filter(pk=referral.pk, state=ReferralState.SENT)
    if not rows.update(state=ReferralState.ACCEPTED, accepted_at=timezone.now()):
        raise Conflict
    change(
        referral.case, "referral_accepted", by=by, data={"authority": referral.authority.code}, sources=[State.REFERRED]
    )
    pause(subject=referral.case, reason=PauseReason.REFERRAL, by=by)


@transaction.atomic
def end_referral(*, referral: Referral, text: str, by: Any, version: int | None = None) -> Message:
    """Pass on what the authority answered; the case is answered with it."""
    now = timezone.now()
    case = referral.case
    _end_referral(referral, ReferralState.ANSWERED)
    move(case, "pass_on", by=by, version=version, answered_at=now, finished_at=now)
    message = _say(case, text, by)
    stop_clocks(subject=case, at=now)
    letters.reply(case, message, is_final=True)
    return message


@transaction.atomic
def take_back(*, referral: Referral, by: Any, version: int | None = None) -> Case:
    """The authority sent the case back; the unit goes on with it (or the call centre, where no unit had it)."""
    _end_referral(referral, ReferralState.RETURNED)
    case = referral.case
    unit = case.unit or Unit.objects.triage()
    if unit is None:
        raise Conflict
    move(case, "take_back", by=by, version=version, unit=unit, routed_at=case.routed_at or timezone.now())
    start_clocks(subject=case, kind=case.kind, priority=case.priority, metrics=[Metric.RESOLUTION], cycle=case.cycle,
                 started_at=case.reopened_at or case.received_at, calendar=unit.calendar)  # fmt: skip
    case.refresh_from_db()
    return case


def _end_referral(referral: Referral, state: ReferralState) -> None:
    rows = Referral.objects.filter(pk=referral.pk, state__in=[ReferralState.SENT, ReferralState.ACCEPTED])
    if not rows.update(state=state, ended_at=timezone.now()):
        raise Conflict
    resume(subject=referral.case, reason=PauseReason.REFERRAL)


@transaction.atomic
def close_case(*, case: Case, text: str, by: Any, version: int | None = None) -> Message:
    """Close with a text the citizen reads. What had been answered stays counted as answered in time or not."""
    return _finish(case, "close", text, by, version)


@transaction.atomic
def rule_out(*, case: Case, text: str, by: Any, version: int | None = None) -> Message:
    """Not about the portal's services or policies, and nobody to refer it to; left out of the analysis."""
    return _finish(case, "rule_out", text, by, version)


@transaction.atomic
def remove_case(*, case: Case, ground: Ground, text: str, by: Any, version: int | None = None) -> Message:
    """Take a message out of view on a published ground; the author is told which."""
    return _finish(case, "remove", text, by, version, data={"ground": ground}, ground=ground)


def _finish(
    case: Case, verb: str, text: str, by: Any, version: int | None, data: dict[str, Any] | None = None, **changes: Any
) -> Message:
    now = timezone.now()
    was_open = case.is_unfinished
    move(case, verb, by=by, version=version, data=data, finished_at=now, **changes)
    message = _say(case, text, by)
    if was_open and verb == "close":
        stop_clocks(subject=case, at=now)
    else:
        cancel_clocks(subject=case, at=now)
    letters.finished(case, message)
    return message


@transaction.atomic
def set_priority(*, case: Case, priority: Priority, by: Any, version: int | None = None) -> Case:
    """Another priority, and the promises that go with it; each clock keeps its start."""
    if priority == Priority.SAFETY:
        raise ValueError("public safety is confirmed with confirm_safety")
    case.priority = priority
    change(
        case, "priority", by=by, version=version, data={"priority": priority}, priority=priority, queue_rank=case.rank()
    )
    change_promise(subject=case, kind=case.kind, priority=priority, by=by)
    return case


@transaction.atomic
def confirm_safety(*, case: Case, reason: str, by: Any, version: int | None = None) -> Case:
    """A named person confirms that public safety is at stake: the correction goes ahead, also during an incident."""
    if case.kind != Kind.DATA_CORRECTION:
        raise Conflict
    case.priority = Priority.SAFETY
    change(case, "safety_confirmed", by=by, version=version, priority=Priority.SAFETY, safety_reason=reason,
           safety_confirmed_by=by, queue_rank=case.rank())  # fmt: skip
    resume(subject=case, reason=PauseReason.INCIDENT)
    change_promise(subject=case, kind=case.kind, priority=Priority.SAFETY, by=by)
    return case


def _say(case: Case, text: str, by: Any, *, is_internal: bool = False) -> Message:
    message = Message.objects.create(
        case=case, author=Message.Author.STAFF, staff=by, text=text, is_internal=is_internal
    )
    index_case(case)
    return message
