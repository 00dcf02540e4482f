"""The desk and the list: what is on them, in how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.feedback.actions.intake import submit_case
from participation.feedback.actions.routing import route_waiting
from participation.feedback.actions.work import claim_case
from participation.feedback.models import Case
from portal.clocks.models import Heartbeat
from portal.clocks.time_left import TimeLeft, in_words, measure
from portal.mail.models import MailState, OutgoingMail
from tests.people import World, entry, open_case, submitted

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/case/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def panels(client: Client) -> dict[str, Any]:
    return {panel.key: panel for panel in client.get("/admin/").context["desk_panels"]}


def references(panel: Any) -> list[str]:
    return [case.reference for case in panel.context["cases"]]


def test_an_officer_sees_their_own_cases_and_the_queue_in_order(world: World) -> None:
    low, high = open_case(world), open_case(world)
    Case.objects.filter(pk=high.pk).update(queue_rank=2)
    claim_case(case=low, by=world.officer)
    found = panels(signed_in(world.officer))
    assert references(found["mine"]) == [low.reference]
    assert references(found["queue"]) == [high.reference, low.reference]
    assert found["queue"].count == "2"
    assert "unrouted" not in found


def test_a_claim_shows_in_the_list_and_expires(world: World) -> None:
    case = open_case(world)
    claim_case(case=case, by=world.officer)
    client = signed_in(world.colleague)
    assert "Omar" in client.get("/admin/").content.decode()
    Case.objects.update(assigned_until=timezone.now() - timedelta(seconds=1))
    assert "Omar" not in client.get("/admin/").content.decode()
    assert references(panels(signed_in(world.officer))["mine"]) == []


def test_the_call_centre_sees_what_no_rule_could_route_and_what_was_held(world: World) -> None:
    unrouted = submitted(world, kind="comment").case
    route_waiting()
    held = submit_case(entry=entry(world), form_token="held", suspicion="trap").case
    found = panels(signed_in(world.triager))
    assert references(found["unrouted"]) == [unrouted.reference]
    assert references(found["suspected"]) == [held.reference]


def test_escalated_cases_stand_apart(world: World) -> None:
    case = open_case(world)
    open_case(world)
    Case.objects.filter(pk=case.pk).update(escalation_level=2)
    assert references(panels(signed_in(world.head))["escalated"]) == [case.reference]


def test_nothing_of_another_unit_is_on_the_desk(world: World) -> None:
    case = open_case(world)
    Case.objects.update(escalation_level=3)
    for user in (world.outsider, world.administrator, world.triager):
        assert case.reference not in signed_in(user).get("/admin/").content.decode()


def test_time_left_is_said_in_working_time(world: World) -> None:
    client = signed_in(world.officer)
    Heartbeat.objects.create(name="clocks.sweep", at=timezone.now())
    case = open_case(world)
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=14))
    assert "overdue by 70 working hours" in client.get("/admin/").content.decode()
    Case.objects.filter(pk=case.pk).update(due_at=None)
    assert "paused" in client.get("/admin/").content.decode()


@pytest.mark.usefixtures("in_english")
def test_words_for_time_left() -> None:
    assert in_words(1) == "1 working minute"
    assert in_words(45) == "45 working minutes"
    assert in_words(60) == "1 working hour"
    assert in_words(200) == "3 working hours and 20 minutes"
    assert in_words(700) == "11 working hours"
    assert TimeLeft(200).words == "3 working hours and 20 minutes left"
    assert TimeLeft(-120, is_late=True).words == "overdue by 2 working hours"
    assert (TimeLeft(-120, is_late=True).short, TimeLeft(200).short) == ("−2:00", "3:20")
    assert [TimeLeft(None).mark, TimeLeft(30).mark, TimeLeft(300).mark, TimeLeft(0, True).mark] == [
        "paused",
        "soon",
        "",
        "late",
    ]


def test_measuring_many_asks_as_often_as_measuring_one(world: World, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    with CaptureQueriesContext(connection) as one:
        measure([(1, now, None)])
    with django_assert_num_queries(len(one)):
        measure([(number, now + timedelta(hours=number), None) for number in range(50)])


@pytest.mark.parametrize("address", ["/admin/", LIST, f"{LIST}?state=open&mine=yes", f"{LIST}?q=الرخصة"])
def test_it_asks_as_often_for_three_cases_as_for_one(
    world: World, address: str, django_assert_num_queries: Any
) -> None:
    first = open_case(world)
    claim_case(case=first, by=world.officer)
    Case.objects.update(escalation_level=2)
    client = signed_in(world.officer)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _number in range(2):
        claim_case(case=open_case(world), by=world.officer)
    Case.objects.update(escalation_level=2)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_it_asks_as_often_for_three_unrouted_cases_as_for_one(world: World, django_assert_num_queries: Any) -> None:
    client = signed_in(world.triager)
    submitted(world, kind="comment")
    route_waiting()
    client.get("/admin/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/")
    for _number in range(2):
        submitted(world, kind="comment")
    route_waiting()
    with django_assert_num_queries(len(one)):
        client.get("/admin/")


def test_it_warns_when_the_sweep_stands_still(world: World) -> None:
    client = signed_in(world.officer)
    beat = Heartbeat.objects.create(name="clocks.sweep", at=timezone.now())
    assert "deadline sweep" not in client.get("/admin/").content.decode()
    Heartbeat.objects.filter(pk=beat.pk).update(at=timezone.now() - timedelta(minutes=6))
    assert "deadline sweep" in client.get("/admin/").content.decode()


def test_it_warns_of_letters_that_failed(world: World) -> None:
    open_case(world)
    OutgoingMail.objects.update(state=MailState.FAILED)
    html = signed_in(world.administrator).get("/admin/").content.decode()
    assert "could not be delivered" in html
    assert "/admin/mail/outgoingmail/?state__exact=failed" in html


def test_counting_stops_at_a_thousand(world: World) -> None:
    from participation.feedback.staffside.rows import capped_count

    for _number in range(3):
        open_case(world)
    assert capped_count(Case.objects.all(), most=2) == "2+"
    assert capped_count(Case.objects.all(), most=3) == "3"


def test_the_language_is_a_link_and_is_kept(world: World) -> None:
    client = signed_in(world.officer)
    english = client.get("/admin/").content.decode()
    assert 'href="/admin/?language=ar" lang="ar"' in english
    assert 'dir="rtl"' in client.get("/admin/?language=ar").content.decode()
    assert 'dir="rtl"' in client.get(LIST).content.decode()


def test_a_rule_can_be_tried_without_storing_anything(world: World) -> None:
    client = signed_in(world.administrator)
    data = {"kind": "complaint", "topic": world.topic.pk, "text": "تأخير"}
    assert "complaints" in client.post("/admin/feedback/routingrule/try/", data).content.decode()
    assert (
        "No rule fits" in client.post("/admin/feedback/routingrule/try/", {**data, "kind": "comment"}).content.decode()
    )
    assert not Case.objects.exists()
