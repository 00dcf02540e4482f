"""A production incident suspends data corrections, whenever they come in."""

from __future__ import annotations

import pytest

from participation.feedback.actions.citizen import reopen_case
from participation.feedback.actions.intake import release_case, submit_case
from participation.feedback.actions.routing import route_case
from participation.feedback.actions.work import confirm_safety, reply_to_case
from participation.feedback.models import Case
from participation.feedback.states import Kind, State
from portal.audit.models import AuditEvent
from portal.clocks.actions import close_incident, open_incident
from portal.clocks.models import Clock, ClockState, Incident, Pause
from portal.clocks.sweep import sweep
from tests.office_hours import at
from tests.people import World, entry, open_case, submitted


def incident(world: World) -> Incident:
    return open_incident(title_ar="تعطل البوابة", title_en="The portal is down", by=world.lead)


def states(case: Case) -> set[str]:
    return set(Clock.objects.open().filter(subject_id=case.pk).values_list("state", flat=True))


def correction(world: World) -> Case:
    return open_case(world, kind=Kind.DATA_CORRECTION)


def test_open_corrections_stand_still_and_nothing_else_does(world: World) -> None:
    waiting, complaint, new = correction(world), open_case(world), submitted(world, kind=Kind.DATA_CORRECTION).case
    incident(world)
    assert states(waiting) == states(new) == {ClockState.PAUSED}
    assert states(complaint) == {ClockState.RUNNING}


def test_corrections_that_come_in_meanwhile_stand_still_too(world: World) -> None:
    opened = incident(world)
    case = correction(world)
    assert states(case) == {ClockState.PAUSED}
    case.refresh_from_db()
    assert case.due_at is None
    close_incident(incident=opened, by=world.lead)
    case.refresh_from_db()
    assert states(case) == {ClockState.RUNNING}
    assert case.due_at is not None


def test_closing_the_incident_lets_all_of_them_go_on_once(world: World) -> None:
    cases = [correction(world) for _number in range(3)]
    opened = incident(world)
    assert close_incident(incident=opened, by=world.lead)
    assert not close_incident(incident=opened, by=world.lead)
    assert all(states(case) == {ClockState.RUNNING} for case in cases)
    assert not Pause.objects.open().exists()
    verbs = AuditEvent.objects.about(opened).values_list("verb", flat=True)
    assert list(verbs) == ["incident.opened", "incident.closed"]


def test_with_two_incidents_the_last_to_close_lets_them_go_on(world: World) -> None:
    case = correction(world)
    first, second = incident(world), incident(world)
    close_incident(incident=first, by=world.lead)
    assert states(case) == {ClockState.PAUSED}
    close_incident(incident=second, by=world.lead)
    assert states(case) == {ClockState.RUNNING}


def test_public_safety_is_never_suspended(world: World) -> None:
    before, during = correction(world), correction(world)
    confirm_safety(case=before, reason="Wrong emergency number", by=world.triager)
    incident(world)
    assert states(before) == {ClockState.RUNNING}
    confirm_safety(case=during, reason="Wrong emergency number", by=world.triager)
    assert states(during) == {ClockState.RUNNING}


def test_a_suspended_correction_is_never_escalated(world: World) -> None:
    correction(world)
    incident(world)
    for week in range(5):
        assert sweep(now=at("thu 12:00", week)) == 0


def test_a_correction_reopened_or_released_during_an_incident_stands_still(world: World) -> None:
    answered = correction(world)
    reply_to_case(case=answered, text="Done", by=world.officer)
    held = submit_case(entry=entry(world, kind=Kind.DATA_CORRECTION), form_token="held", suspicion="honeypot").case
    incident(world)
    reopen_case(case=answered, text="Still wrong")
    release_case(case=held, by=world.triager)
    route_case(case=held, unit=world.licensing, by=world.triager)
    assert states(answered) == states(held) == {ClockState.PAUSED}


@pytest.mark.parametrize("state", [State.OPEN, State.ANSWERED])
def test_an_answer_during_the_incident_ends_the_matter(world: World, state: State) -> None:
    case = correction(world)
    opened = incident(world)
    if state == State.ANSWERED:
        reply_to_case(case=case, text="Done", by=world.officer)
    close_incident(incident=opened, by=world.lead)
    assert states(case) == ({ClockState.RUNNING} if state == State.OPEN else set())
