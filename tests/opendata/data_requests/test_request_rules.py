"""What the database refuses of requests, and who sees them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.choices import Outcome
from opendata.data_requests.models import DataRequest, Event
from opendata.data_requests.promises import SUBJECT
from portal.mail.models import OutgoingMail
from tests.opendata.data_requests.asking import (
    OWN_WORDS,
    accepted,
    answered,
    officer,
    reply,
    reviewing,
    sent,
)
from tests.people import World

pytestmark = pytest.mark.django_db
KINDS = [str(kind) for kind in Outcome]


def kinds_of(asked: DataRequest) -> list[str]:
    return list(asked.events.values_list("kind", flat=True))


def letters(asked: DataRequest) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(about_kind=SUBJECT, about_id=str(asked.pk)).order_by("pk"))


@pytest.mark.parametrize("table", ["event", "answer"])
@pytest.mark.parametrize("statement", ["UPDATE data_requests_{} SET text_en = 'x'", "DELETE FROM data_requests_{}"])
def test_the_database_never_changes_what_was_told_or_answered(world: World, table: str, statement: str) -> None:
    answered(world)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_every_event_is_told_in_two_languages_and_nothing_of_the_requester_is_in_it(world: World) -> None:
    asked = reviewing(world)
    answer_request(asked=asked, reply=reply(Outcome.NOT_HELD), by=world.colleague)
    assert kinds_of(asked) == ["received", "accepted", "answered", "reconsidering", "answered"]
    for event in Event.objects.all():
        assert event.text_ar
        assert event.text_en
        assert OWN_WORDS not in event.text_ar + event.text_en


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BAD: list[dict[str, Any]] = [
    {"state": "nonsense"}, {"state": "accepted", "unit": None}, {"state": "answered"}, {"outcome": "released"},
    {"state": "merged"}, {"state": "removed"}, {"ground": "spam"}, {"cycle": 2}, {"title": ""}, {"text": ""},
    {"public_title_en": ""}, {"public_title_ar": None}, {"public_summary_en": ""}, {"finished_at": NOON},
    {"disposed_at": NOON}, {"assigned_until": NOON}, {"format": "pdf"},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_the_database_refuses_nonsense(world: World, bad: dict[str, Any]) -> None:
    asked = accepted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.filter(pk=asked.pk).update(**bad)


def test_the_database_refuses_a_request_merged_into_itself(world: World) -> None:
    asked = accepted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.filter(pk=asked.pk).update(
            state="merged", merged_into=asked, outcome="", finished_at=timezone.now()
        )


def test_an_officer_of_another_unit_is_not_among_those_who_see_it(world: World) -> None:
    asked, unsorted = accepted(world), sent().asked
    elsewhere = officer("noora", world.other_unit)
    assert list(DataRequest.objects.visible_to(world.officer)) == [asked]
    assert list(DataRequest.objects.visible_to(world.triager)) == [unsorted]
    assert not DataRequest.objects.visible_to(elsewhere).exists()
    assert not DataRequest.objects.visible_to(world.administrator).exists()
