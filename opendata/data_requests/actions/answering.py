"""Answering a request: each kind of answer has what it needs, and who answered does not reconsider it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Version
from opendata.data_requests import letters
from opendata.data_requests.actions.history import tell
from opendata.data_requests.actions.moving import NotPossible, lock, move
from opendata.data_requests.choices import UNSETTLED, Happened, Outcome, Refusal, State
from opendata.data_requests.models import Answer, DataRequest
from opendata.inventory.actions import changing, steps
from portal.clocks.actions import stop_clocks
from portal.clocks.models import Metric

RELEASES = (Outcome.RELEASED, Outcome.PARTLY)
_BOTH = _("Write this in both languages.")
_NEEDED: dict[str, dict[str, Any]] = {
    Outcome.RELEASED: {"version": _("Choose the dataset in which the data is published.")},
    Outcome.PARTLY: {"version": _("Choose the dataset in which part of the data is published.")},
    Outcome.PLANNED: {"planned_on": _("Give the day of the planned release.")},
    Outcome.NOT_HELD: {"holder_ar": _BOTH, "holder_en": _BOTH},
    Outcome.REFUSED: {"reason": _("Choose a reason."), "legal_basis_ar": _BOTH, "legal_basis_en": _BOTH},
}


@dataclass(frozen=True)
class Reply:
    """An answer in the making. Only what its kind needs is stored."""

    kind: str
    text_ar: str
    text_en: str
    version: Version | None = None
    planned_on: date | None = None
    holder_ar: str = ""
    holder_en: str = ""
    reason: str = ""
    legal_basis_ar: str = ""
    legal_basis_en: str = ""

    def columns(self) -> dict[str, Any]:
        """What is stored. Raises NotPossible, naming the field, for what is missing or wrong."""
        wanted = {"text_ar": _BOTH, "text_en": _BOTH, **_NEEDED[self.kind]}
        if self.kind == Outcome.PARTLY and self.reason:
            wanted |= {"legal_basis_ar": _BOTH, "legal_basis_en": _BOTH}
        for name, message in wanted.items():
            if not getattr(self, name):
                raise NotPossible(message, name)
        if self.version is not None and self.version.is_withdrawn:
            raise NotPossible(_("This version was withdrawn. Choose another one."), "version")
        if "planned_on" in wanted and self.planned_on is not None and self.planned_on < timezone.localdate():
            raise NotPossible(_("This day is over. Choose a day to come."), "planned_on")
        return {"kind": self.kind, **{name: getattr(self, name) for name in wanted}, "reason": self._reason()}

    def _reason(self) -> str:
        return self.reason if self.kind in (Outcome.REFUSED, Outcome.PARTLY) else ""


@transaction.atomic
def answer_request(
    *, asked: DataRequest, reply: Reply, by: Any, version: int | None = None, into_schedule: bool = False
) -> Answer:
    """Answer a request, reconsider an answer, or let a release follow a planned or partial one.

    Raises Conflict where somebody else was quicker, NotPossible for an incomplete answer and where `by` answered
    before what is now reconsidered. `into_schedule` also sets the day in the inventory.
    """
    lock(asked)
    columns = reply.columns()
    is_follow_up = asked.state == State.ANSWERED
    check_person(asked, by)
    if is_follow_up and (asked.outcome not in UNSETTLED or reply.kind not in RELEASES):
        raise NotPossible(
            _("This request is answered already. Only what was planned, or left out of a partial release, can follow.")
        )
    now = timezone.now()
    move(asked, "follow_up" if is_follow_up else "answer", by=by, version=version, data={"kind": reply.kind},
         outcome=reply.kind, answered_at=now)  # fmt: skip
    answer = Answer.objects.create(asked=asked, sequence=asked.answers.count() + 1, cycle=asked.cycle,
                                   is_follow_up=is_follow_up, by=by, at=now, **columns)  # fmt: skip
    stop_clocks(subject=asked, metrics=[Metric.FIRST_REPLY], at=now)
    if into_schedule and asked.asset is not None and answer.planned_on is not None:
        _schedule(asked, answer.planned_on, by)
    reason = Refusal(answer.reason).label if answer.reason else ""
    tell(asked, Happened.ANSWERED, f"answered_{answer.kind}", day=answer.planned_on, reason=reason)
    letters.answered(asked, answer)
    return answer


def answered_before(asked: DataRequest) -> set[int]:
    """Ids of those whose answers may be reconsidered, and who therefore may not do it."""
    return set(asked.answers.filter(cycle=1).values_list("by_id", flat=True))


def check_person(asked: DataRequest, by: Any) -> None:
    """Raises NotPossible where `by` answered what is now reconsidered."""
    if asked.state == State.REVIEWING and by.pk in answered_before(asked):
        raise NotPossible(_("You answered this request before. Somebody else has to reconsider it."))


def _schedule(asked: DataRequest, day: date, by: Any) -> None:
    assert asked.asset is not None
    try:
        steps.schedule(asset=asked.asset, by=by, release_on=day)
    except (changing.NotPossible, changing.Conflict) as error:
        raise NotPossible(str(error), "into_schedule") from None


def as_shown(asked: DataRequest, reply: Reply) -> Answer:
    """The answer as it would be shown, not stored."""
    values = {name: value for name, value in vars(reply).items() if value}
    return Answer(asked=asked, sequence=0, cycle=asked.cycle, at=timezone.now(), **values)
