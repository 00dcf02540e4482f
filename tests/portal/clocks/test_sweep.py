"""The sweep tells officer, lead and head: each once, on the minute, and only while somebody works."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.feedback.actions.work import ask_citizen, assign_case, claim_case, refer_case, reply_to_case
from participation.feedback.models import Case
from portal.clocks.actions import start_clocks
from portal.clocks.models import Clock, ClockState, Escalation, EscalationStep, Heartbeat, Metric, StepRole
from portal.clocks.sweep import sweep
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role
from tests.office_hours import at, begin
from tests.people import World, open_case, submitted


def letters() -> list[tuple[str, int]]:
    """To whom escalations were written, in order, and about how many clocks."""
    mails = OutgoingMail.objects.filter(template="escalation").order_by("pk")
    return [(mail.to.partition("@")[0], mail.text.count("/admin/")) for mail in mails]


def with_officer(world: World) -> Case:
    case = begin(open_case(world), at("sun 08:00"))
    assign_case(case=case, to=world.officer, by=world.lead)
    return case


def test_officer_lead_and_head_are_told_each_once_on_the_minute(world: World) -> None:
    case = with_officer(world)
    told: list[tuple[datetime, str]] = []
    moment = at("sun 08:00")
    while moment < at("thu 14:30"):
        sweep(now=moment)
        told += [(moment, name) for name, _count in letters()[len(told) :]]
        moment += timedelta(minutes=1 if 7 < moment.hour < 10 else 20)
    assert told == [(at("tue 09:46"), "omar"), (at("wed 08:01"), "layla"), (at("thu 08:01"), "hilal")]
    clock = Clock.objects.get(metric=Metric.FIRST_REPLY)
    assert [(step.level, step.role, step.recipients) for step in clock.escalations.all()] == [
        (1, StepRole.ASSIGNEE, 1),
        (2, StepRole.LEAD, 1),
        (3, StepRole.HEAD, 1),
    ]
    case.refresh_from_db()
    assert case.escalation_level == 3


def test_nothing_happens_at_the_very_moment_and_all_of_it_a_second_later(world: World) -> None:
    with_officer(world)
    assert sweep(now=at("tue 09:45")) == 0
    assert sweep(now=at("tue 09:45:01")) == 1


def test_a_sweep_that_stood_still_only_comes_late_and_lists_a_case_once_for_each_reader(world: World) -> None:
    with_officer(world)
    Membership.objects.filter(user=world.lead).delete()  # the head stands in, and reaches her own step too
    assert sweep(now=at("thu 12:00")) == 3
    assert sweep(now=at("thu 12:01")) == 0
    assert sorted(letters()) == [("hilal", 1), ("omar", 1)]


def test_one_letter_tells_a_person_of_many_cases(world: World) -> None:
    cases = [with_officer(world) for _number in range(12)]
    sweep(now=at("wed 08:01"))
    assert sorted(letters()) == [("layla", 12), ("omar", 12)]
    for mail in OutgoingMail.objects.filter(template="escalation"):
        for case in cases:
            assert mail.text.count(case.reference) == 1
            assert mail.html.count(case.reference) == 1


def test_a_case_nobody_holds_warns_every_officer_of_the_unit(world: World) -> None:
    begin(open_case(world), at("sun 08:00"))
    sweep(now=at("tue 09:46"))
    assert sorted(letters()) == [("khalid", 1), ("omar", 1)]


def test_a_claim_that_ran_out_warns_the_whole_unit(world: World) -> None:
    case = begin(open_case(world), at("sun 08:00"))
    claim_case(case=case, by=world.officer)
    Case.objects.filter(pk=case.pk).update(assigned_until=timezone.now() - timedelta(minutes=1))
    sweep(now=at("tue 09:46"))
    assert sorted(letters()) == [("khalid", 1), ("omar", 1)]


def test_without_a_lead_the_head_is_told_in_her_place(world: World) -> None:
    with_officer(world)
    Membership.objects.filter(role=Role.LEAD).delete()
    for moment in ("tue 09:46", "wed 08:01", "thu 08:01"):
        sweep(now=at(moment))
    assert letters() == [("omar", 1), ("hilal", 1), ("hilal", 1)]


def test_a_lead_who_left_is_told_nothing(world: World) -> None:
    with_officer(world)
    world.lead.is_active = False
    world.lead.save()
    sweep(now=at("wed 08:01"))
    assert sorted(letters()) == [("hilal", 1), ("omar", 1)]


def test_a_unit_without_people_is_told_at_its_own_address(world: World) -> None:
    with_officer(world)
    Membership.objects.all().delete()
    world.licensing.email = "licensing@ministry.example"
    world.licensing.save()
    sweep(now=at("tue 09:46"))
    assert letters() == [("licensing", 1)]


def test_a_unit_nobody_can_be_told_of_still_climbs_once(world: World) -> None:
    with_officer(world)
    Membership.objects.all().delete()
    sweep(now=at("thu 12:00"))
    sweep(now=at("thu 12:10"))
    levels = Escalation.objects.order_by("level").values_list("level", "recipients")
    assert list(levels) == [(1, 0), (2, 0), (3, 0)]


def test_what_no_unit_has_is_told_to_the_call_centre(world: World) -> None:
    begin(submitted(world).case, at("sun 08:00"))
    sweep(now=at("sun 08:46"))
    assert letters() == [("tariq", 1)]


def test_the_authority_is_told_when_a_step_names_its_address(world: World) -> None:
    EscalationStep.objects.create(
        level=4, role=StepRole.AUTHORITY, minutes_after_due=10 * 60, email="authority@body.example"
    )
    with_officer(world)
    for moment in ("tue 09:46", "wed 08:01", "thu 08:01", "thu 11:01"):
        sweep(now=at(moment))
    assert letters()[-1] == ("authority", 1)


def test_nobody_is_reminded_outside_working_hours(world: World) -> None:
    with_officer(world)
    for moment in ("tue 20:00", "wed 03:00", "wed 07:29"):
        assert sweep(now=at(moment)) == 0
    assert sweep(now=at("wed 07:30:20")) == 1
    assert letters() == [("omar", 1)]


def test_what_falls_due_at_closing_is_told_just_after_closing(world: World) -> None:
    case = begin(open_case(world), at("sun 07:30"))
    assert case.due_at == at("tue 14:30")
    sweep(now=at("tue 12:00"))
    assert sweep(now=at("tue 14:31")) == 1
    assert letters()[-1] == ("layla", 1)


def test_a_breach_is_noted_at_night_too(world: World) -> None:
    begin(open_case(world), at("sun 07:30"))
    sweep(now=at("tue 23:00"))
    assert Clock.objects.get(metric=Metric.FIRST_REPLY).breached_at == at("tue 14:30")
    assert letters() == []


def test_paused_stopped_and_cancelled_clocks_never_escalate(world: World) -> None:
    waiting, answered = with_officer(world), with_officer(world)
    ask_citizen(case=waiting, text="Which?", by=world.officer)
    reply_to_case(case=answered, text="Done", by=world.officer)
    before = len(letters())
    for week in range(1, 8):
        sweep(now=at("thu 12:00", week))
    assert len(letters()) == before
    assert not Escalation.objects.exists()


def test_a_referral_the_authority_has_not_accepted_goes_on_escalating(world: World) -> None:
    case = with_officer(world)
    refer_case(case=case, authority=world.authority, text="Yours", by=world.officer)
    sweep(now=at("thu 12:00", 2))
    assert Escalation.objects.filter(clock__metric=Metric.RESOLUTION).exists()


def test_a_clock_that_cannot_be_handled_is_set_aside_and_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with_officer(world)
    other = with_officer(world)
    poison = Clock.objects.get(subject_id=other.pk, metric=Metric.FIRST_REPLY)
    Clock.objects.filter(pk=poison.pk).update(subject_kind="ghost.thing")
    moment = at("tue 09:46")
    with caplog.at_level(logging.ERROR):
        assert sweep(now=moment) == 1
    poison.refresh_from_db()
    assert poison.next_action_at == moment + timedelta(minutes=5)
    assert letters() == [("omar", 1)]
    assert f"clock {poison.pk} set aside" in caplog.text


def test_the_letter_says_what_is_soon_and_what_is_overdue(world: World) -> None:
    case = with_officer(world)
    sweep(now=at("tue 09:46"))
    sweep(now=at("wed 08:01"))
    warning, overdue = OutgoingMail.objects.filter(template="escalation").order_by("pk")
    assert "9 January 2030, 08:00" in warning.text
    assert "was due" not in warning.text
    assert "was due" in overdue.text
    for mail in (warning, overdue):
        assert case.reference in mail.subject
        assert f"http://testserver/admin/feedback/case/{case.pk}/change/" in mail.text


def test_no_letter_to_staff_holds_anything_of_the_citizen(world: World) -> None:
    case = with_officer(world)
    sweep(now=at("thu 12:00"))
    for mail in OutgoingMail.objects.filter(template="escalation"):
        for private in (case.name, case.email, case.text):
            assert private not in mail.text + mail.html + mail.subject


def test_the_sweep_leaves_a_heartbeat(db: None) -> None:
    sweep()
    assert timezone.now() - Heartbeat.objects.get(name="clocks.sweep").at < timedelta(minutes=1)


def test_a_sweep_costs_the_same_number_of_queries_for_one_clock_and_for_thirty(world: World) -> None:
    counts = []
    sweep()  # what every process learns once
    for number in (1, 30):
        for _case in range(number):
            with_officer(world)
        with CaptureQueriesContext(connection) as queries:
            sweep(now=at("tue 09:46") + timedelta(seconds=number))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_second_cycle_escalates_anew(world: World) -> None:
    case = with_officer(world)
    sweep(now=at("tue 09:46"))
    reply_to_case(case=case, text="Done", by=world.officer)
    start_clocks(
        subject=case, kind=case.kind, priority=case.priority, metrics=[Metric.FIRST_REPLY], cycle=2,
        started_at=at("sun 08:00", 1),
    )  # fmt: skip
    sweep(now=at("tue 09:46", 1))
    assert letters() == [("omar", 1), ("omar", 1)]
    assert Clock.objects.filter(state=ClockState.RUNNING, level=1).count() == 1
