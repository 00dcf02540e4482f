"""The citizen answers back, through the page her reference opens."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.feedback.actions.intake import index_case
from participation.feedback.actions.moving import Conflict, lock, move
from participation.feedback.actions.routing import PROMISES
from participation.feedback.models import Case, CaseAttachment, Message, Rating
from participation.feedback.states import Kind, Priority, ReferralState, State
from portal.attachments.models import Attachment
from portal.audit.actions import record
from portal.clocks.actions import cancel_clocks, start_clocks, suspend_if_incident


def hear_citizen(*, case: Case, text: str, form_token: str, uploads: Sequence[Attachment] = ()) -> Message:
    """Add what the citizen wrote; where the unit waited for it, the clocks go on. Sending one form twice adds one."""
    try:
        with transaction.atomic():
            lock(case)
            message = Message.objects.create(case=case, author=Message.Author.CITIZEN, text=text, token=form_token)
            CaseAttachment.objects.bulk_create(
                CaseAttachment(case=case, message=message, attachment=upload) for upload in uploads
            )
            if case.state == State.WAITING:
                move(case, "hear")
            record(verb="case.heard", subject=case)
            index_case(case)
    except IntegrityError:
        return Message.objects.get(token=form_token)
    return message


@transaction.atomic
def reopen_case(*, case: Case, text: str) -> Case:
    """ "Not solved": once, with a reason. The same reference goes back to its unit with new promises."""
    lock(case)
    if case.reopened_at is not None or case.unit is None:
        raise Conflict
    now = timezone.now()
    move(case, "reopen", reopened_at=now, finished_at=None, cycle=case.cycle + 1)
    Message.objects.create(case=case, author=Message.Author.CITIZEN, text=text)
    start_clocks(subject=case, kind=case.kind, priority=case.priority, metrics=PROMISES, cycle=case.cycle,
                 started_at=now, calendar=case.unit.calendar)  # fmt: skip
    if case.kind == Kind.DATA_CORRECTION and case.priority != Priority.SAFETY:
        suspend_if_incident(subject=case)
    index_case(case)
    case.refresh_from_db()
    return case


@transaction.atomic
def withdraw_case(*, case: Case) -> Case:
    """The citizen takes her message back; nothing is owed any more."""
    now = timezone.now()
    move(case, "withdraw", finished_at=now)
    underway = case.referrals.filter(state__in=[ReferralState.SENT, ReferralState.ACCEPTED])
    underway.update(state=ReferralState.WITHDRAWN, ended_at=now)
    cancel_clocks(subject=case, at=now)
    return case


@transaction.atomic
def rate_case(*, case: Case, score: int, comment: str = "") -> bool:
    """Keep how satisfied she was, once for each answer; False where she had said so before."""
    lock(case)
    if case.state not in (State.ANSWERED, State.CLOSED):
        raise Conflict
    _row, is_new = Rating.objects.get_or_create(
        case=case, cycle=case.cycle, defaults={"score": score, "comment": comment}
    )
    return is_new
