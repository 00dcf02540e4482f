"""A case finds its unit: by the first rule that fits, once, with or without a broker."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from participation.feedback.actions.moving import Conflict
from participation.feedback.actions.routing import route_by_rules, route_case, route_waiting
from participation.feedback.actions.work import ask_citizen, assign_case
from participation.feedback.models import Case, RoutingRule
from participation.feedback.states import Kind, Priority, State
from portal import embedded
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock, ClockState, Metric
from portal.mail.models import OutgoingMail
from portal.organisations.models import Topic, Unit
from tests.at_once import at_once
from tests.people import World, build_world, open_case, submitted
from tests.running import ROOT, WORKER, end, environment, schedule_of_a_minute_ago, start, wait_until


@pytest.fixture
def shared_world(transactional_db: None) -> World:
    """The world for tests with several database connections, which see only what is committed."""
    return build_world()


def rules(world: World, *rows: dict[str, Any]) -> None:
    """Replace the rules; a unit is named by its code."""
    RoutingRule.objects.all().delete()
    for position, row in enumerate(rows, start=1):
        unit = Unit.objects.get(code=row.pop("to"))
        RoutingRule.objects.create(**{"position": position, "name": "rule", "unit": unit, **row})


def routed(world: World, **changes: Any) -> Case:
    """A case as the rules leave it."""
    case = submitted(world, **changes).case
    assert route_by_rules(case_id=case.pk)
    case.refresh_from_db()
    return case


TABLE: list[tuple[str, list[dict[str, Any]], dict[str, Any], str | None]] = [
    ("no rule at all", [], {}, None),
    ("a rule without conditions takes everything", [{"to": "licensing"}], {}, "licensing"),
    ("another kind", [{"to": "licensing", "kind": Kind.INQUIRY}], {"kind": Kind.COMPLAINT}, None),
    ("the kind", [{"to": "licensing", "kind": Kind.INQUIRY}], {"kind": Kind.INQUIRY}, "licensing"),
    ("the first of two that fit", [{"to": "elsewhere"}, {"to": "licensing"}], {}, "elsewhere"),
    ("position and not age", [{"to": "elsewhere", "position": 9}, {"to": "licensing", "position": 3}], {}, "licensing"),
    ("not an inactive one", [{"to": "elsewhere", "is_active": False}, {"to": "licensing"}], {}, "licensing"),
    ("governorate", [{"to": "elsewhere", "governorate": "dhofar"}], {"governorate": "dhofar"}, "elsewhere"),
    ("another governorate", [{"to": "elsewhere", "governorate": "dhofar"}], {"governorate": "muscat"}, None),
    ("no governorate given", [{"to": "elsewhere", "governorate": "dhofar"}], {}, None),
    (
        "every condition must hold",
        [{"to": "elsewhere", "kind": Kind.COMPLAINT, "governorate": "dhofar"}, {"to": "licensing"}],
        {"governorate": "muscat"},
        "licensing",
    ),
]


@pytest.mark.parametrize(("given", "answer"), [(row[1:3], row[3]) for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_first_rule_whose_conditions_all_hold_wins(world: World, given: Any, answer: str | None) -> None:
    rows, changes = given
    rules(world, *(dict(row) for row in rows))
    case = routed(world, **changes)
    assert (case.unit.code if case.unit else None) == answer
    assert case.state == (State.OPEN if answer else State.UNROUTED)


WORDS = [
    ("فاسدة", "وجدت المواد الفاسده في المحل", True),
    ("الإنارة", "لا توجد انارة في الشارع", True),
    ("إنارة", "مشكلة الإِنَارَة مستمرة", True),
    ("منتهية الصلاحية", "المنتجات منتهيه الصلاحيه", True),
    ("منتهية الصلاحية", "الصلاحية القانونية للوزارة", False),
    ("expired, spoiled", "The milk was SPOILED", True),
    ("expired، فاسدة", "لحوم فاسدة", True),
    ("١٢٣", "رقم الطلب 123", True),
    ("school", "preschooling", False),
    (" , ", "anything", False),
]


@pytest.mark.parametrize(("words", "text", "fits"), WORDS)
def test_words_are_found_however_they_are_spelt(world: World, words: str, text: str, fits: bool) -> None:
    rules(world, {"to": "licensing", "words": words})
    assert (routed(world, text=text).state == State.OPEN) is fits


def test_a_topic_rule_takes_its_topic_only(world: World) -> None:
    rules(world, {"to": "licensing", "topic": world.topic})
    other = Topic.objects.create(slug="roads", name_ar="الطرق", name_en="Roads")
    assert routed(world).state == State.OPEN
    assert routed(world, topic=other).state == State.UNROUTED


def test_changing_the_order_changes_the_answer(world: World) -> None:
    rules(world, {"to": "elsewhere"}, {"to": "licensing"})
    assert routed(world).unit == world.other_unit
    RoutingRule.objects.filter(unit=world.other_unit).update(position=8)
    assert routed(world).unit == world.licensing


def test_a_unit_no_longer_in_use_gets_nothing(world: World) -> None:
    rules(world, {"to": "elsewhere"}, {"to": "licensing"})
    Unit.objects.filter(code="elsewhere").update(is_active=False)
    assert routed(world).unit == world.licensing


def test_a_rule_gives_its_priority_and_the_place_in_the_queue(world: World) -> None:
    rules(world, {"to": "licensing", "priority": Priority.HIGH})
    case = routed(world)
    assert (case.priority, case.queue_rank) == (Priority.HIGH, case.rank())


def test_the_system_and_its_rule_stand_in_the_history(world: World) -> None:
    case = routed(world)
    event = AuditEvent.objects.about(case).get(verb="case.route")
    assert event.actor is None
    assert event.data["rule"] == RoutingRule.objects.get().pk


def test_an_unrouted_case_is_routed_by_hand_and_its_citizen_told_then(world: World) -> None:
    rules(world)
    case = routed(world)
    assert not OutgoingMail.objects.exists()
    route_case(case=case, unit=world.licensing, by=world.triager)
    assert OutgoingMail.objects.count() == 1
    assert Clock.objects.get(metric=Metric.ACKNOWLEDGE).state == ClockState.STOPPED


def test_another_unit_lets_the_officer_go_and_keeps_the_first_clocks(world: World) -> None:
    case = open_case(world)
    before = list(Clock.objects.order_by("pk").values("pk", "started_at", "due_at", "state"))
    assign_case(case=case, to=world.officer, by=world.lead)
    route_case(case=case, unit=world.other_unit, by=world.lead)
    case.refresh_from_db()
    assert (case.unit, case.assignee, case.assigned_until) == (world.other_unit, None, None)
    assert list(Clock.objects.order_by("pk").values("pk", "started_at", "due_at", "state")) == before
    assert OutgoingMail.objects.count() == 1
    assert AuditEvent.objects.about(case).filter(verb="case.route", actor=world.lead).exists()


def test_the_unit_that_has_the_case_cannot_get_it_again(world: World) -> None:
    case = open_case(world)
    with pytest.raises(Conflict):
        route_case(case=case, unit=world.licensing, by=world.lead)


def test_routing_a_case_that_waits_for_the_citizen_lets_its_clocks_go_on(world: World) -> None:
    case = open_case(world)
    ask_citizen(case=case, text="Which licence?", by=world.officer)
    route_case(case=case, unit=world.other_unit, by=world.lead)
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert case.due_at is not None
    assert not Clock.objects.filter(state=ClockState.PAUSED).exists()


def test_several_workers_at_once_route_each_case_once(shared_world: World) -> None:
    for _number in range(30):
        submitted(shared_world)
    handled = at_once(6, lambda _number: route_waiting())
    assert sum(handled) == 30
    assert AuditEvent.objects.filter(verb="case.route").count() == 30
    assert OutgoingMail.objects.count() == 30
    assert Clock.objects.filter(metric=Metric.FIRST_REPLY).count() == 30


def test_a_case_that_cannot_be_routed_holds_up_none_behind_it(world: World) -> None:
    broken = submitted(world).case
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_case SET email = 'not what any key wrote' WHERE id = %s", [broken.pk])
    behind = submitted(world).case
    assert route_waiting() == 1
    assert Case.objects.filter(pk=behind.pk, state=State.OPEN).exists()


SUBMIT = """
import django, os, signal, time
django.setup()
from participation.feedback.actions.intake import submit_case
from tests.people import Entry
from portal.organisations.models import Topic
topic = Topic.objects.get(slug="licences")
def send(numbers):
    for n in numbers:
        entry = Entry(kind="complaint", topic=topic, text=f"text {n}", language="ar", email=f"c{n}@citizen.example")
        started = time.monotonic()
        submit_case(entry=entry, form_token=f"broker-{n}")
        slowest.append(time.monotonic() - started)
