"""Staff deal with a request. Who may do it is settled before, in access.py; what may be done, in choices.py."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.data_requests import letters
from opendata.data_requests.actions.history import tell
from opendata.data_requests.actions.intake import search_vector
from opendata.data_requests.actions.moving import Conflict, NotPossible, change, lock, move
from opendata.data_requests.choices import UNFINISHED, Ground, Happened, Kind, State
from opendata.data_requests.models import CLAIM_TIME, DataRequest
from opendata.data_requests.promises import answer_due
from portal.clocks.actions import cancel_clocks, start_clocks, stop_clocks
from portal.clocks.models import Metric
from portal.organisations.models import Unit
from portal.references import read_reference

LET_GO: dict[str, Any] = {"assignee": None, "assigned_until": None}


@dataclass(frozen=True)
class Wording:
    """What everybody reads a request as."""

    public_title_ar: str
    public_title_en: str
    public_summary_ar: str = ""
    public_summary_en: str = ""

    def columns(self, asked: DataRequest) -> dict[str, Any]:
        """What is stored. Raises NotPossible, naming the field, where a language is missing."""
        values = asdict(self)
        for name in ("public_title_ar", "public_title_en"):
            if not values[name]:
                raise NotPossible(_("Write the title in both languages."), name)
        if bool(self.public_summary_ar) != bool(self.public_summary_en):
            missing = "public_summary_en" if self.public_summary_ar else "public_summary_ar"
            raise NotPossible(_("Write the summary in both languages, or in neither."), missing)
        return {**values, "search": search_vector(asked.reference, *values.values())}


@transaction.atomic
def claim_request(*, asked: DataRequest, by: Any, version: int | None = None) -> DataRequest:
    """Take a request nobody holds; the claim shows in the queue and ends by itself after CLAIM_TIME."""
    lock(asked)
    if asked.holder not in (None, by):
        raise Conflict
    until = timezone.now() + CLAIM_TIME
    return change(asked, "claim", by=by, version=version, sources=list(UNFINISHED), assignee=by, assigned_until=until)


@transaction.atomic
def assign_request(*, asked: DataRequest, to: Any, by: Any, version: int | None = None) -> DataRequest:
    """Give a request to somebody for good; `to` None gives it back to the queue."""
    data = {"person": to.pk if to else None}
    return change(asked, "assign", by=by, version=version, data=data, assignee=to, assigned_until=None)


@transaction.atomic
def accept_request(
    *, asked: DataRequest, unit: Unit, wording: Wording, by: Any, version: int | None = None
) -> DataRequest:
    """Word the request for everybody and put it into a unit's queue; the requester is told by when it is answered."""
    lock(asked)
    now = timezone.now()
    changes = {**wording.columns(asked), "listed_at": asked.listed_at or now, "accepted_at": now, "unit": unit,
               "organisation": unit.organisation}  # fmt: skip
    if asked.unit_id != unit.pk:
        changes |= LET_GO
    move(asked, "accept", by=by, version=version, data={"unit": unit.code}, **changes)
    stop_clocks(subject=asked, metrics=[Metric.ACKNOWLEDGE], at=now)
    start_clocks(subject=asked, kind=Kind.REQUEST, priority="", metrics=[Metric.FIRST_REPLY],
                 started_at=asked.received_at, calendar=unit.calendar)  # fmt: skip
    asked.refresh_from_db()
    due = answer_due(asked)
    words = "accepted" if due else "accepted_without_time"
    tell(asked, Happened.ACCEPTED, words, organisation=unit.organisation, due=due)
    letters.accepted(asked, due)
    return asked


@transaction.atomic
def word_request(*, asked: DataRequest, wording: Wording, by: Any, version: int | None = None) -> DataRequest:
    """Change the public wording of a request that is shown."""
    lock(asked)
    if not asked.is_shown:
        raise Conflict
    change(asked, "word", by=by, version=version, **wording.columns(asked))
    tell(asked, Happened.WORDED)
    return asked


@transaction.atomic
def route_request(*, asked: DataRequest, unit: Unit, by: Any, version: int | None = None) -> DataRequest:
    """Pass a request to another unit. Its clocks go on; whoever had it is let go."""
    lock(asked)
    if asked.unit_id == unit.pk:
        raise Conflict
    is_elsewhere = asked.organisation_id != unit.organisation_id
    change(asked, "route", by=by, version=version, data={"unit": unit.code}, sources=list(UNFINISHED), unit=unit,
           organisation=unit.organisation, **LET_GO)  # fmt: skip
    if is_elsewhere:
        tell(asked, Happened.ROUTED, organisation=unit.organisation)
    return asked


@transaction.atomic
def merge_request(*, asked: DataRequest, reference: str, by: Any, version: int | None = None) -> DataRequest:
    """Merge a request into another that asks for the same; its supports count there, and its requester as one more.

    Both rows are locked in the order of their keys, so that two merges at once cannot wait for each other.
    """
    other = _target(asked, reference)
    for row in sorted((asked, other), key=lambda row: row.pk):
        lock(row)
    if not other.is_shown or other.state in (State.MERGED, State.WITHDRAWN):
        raise NotPossible(_NO_TARGET, "reference")
    move(asked, "merge", by=by, version=version, data={"into": other.reference}, merged_into=other, **LET_GO)
    DataRequest.objects.filter(pk=other.pk).update(support_count=F("support_count") + asked.support_count + 1)
    DataRequest.objects.filter(merged_into=asked).update(merged_into=other)
    cancel_clocks(subject=asked)
    tell(asked, Happened.MERGED, reference=other)
    tell(other, Happened.TOOK_IN, reference=asked)
    letters.merged(asked, other)
    return asked


_NO_TARGET = _("No public request has this reference. Copy it from the page of the request to merge into.")


def _target(asked: DataRequest, reference: str) -> DataRequest:
    found = DataRequest.objects.shown().filter(reference=read_reference(reference) or "").first()
    if found is None:
        raise NotPossible(_NO_TARGET, "reference")
    if found.pk == asked.pk:
        raise NotPossible(_("This is the request itself. Give the reference of the other one."), "reference")
    return found


@transaction.atomic
def remove_request(*, asked: DataRequest, ground: str, by: Any, version: int | None = None) -> DataRequest:
    """Take a request out of view on a published ground; its sender is told which."""
    lock(asked)
    move(asked, "remove", by=by, version=version, data={"ground": ground}, ground=ground, **LET_GO)
    cancel_clocks(subject=asked)
    tell(asked, Happened.REMOVED, ground=Ground(ground).label)
    letters.removed(asked)
    return asked
