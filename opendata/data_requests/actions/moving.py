"""The one way a request changes: a conditional UPDATE along a known transition, versioned and audited."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.choices import FINISHED, TRANSITIONS
from opendata.data_requests.models import DataRequest
from portal.audit.actions import record
from portal.clocks.models import Clock


class Conflict(Exception):
    """The request is no longer what the caller saw: somebody else acted first, or its state does not allow it."""

    message = _("Somebody else changed this request in the meantime. See what is new, then try again.")

    def __str__(self) -> str:
        return str(self.message)


class NotPossible(Exception):
    """The act does not fit. `message` (lazy) says why and what to do; `field` names the answer that is wrong."""

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field

    def __str__(self) -> str:
        return str(self.message)


def lock(asked: DataRequest) -> None:
    """Lock its open clocks, then the request, and read it afresh. Raises Conflict where it has been disposed of.

    The sweep comes to a request from its clocks; whoever locked the other way round would wait for it for ever.
    """
    lock_clocks(asked.pk)
    asked.refresh_from_db(from_queryset=DataRequest.objects.select_for_update(of=("self",)))
    if asked.disposed_at is not None:
        raise Conflict


def lock_clocks(pk: int) -> None:
    """Lock the open clocks of a request."""
    clocks = Clock.objects.about(DataRequest._meta.label_lower, pk).open().order_by("pk")
    list(clocks.select_for_update().values_list("pk", flat=True))


def move(asked: DataRequest, verb: str, *, by: Any = None, version: int | None = None,
         data: dict[str, Any] | None = None, **changes: Any) -> DataRequest:  # fmt: skip
    """Move it along TRANSITIONS[verb], setting `changes`. Raises Conflict, and changes nothing, where it cannot."""
    way = TRANSITIONS[verb]
    finished_at = timezone.now() if way.target in FINISHED else None
    changes = {"state": way.target, "finished_at": finished_at, **changes}
    sources = [str(state) for state in way.sources]
    return change(asked, verb, by=by, version=version, data=data, sources=sources, **changes)


def change(
    asked: DataRequest,
    verb: str,
    *,
    by: Any = None,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    sources: list[str] | None = None,
    **changes: Any,
) -> DataRequest:
    """Set `changes` where the request has this version and is in one of `sources`, and record it.

    Call inside a transaction. Raises Conflict, and changes nothing, otherwise.
    """
    lock_clocks(asked.pk)
    rows = DataRequest.objects.filter(pk=asked.pk, disposed_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    if sources is not None:
        rows = rows.filter(state__in=sources)
    if not rows.update(version=F("version") + 1, **changes):
        raise Conflict
    asked.refresh_from_db()
    to = {"to": asked.state} if "state" in changes else {}
    record(verb=f"datarequest.{verb}", subject=asked, by=by, data={**to, **(data or {})})
    return asked
