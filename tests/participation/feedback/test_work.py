"""What staff do with a case, and what the states forbid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from participation.feedback.actions import work
from participation.feedback.actions.citizen import reopen_case, withdraw_case
from participation.feedback.actions.intake import release_case
from participation.feedback.actions.moving import Conflict, move
from participation.feedback.actions.routing import route_case
from participation.feedback.models import Case, Message, Referral
from participation.feedback.states import (
    NOT_ROUTED,
    TRANSITIONS,
    UNFINISHED,
    Ground,
    Kind,
    Priority,
    ReferralState,
    State,
)
from portal.audit.models import AuditEvent
from portal.bilingual import in_language
from portal.clocks.models import Clock, ClockState, Metric, Pause
from portal.clocks.sweep import sweep
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.people import World, build_world, open_case, submitted

Verb = Callable[[Case, World], Any]
VERBS: dict[str, Verb] = {
    "hold": lambda case, world: move(case, "hold"),
    "release": lambda case, world: release_case(case=case, by=world.triager),
    "route": lambda case, world: route_case(case=case, unit=world.other_unit, by=world.lead),
    "reply": lambda case, world: work.reply_to_case(case=case, text="News", by=world.officer, is_final=False),
    "answer": lambda case, world: work.reply_to_case(case=case, text="Answer", by=world.officer),
    "ask": lambda case, world: work.ask_citizen(case=case, text="Which?", by=world.officer),
    "hear": lambda case, world: move(case, "hear"),
    "refer": lambda case, world: work.refer_case(case=case, authority=world.authority, text="Yours", by=world.officer),
    "take_back": lambda case, world: work.take_back(referral=case.referrals.get(), by=world.officer),
    "pass_on": lambda case, world: work.end_referral(referral=case.referrals.get(), text="They say", by=world.officer),
    "close": lambda case, world: work.close_case(case=case, text="Closed", by=world.officer),
    "rule_out": lambda case, world: work.rule_out(case=case, text="Not ours", by=world.officer),
    "remove": lambda case, world: work.remove_case(case=case, ground=Ground.SPAM, text="Spam", by=world.officer),
    "withdraw": lambda case, world: withdraw_case(case=case),
    "reopen": lambda case, world: reopen_case(case=case, text="Not solved"),
}


def put_into(case: Case, state: State, world: World) -> Case:
    """The case as it would be in that state, with an open referral where one belongs."""
    unit = None if state in (*NOT_ROUTED, State.SUSPECTED) else world.licensing
    ground = Ground.SPAM if state == State.REMOVED else ""
    Case.objects.filter(pk=case.pk).update(state=state, unit=unit, ground=ground)
    case.refresh_from_db()
    return case


def everything(case: Case) -> list[Any]:
    """All that a refused act might have changed."""
    return [
        Case.objects.filter(pk=case.pk).values().get(),
        list(Message.objects.values()),
        list(Clock.objects.values()),
        list(Pause.objects.values()),
        list(Referral.objects.values()),
        OutgoingMail.objects.count(),
        AuditEvent.objects.count(),
    ]


def test_every_way_from_state_to_state_has_a_verb_here() -> None:
    assert VERBS.keys() == TRANSITIONS.keys()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State)
def test_a_verb_moves_a_case_from_the_states_it_may_start_in_and_no_other(
    world: World, state: State, verb: str
) -> None:
    case = put_into(open_case(world), state, world)
    if verb in ("take_back", "pass_on"):
        Referral.objects.create(case=case, authority=world.authority, text="Yours")
    before = everything(case)
    version = case.version

    if state in TRANSITIONS[verb].sources:
        VERBS[verb](case, world)
        case.refresh_from_db()
        assert case.state == TRANSITIONS[verb].target
        assert case.version > version
        assert AuditEvent.objects.about(case).filter(verb=f"case.{verb}").exists()
        assert Clock.objects.open().exists() is (case.state in UNFINISHED)
    else:
        with pytest.raises(Conflict):
            VERBS[verb](case, world)
        assert everything(case) == before


@pytest.mark.parametrize("verb", ["answer", "reply", "ask", "refer", "close", "rule_out", "remove"])
def test_the_second_of_two_officers_is_told_and_overwrites_nothing(world: World, verb: str) -> None:
    case = open_case(world)
    stale = Case.objects.get(pk=case.pk)
    work.assign_case(case=case, to=world.colleague, by=world.lead, version=case.version)
    before = everything(case)
    acts: dict[str, Callable[[], Any]] = {
        "answer": lambda: work.reply_to_case(case=stale, text="a", by=world.officer, version=stale.version),
        "reply": lambda: work.reply_to_case(
            case=stale, text="a", by=world.officer, version=stale.version, is_final=False
        ),
        "ask": lambda: work.ask_citizen(case=stale, text="a", by=world.officer, version=stale.version),
        "refer": lambda: work.refer_case(
            case=stale, authority=world.authority, text="a", by=world.officer, version=stale.version
        ),
        "close": lambda: work.close_case(case=stale, text="a", by=world.officer, version=stale.version),
        "rule_out": lambda: work.rule_out(case=stale, text="a", by=world.officer, version=stale.version),
        "remove": lambda: work.remove_case(
            case=stale, ground=Ground.SPAM, text="a", by=world.officer, version=stale.version
        ),
    }
    with pytest.raises(Conflict):
        acts[verb]()
    assert everything(case) == before


def test_the_first_reply_stops_its_clock_in_the_same_transaction(world: World) -> None:
    case = open_case(world)
    work.reply_to_case(case=case, text="We are looking into it.", by=world.officer, is_final=False)
    clocks = dict(Clock.objects.values_list("metric", "state"))
    assert clocks[Metric.FIRST_REPLY] == ClockState.STOPPED
    assert clocks[Metric.RESOLUTION] == ClockState.RUNNING


def test_an_answer_stops_every_clock_and_is_mailed_with_its_text(world: World) -> None:
    case = open_case(world)
    work.reply_to_case(case=case, text="Your licence <is> ready & waiting.", by=world.officer)
    assert not Clock.objects.open().exists()
    mail = OutgoingMail.objects.get(template="feedback/reply")
    assert "Your licence <is> ready & waiting." in mail.text
    assert "Your licence &lt;is&gt; ready &amp; waiting." in mail.html


def test_a_letter_offers_not_solved_only_while_it_can_be_said(world: World) -> None:
    case = open_case(world, language="en")
    work.reply_to_case(case=case, text="Done.", by=world.officer)
    reopen_case(case=case, text="Not at all")
    work.reply_to_case(case=case, text="Now it is.", by=world.officer)
    letters = [mail.text for mail in OutgoingMail.objects.filter(template="feedback/reply").order_by("pk")]
    assert ["not solved" in text for text in letters] == [True, False]


def test_a_question_lets_the_clocks_stand_until_the_citizen_answers(world: World) -> None:
    case = open_case(world)
    due = case.due_at
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    case.refresh_from_db()
    assert case.due_at is None
    assert set(Clock.objects.open().values_list("state", flat=True)) == {ClockState.PAUSED}
    assert OutgoingMail.objects.filter(template="feedback/question").count() == 1
    work.reply_to_case(case=case, text="We found it ourselves.", by=world.officer, is_final=False)
    assert not Pause.objects.open().exists()
    resolution = Clock.objects.get(metric=Metric.RESOLUTION)
    assert resolution.state == ClockState.RUNNING
    assert due is not None


@pytest.mark.parametrize("verb", ["close", "refer", "reply", "answer", "route", "rule_out", "remove", "withdraw"])
def test_leaving_the_wait_for_the_citizen_ends_its_pause(world: World, verb: str) -> None:
    case = open_case(world)
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    VERBS[verb](case, world)
    assert not Pause.objects.open().exists()


def test_a_case_closed_while_waiting_and_reopened_has_running_clocks(world: World) -> None:
    case = open_case(world)
    work.ask_citizen(case=case, text="Which licence?", by=world.officer)
    work.close_case(case=case, text="No answer for weeks.", by=world.officer)
    reopen_case(case=case, text="I was in hospital")
    case.refresh_from_db()
    assert case.due_at is not None
    assert set(Clock.objects.open().values_list("state", flat=True)) == {ClockState.RUNNING}


def test_a_referral_is_paused_only_once_the_authority_accepts_it(world: World) -> None:
    case = open_case(world)
    referral = work.refer_case(case=case, authority=world.authority, text="Please answer", by=world.officer)
    assert Clock.objects.get(metric=Metric.RESOLUTION).state == ClockState.RUNNING
    assert Clock.objects.get(metric=Metric.FIRST_REPLY).state == ClockState.STOPPED
    work.accept_referral(referral=referral, by=world.officer)
    assert Clock.objects.get(metric=Metric.RESOLUTION).state == ClockState.PAUSED
    with pytest.raises(Conflict):
        work.accept_referral(referral=referral, by=world.officer)
    work.end_referral(referral=referral, text="They have repaired it.", by=world.officer)
    case.refresh_from_db()
    referral.refresh_from_db()
    assert (case.state, referral.state) == (State.ANSWERED, ReferralState.ANSWERED)
    assert not Pause.objects.open().exists()
    assert OutgoingMail.objects.filter(template="feedback/reply").count() == 1


def test_an_unrouted_case_referred_and_sent_back_goes_to_the_call_centre_with_a_promise(world: World) -> None:
    case = submitted(world, kind=Kind.SUGGESTION).case
    referral = work.refer_case(case=case, authority=world.authority, text="Yours", by=world.triager)
    assert not Clock.objects.open().exists()
    work.take_back(referral=referral, by=world.triager)
    case.refresh_from_db()
    assert case.unit == world.call_centre
    assert case.due_at is not None
    assert list(Clock.objects.open().values_list("metric", flat=True)) == [Metric.RESOLUTION]


def test_a_withdrawn_case_cannot_be_accepted_by_an_authority_any_more(world: World) -> None:
    case = open_case(world)
    referral = work.refer_case(case=case, authority=world.authority, text="Yours", by=world.officer)
    withdraw_case(case=case)
    with pytest.raises(Conflict):
        work.accept_referral(referral=referral, by=world.officer)
    assert not Pause.objects.exists()


def test_removing_needs_a_published_ground_and_tells_the_author_which(world: World) -> None:
    case = open_case(world, language="en")
    work.remove_case(case=case, ground=Ground.DEFAMATION, text="We took it away.", by=world.officer)
    mail = OutgoingMail.objects.get(template="feedback/finished")
    with in_language("en"):
        assert str(Ground.DEFAMATION.label) in mail.text
    assert set(Clock.objects.filter(metric=Metric.RESOLUTION).values_list("state", flat=True)) == {ClockState.CANCELLED}


def test_closing_needs_a_text(world: World) -> None:
    from django.db import IntegrityError

    case = open_case(world)
    with pytest.raises(IntegrityError):
        work.close_case(case=case, text="", by=world.officer)


def test_closing_an_answered_case_keeps_how_its_promises_went(world: World) -> None:
    case = open_case(world)
    work.reply_to_case(case=case, text="Done", by=world.officer)
    before = list(Clock.objects.values())
    work.close_case(case=case, text="No more to do", by=world.officer)
    assert list(Clock.objects.values()) == before


def test_a_claim_holds_until_it_runs_out(world: World) -> None:
    case = open_case(world)
    work.claim_case(case=case, by=world.officer)
    with pytest.raises(Conflict):
        work.claim_case(case=Case.objects.get(pk=case.pk), by=world.colleague)
    Case.objects.filter(pk=case.pk).update(assigned_until=timezone.now() - timedelta(seconds=1))
    work.claim_case(case=Case.objects.get(pk=case.pk), by=world.colleague)
    case.refresh_from_db()
    assert case.holder == world.colleague


def test_of_many_who_claim_a_case_at_once_one_has_it(transactional_db: None) -> None:
    world = build_world()
    case = open_case(world)
    people = [world.officer, world.colleague, world.lead, world.head]
    results = at_once(4, lambda n: work.claim_case(case=Case.objects.get(pk=case.pk), by=people[n]))
    assert sum(isinstance(result, Conflict) for result in results) == 3


def test_assigning_for_good_is_not_undone_by_a_reply_of_somebody_else(world: World) -> None:
    case = open_case(world)
    work.assign_case(case=case, to=world.colleague, by=world.lead)
    work.reply_to_case(case=case, text="News", by=world.officer, is_final=False)
    case.refresh_from_db()
    assert (case.assignee, case.assigned_until) == (world.colleague, None)


def test_a_note_is_internal_and_mailed_to_nobody(world: World) -> None:
    case = open_case(world)
    count = OutgoingMail.objects.count()
    note = work.add_note(case=case, text="He called twice.", by=world.officer)
    assert note.is_internal
    assert OutgoingMail.objects.count() == count


def test_another_priority_brings_its_own_promise_and_keeps_the_start(world: World) -> None:
    from portal.clocks.models import Policy

    Policy.objects.create(
        subject_kind="feedback.case", kind="", priority=Priority.HIGH, metric=Metric.RESOLUTION, minutes=60
    )
    case = open_case(world, kind=Kind.SUGGESTION)
    before = Clock.objects.get(metric=Metric.RESOLUTION)
    work.set_priority(case=case, priority=Priority.HIGH, by=world.lead)
    after = Clock.objects.get(metric=Metric.RESOLUTION)
    case.refresh_from_db()
    assert (after.minutes, after.started_at) == (60, before.started_at)
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at < before.due_at
    assert case.due_at == after.due_at
    assert case.queue_rank == case.rank()


def test_public_safety_is_confirmed_by_a_named_person_with_a_reason_for_corrections_only(world: World) -> None:
    complaint = open_case(world)
    with pytest.raises(Conflict):
        work.confirm_safety(case=complaint, reason="Danger", by=world.triager)
    with pytest.raises(ValueError, match="confirm_safety"):
        work.set_priority(case=complaint, priority=Priority.SAFETY, by=world.lead)
    correction = open_case(world, kind=Kind.DATA_CORRECTION)
    work.confirm_safety(case=correction, reason="Wrong emergency number", by=world.triager)
    assert correction.safety_confirmed_by == world.triager
    assert Clock.objects.get(subject_id=correction.pk, metric=Metric.FIRST_REPLY).minutes == 4 * 60
    event = AuditEvent.objects.about(correction).get(verb="case.safety_confirmed")
    assert event.actor == world.triager


def test_acting_while_the_sweep_works_on_the_same_cases_never_deadlocks(
    transactional_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    world = build_world()
    cases = [open_case(world) for _number in range(40)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        before = cursor.fetchone()[0]

    def act(number: int) -> None:
        if number == 0:
            for _turn in range(25):
                for pk in Clock.objects.values_list("pk", flat=True):  # one by one: this holds no lock while it waits
                    running = Clock.objects.filter(pk=pk, state=ClockState.RUNNING)
                    running.update(next_action_at=timezone.now() - timedelta(minutes=1))
                sweep()
            return
        for case in cases[number - 1 :: 3]:
            work.claim_case(case=case, by=world.officer)
            work.ask_citizen(case=case, text="Which?", by=world.officer)
            work.reply_to_case(case=case, text="Done", by=world.officer)

    results = at_once(4, act)
    assert results == [None] * 4
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone()[0] == before
    assert Case.objects.filter(state=State.ANSWERED, escalation_level=0, due_at__isnull=True).count() == 40
