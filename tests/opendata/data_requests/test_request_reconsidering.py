"""An answer is reconsidered once by somebody else; a request is supported once by a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.actions.asking import ask_reconsideration, support_request
from opendata.data_requests.actions.moving import Conflict, NotPossible
from opendata.data_requests.choices import Outcome, State
from opendata.data_requests.models import Answer, DataRequest, Support
from opendata.data_requests.promises import SUBJECT, answer_clock
from portal.clocks.models import Clock, ClockState
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.opendata.data_requests.asking import (
    accepted,
    answered,
    reply,
    reviewing,
)
from tests.people import World

pytestmark = pytest.mark.django_db
KINDS = [str(kind) for kind in Outcome]


def kinds_of(asked: DataRequest) -> list[str]:
    return list(asked.events.values_list("kind", flat=True))


def letters(asked: DataRequest) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(about_kind=SUBJECT, about_id=str(asked.pk)).order_by("pk"))


def test_an_answer_is_reconsidered_once_by_somebody_else_on_a_clock_of_its_own(world: World) -> None:
    asked = reviewing(world)
    clock = answer_clock(asked)
    assert (asked.state, asked.cycle, clock.cycle, clock.state) == (State.REVIEWING, 2, 2, ClockState.RUNNING)
    assert asked.due_at == clock.due_at
    with pytest.raises(NotPossible):
        answer_request(asked=asked, reply=reply(), by=world.officer)
    answer = answer_request(asked=asked, reply=reply(Outcome.PLANNED), by=world.colleague)
    assert (answer.cycle, asked.outcome, asked.state) == (2, Outcome.PLANNED, State.ANSWERED)
    with pytest.raises(Conflict):
        ask_reconsideration(asked=asked, reason="again")


def test_it_is_too_late_after_thirty_days(world: World) -> None:
    asked = answered(world)
    DataRequest.objects.update(answered_at=timezone.now() - timedelta(days=30, minutes=1))
    with pytest.raises(Conflict):
        ask_reconsideration(asked=asked, reason="late")
    DataRequest.objects.update(answered_at=timezone.now() - timedelta(days=29, hours=23))
    assert ask_reconsideration(asked=asked, reason="in time").state == State.REVIEWING


def test_the_database_refuses_the_same_person_to_reconsider(world: World) -> None:
    asked = reviewing(world)
    with pytest.raises(IntegrityError, match="somebody who did not give it"), transaction.atomic():
        Answer.objects.create(asked=asked, sequence=2, cycle=2, kind="planned", text_ar="ن", text_en="t",
                              planned_on=timezone.localdate(), by=world.officer)  # fmt: skip


def test_a_reconsideration_asked_for_many_times_at_once_is_one(world: World, transactional_db: None) -> None:
    asked = answered(world)

    def ask(number: int) -> Any:
        return ask_reconsideration(asked=DataRequest.objects.get(pk=asked.pk), reason=str(number))

    found = at_once(6, ask)
    assert sum(isinstance(one, DataRequest) for one in found) == 1, found
    assert Clock.objects.about(SUBJECT, asked.pk).filter(cycle=2).count() == 1


# Support -----------------------------------------------------------------------------------------------------


def test_twenty_supports_of_one_browser_at_once_count_once(world: World, transactional_db: None) -> None:
    asked = accepted(world)
    found = at_once(20, lambda _number: support_request(asked=asked, key="one browser"))
    assert sorted(map(str, found)) == ["False"] * 19 + ["True"]
    asked.refresh_from_db()
    assert (asked.support_count, Support.objects.count()) == (1, 1)


def test_twenty_supports_of_twenty_browsers_at_once_count_twenty(world: World, transactional_db: None) -> None:
    asked = accepted(world)
    assert at_once(20, lambda number: support_request(asked=asked, key=f"browser {number}")) == [True] * 20
    asked.refresh_from_db()
    assert asked.support_count == 20
