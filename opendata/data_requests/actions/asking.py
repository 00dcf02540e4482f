"""What people do with requests: withdraw their own, have an answer reconsidered, support somebody's."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from opendata.data_requests import letters
from opendata.data_requests.actions.history import tell
from opendata.data_requests.actions.moving import Conflict, lock, move
from opendata.data_requests.choices import Happened, Kind, State
from opendata.data_requests.models import DataRequest, Support
from opendata.data_requests.promises import answer_due
from portal.clocks.actions import cancel_clocks, start_clocks
from portal.clocks.models import Metric


@transaction.atomic
def withdraw_request(*, asked: DataRequest) -> DataRequest:
    """The requester takes it back; nothing is owed any more."""
    lock(asked)
    move(asked, "withdraw", assignee=None, assigned_until=None)
    cancel_clocks(subject=asked)
    tell(asked, Happened.WITHDRAWN)
    return asked


@transaction.atomic
def ask_reconsideration(*, asked: DataRequest, reason: str) -> DataRequest:
    """Once, within 30 days of the answer: somebody who did not answer looks at it again, on a clock of its own."""
    lock(asked)
    if asked.reconsider_until is None or asked.unit is None:
        raise Conflict
    now = timezone.now()
    move(asked, "reconsider", reconsider_at=now, reconsider_reason=reason, cycle=2, assignee=None, assigned_until=None)
    start_clocks(subject=asked, kind=Kind.RECONSIDERATION, priority="", metrics=[Metric.FIRST_REPLY], cycle=2,
                 started_at=now, calendar=asked.unit.calendar)  # fmt: skip
    asked.refresh_from_db()
    due = answer_due(asked)
    tell(asked, Happened.RECONSIDERING, "reconsidering" if due else "reconsidering_without_time", due=due)
    letters.reconsidering(asked, due)
    return asked


def support_request(*, asked: DataRequest, key: str) -> bool:
    """Count a supporter once, however often and however parallel it is sent; False where it was counted before.

    Raises Conflict where there is nothing to support any more.
    """
    try:
        with transaction.atomic():
            Support.objects.create(asked=asked, key=key)
            rows = DataRequest.objects.shown().filter(pk=asked.pk).exclude(state__in=[State.MERGED, State.WITHDRAWN])
            if not rows.update(support_count=F("support_count") + 1):
                raise Conflict
    except IntegrityError:
        return False
    return True