slowest = []
send(range(20))
os.kill(int(os.environ["VALKEY_PID"]), signal.SIGKILL)
send(range(20, 200))
print(max(slowest))
"""


def test_two_hundred_messages_sent_while_the_broker_is_away_are_all_routed_when_it_is_back(
    shared_world: World, tmp_path: Path
) -> None:
    valkey, url = embedded.start_valkey(tmp_path / "valkey")
    running = [start(*WORKER, REDIS_URL=url)]
    try:
        web = subprocess.run(
            [sys.executable, "-c", SUBMIT], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
            env=environment() | {"REDIS_URL": url, "VALKEY_PID": str(valkey.pid), "LOG_LEVEL": "ERROR"},
        )  # fmt: skip
        assert web.returncode == 0, web.stderr
        assert float(web.stdout) < 3, "the citizen waited for the broker"
        assert valkey.wait(5) == -signal.SIGKILL
        assert Case.objects.count() == 200
        assert Case.objects.waiting_for_router().count() >= 180

        valkey = _restart(valkey)
        schedule = schedule_of_a_minute_ago(tmp_path / "schedule")
        running.append(start("celery", "-A", "portal", "beat", "--schedule", schedule, REDIS_URL=url))
        wait_until(lambda: not Case.objects.waiting_for_router().exists(), seconds=120)
    finally:
        for process in running:
            end(process)
        valkey.kill()
    assert Case.objects.filter(state=State.OPEN).count() == 200
    assert OutgoingMail.objects.filter(template="feedback/acknowledgement").count() == 200


def _restart(dead: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The same Valkey on the same port, empty as after a crash."""
    arguments = [str(argument) for argument in dead.args]  # type: ignore[union-attr]
    again = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(0.5)
    assert again.poll() is None
    return again
