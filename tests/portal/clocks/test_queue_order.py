"""Which case comes first."""

from __future__ import annotations

import pytest

from participation.feedback.actions.work import OutOfTurn, ask_citizen, confirm_safety, reply_to_case, set_priority
from participation.feedback.models import Case
from participation.feedback.states import Kind, Priority
from portal.audit.models import AuditEvent
from portal.clocks.actions import pause, resume
from portal.clocks.models import PauseReason
from tests.office_hours import at, begin
from tests.people import World, open_case


def queue() -> list[Case]:
    return list(Case.objects.in_queue().queue_order())


def correction(world: World, when: str) -> Case:
    return begin(open_case(world, kind=Kind.DATA_CORRECTION), at(when))


def test_portal_problems_then_public_safety_then_priority_then_due_time(world: World) -> None:
    low = begin(open_case(world), at("sun 08:00"))
    set_priority(case=low, priority=Priority.LOW, by=world.lead)
    later = begin(open_case(world), at("sun 12:00"))
    sooner = begin(open_case(world), at("sun 10:00"))
    inquiry = begin(open_case(world, kind=Kind.INQUIRY), at("sun 10:00"))  # promised in fewer hours
    high = begin(open_case(world), at("tue 08:00"))
    set_priority(case=high, priority=Priority.HIGH, by=world.lead)
    safety = correction(world, "wed 08:00")
    confirm_safety(case=safety, reason="Wrong emergency number", by=world.triager)
    problem = begin(open_case(world, kind=Kind.PORTAL_PROBLEM), at("thu 08:00"))
    assert queue() == [problem, safety, high, inquiry, sooner, later, low]


def test_of_two_safety_corrections_the_one_due_first_comes_first(world: World) -> None:
    late, early = correction(world, "mon 08:00"), correction(world, "sun 08:00")
    for case in (late, early):
        confirm_safety(case=case, reason="Wrong emergency number", by=world.triager)
    early.refresh_from_db()
    assert early.queue_at == early.due_at
    assert queue() == [early, late]


def test_a_pause_does_not_cost_a_correction_its_place(world: World) -> None:
    first, second = correction(world, "sun 08:00"), correction(world, "sun 09:00")
    pause(subject=first, reason=PauseReason.CITIZEN, at=at("sun 10:00"))
    resume(subject=first, reason=PauseReason.CITIZEN, at=at("tue 10:00"))
    assert queue() == [first, second]


def test_a_complaint_paused_for_long_lets_others_pass(world: World) -> None:
    first, second = (begin(open_case(world), at(when)) for when in ("sun 08:00", "sun 09:00"))
    pause(subject=first, reason=PauseReason.CITIZEN, at=at("sun 10:00"))
    resume(subject=first, reason=PauseReason.CITIZEN, at=at("tue 10:00"))
    assert queue() == [second, first]


def test_answering_a_younger_correction_first_needs_a_reason_and_is_counted(world: World) -> None:
    old, young = correction(world, "sun 08:00"), correction(world, "sun 09:00")
    with pytest.raises(OutOfTurn):
        reply_to_case(case=young, text="Done", by=world.officer)
    young.refresh_from_db()
    assert young.is_unfinished
    reply_to_case(case=young, text="Done", by=world.officer, out_of_turn_reason="Same cell as another fix")
    assert young.jumped_queue
    event = AuditEvent.objects.about(young).get(verb="case.answer")
    assert event.data["out_of_turn"] == "Same cell as another fix"
    reply_to_case(case=old, text="Done", by=world.officer)
    assert not old.jumped_queue


def test_news_on_the_way_jumps_nobody(world: World) -> None:
    correction(world, "sun 08:00")
    young = correction(world, "sun 09:00")
    reply_to_case(case=young, text="We are on it", by=world.officer, is_final=False)
    assert not young.jumped_queue


def test_older_corrections_elsewhere_waiting_or_for_safety_hold_up_nobody(world: World) -> None:
    waiting, safety, elsewhere = (correction(world, "sun 08:00") for _number in range(3))
    ask_citizen(case=waiting, text="Which row?", by=world.officer)
    confirm_safety(case=safety, reason="Wrong emergency number", by=world.triager)
    Case.objects.filter(pk=elsewhere.pk).update(unit=world.other_unit)
    young = correction(world, "sun 09:00")
    reply_to_case(case=young, text="Done", by=world.officer)
    assert not young.jumped_queue
