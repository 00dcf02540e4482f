"""What people make of datasets: received from anybody, shown once somebody of the agency has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.catalogue.models import Dataset, Reuse
from opendata.catalogue.models.around import ReuseState
from portal.audit.actions import record

VERBS = {
    "reuse.received": _("Reuse sent in"),
    "reuse.shown": pgettext_lazy("reuse", "Shown"),
    "reuse.refused": pgettext_lazy("reuse", "Not shown"),
}
"""Words for what is done to reuses, for staff to read."""


class Conflict(Exception):
    """Somebody else decided it first."""

    message = _("Somebody else has decided about this in the meantime. See what they decided.")


@dataclass(frozen=True)
class Sent:
    """What somebody says of what they made."""

    title: str
    url: str
    description: str
    made_by: str
    language: str
    suspicion: str = ""
    """Why it looks as if no person had sent it; whoever looks at it is told."""


@transaction.atomic
def receive_reuse(*, dataset: Dataset, sent: Sent, token: str) -> Reuse:
    """Store it for somebody to look at. The same form sent twice is one: the first stays as it is."""
    texts = {name: value for name, value in vars(sent).items() if name != "suspicion"}
    try:
        with transaction.atomic():
            reuse = Reuse.objects.create(dataset=dataset, token=token, **texts)
    except IntegrityError:
        return Reuse.objects.get(token=token)
    record(verb="reuse.received", subject=reuse, data={"dataset": dataset.slug, "suspicion": sent.suspicion})
    return reuse


@transaction.atomic
def decide_reuse(*, reuse: Reuse, state: ReuseState, by: Any, seen: str, because: str = "") -> None:
    """Show it or not. `seen` is the state it had when whoever decides looked at it; raises Conflict if it changed."""
    rows = Reuse.objects.filter(pk=reuse.pk, state=seen)
    changes = {"state": state, "decided_by": by, "decided_at": timezone.now(), "refused_because": because}
    if not rows.update(**changes):
        raise Conflict
    reuse.refresh_from_db()
    record(verb=f"reuse.{state.value}", subject=reuse, by=by, data={"dataset": reuse.dataset_id})
