"""Before its time something goes only when one person asks and another agrees, and nothing keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from participation.feedback.actions.citizen import reopen_case
from participation.feedback.models import Case
from portal.audit.models import AuditEvent
from portal.mail.actions import send_waiting
from portal.mail.models import MailState, OutgoingMail
from portal.retention import disposal
from portal.retention.actions import Refused, decide_early_disposal, lift_hold, place_hold, request_early_disposal
from portal.retention.models import Decision, DisposalRun, EarlyDisposal, Ground
from portal.retention.tasks import carry_out, carry_out_approved, dispose
from tests.at_once import at_once
from tests.held import held_open
from tests.people import World, build_world, open_case, staff
from tests.portal.retention.past import YEARS, answered

pytestmark = pytest.mark.django_db


def asked(world: World, case: Case) -> EarlyDisposal:
    return request_early_disposal(kind="feedback.case", key=case.pk, ground=Ground.PERSON, by=world.lead)


def approved(world: World, case: Case) -> EarlyDisposal:
    early = asked(world, case)
    assert decide_early_disposal(early=early, decision=Decision.APPROVED, by=world.head)
    return early


def test_two_people_let_a_message_go_with_its_letters_and_nothing_else(world: World) -> None:
    case, other = answered(world), answered(world, kind="inquiry", email="other@citizen.example")
    early = approved(world, case)
    assert carry_out(early.pk)
    case.refresh_from_db()
    other.refresh_from_db()
    early.refresh_from_db()
    assert case.disposed_at is not None
    assert early.done_at is not None
    assert not OutgoingMail.objects.filter(about_id=str(case.pk)).exclude(to="").exists()
    assert OutgoingMail.objects.filter(about_id=str(other.pk)).exclude(to="").exists()
    assert other.email
    assert dict(DisposalRun.objects.filter(early=early).values_list("rule", "rows"))["feedback.text"] == 1
    assert AuditEvent.objects.about(case).filter(verb="case.submitted").exists()
    assert not carry_out(early.pk)


def test_the_one_who_asked_does_not_decide(world: World) -> None:
    early = asked(world, answered(world))
    with pytest.raises(Refused):
        decide_early_disposal(early=early, decision=Decision.APPROVED, by=world.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlyDisposal.objects.filter(pk=early.pk).update(
            decision=Decision.APPROVED, decided_by=world.lead, decided_at=timezone.now()
        )


@pytest.mark.parametrize(
    "wrong",
    [{"subject_kind": ""}, {"ground": "whim"}, {"decision": "approved"}, {"done_at": timezone.now()}],
)  # fmt: skip
def test_the_database_refuses_a_request_that_is_not_whole(world: World, wrong: dict[str, Any]) -> None:
    values = {"subject_kind": "feedback.case", "subject_id": "1", "ground": Ground.ORDER, "requested_by": world.lead}
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlyDisposal.objects.create(**{**values, **wrong})


def test_an_unfinished_message_cannot_be_asked_for(world: World) -> None:
    with pytest.raises(Refused):
        asked(world, open_case(world))


def test_it_is_asked_for_once(world: World) -> None:
    case = answered(world)
    asked(world, case)
    with pytest.raises(Refused):
        asked(world, case)


def test_what_was_refused_stays_and_may_be_asked_for_again(world: World) -> None:
    case = answered(world)
    early = asked(world, case)
    assert decide_early_disposal(early=early, decision=Decision.REFUSED, by=world.head)
    assert not decide_early_disposal(early=early, decision=Decision.APPROVED, by=world.head)
    assert not disposal.carry_out_approved()
    case.refresh_from_db()
    assert case.text
    assert asked(world, case)


def test_a_hold_keeps_it_and_it_goes_when_the_hold_ends(world: World) -> None:
    case = answered(world)
    early = approved(world, case)
    kept = place_hold(kind="feedback.case", key=case.pk, reason="x", by=world.administrator)
    assert not carry_out(early.pk)
    case.refresh_from_db()
    assert case.text
    assert case.email
    lift_hold(hold=kept, by=world.administrator)
    assert dispose()
    case.refresh_from_db()
    assert case.disposed_at is not None


def test_a_message_reopened_meanwhile_stays_whole(world: World) -> None:
    case = answered(world)
    early = approved(world, case)
    reopen_case(case=case, text="Not solved.")
    assert not carry_out(early.pk)
    case.refresh_from_db()
    assert case.email
    assert OutgoingMail.objects.filter(about_id=str(case.pk)).exclude(to="").exists()
    assert not EarlyDisposal.objects.get().done_at


def test_the_account_of_somebody_who_left_loses_its_name(world: World) -> None:
    leaver = staff("leaver", world.licensing)
    with pytest.raises(Refused):
        request_early_disposal(kind="staff.user", key=leaver.pk, ground=Ground.PERSON, by=world.lead)
    leaver.is_active = False
    leaver.save()
    early = request_early_disposal(kind="staff.user", key=leaver.pk, ground=Ground.PERSON, by=world.lead)
    decide_early_disposal(early=early, decision=Decision.APPROVED, by=world.head)
    assert carry_out(early.pk)
    leaver.refresh_from_db()
    assert (leaver.username, leaver.email, leaver.name_en) == (f"former-{leaver.pk}", "", "")
    assert not leaver.has_usable_password()


def test_neither_the_request_nor_the_trail_says_anything_of_the_person(world: World) -> None:
    from tests.portal.retention.past import TRACES

    case = answered(world)
    early = approved(world, case)
    carry_out(early.pk)
    told = [str(row) for row in (*EarlyDisposal.objects.values(), *DisposalRun.objects.values())]
    told += [str(event) for event in AuditEvent.objects.values()]
    assert not [line for line in told for trace in TRACES if trace in line]
    assert [event.verb for event in AuditEvent.objects.about(early)] == [
        "early_disposal.requested", "early_disposal.approved", "early_disposal.done",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_several_workers_carry_it_out_once() -> None:
    world = build_world()
    early = approved(world, answered(world))
    done = at_once(4, lambda _number: carry_out(early.pk))
    assert sorted(done) == [False, False, False, True]


def test_letters_about_it_that_still_wait_go_too_and_are_never_sent(world: World) -> None:
    case, other = answered(world), answered(world, kind="inquiry", email="other@citizen.example")
    OutgoingMail.objects.update(state=MailState.WAITING, sent_at=None)
    assert carry_out(approved(world, case).pk)
    assert not OutgoingMail.objects.filter(about_id=str(case.pk)).exists()
    assert OutgoingMail.objects.filter(about_id=str(other.pk)).exists()
    assert send_waiting()
    assert {letter.to[0] for letter in mail.outbox} == {"other@citizen.example"}


@pytest.mark.django_db(transaction=True)
def test_while_somebody_has_a_part_of_it_in_hand_nothing_goes_and_it_is_tried_again() -> None:
    world = build_world()
    case = answered(world)
    early = approved(world, case)
    with held_open(lambda: list(OutgoingMail.objects.select_for_update().filter(about_id=str(case.pk))[:1])):
        assert not carry_out(early.pk)
    case.refresh_from_db()
    early.refresh_from_db()
    assert case.text
    assert case.attachments.count() == 2
    assert early.done_at is None
    assert not DisposalRun.objects.exists()
    assert carry_out_approved() == 1
    assert not OutgoingMail.objects.filter(about_id=str(case.pk)).exclude(to="").exists()


def never_emptied(case: Case) -> None:
    """Let the database refuse to empty a message; in its words it then quotes the row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE feedback_case ADD CONSTRAINT stuck CHECK (id <> %s OR text <> '')", [case.pk])


def test_one_that_fails_stops_neither_the_next_nor_the_night_and_nothing_of_the_row_is_logged(
    world: World, caplog: Any
) -> None:
    stuck, next_one, old = (answered(world, text=f"Message {number}") for number in range(3))
    for case in (stuck, next_one):
        approved(world, case)
    Case.objects.filter(pk=old.pk).update(finished_at=timezone.now() - 4 * YEARS)
    never_emptied(stuck)
    assert not carry_out(EarlyDisposal.objects.get(subject_id=str(stuck.pk)).pk)
    assert dispose()
    gone = Case.objects.filter(disposed_at__isnull=False)
    assert set(gone) == {next_one, old}
    assert EarlyDisposal.objects.to_do().get().subject_id == str(stuck.pk)
    assert "IntegrityError" in caplog.text
    assert "Failing row" not in caplog.text
    assert stuck.reference not in caplog.text


def test_what_no_message_told_of_is_found_every_minute(world: World, settings: Any) -> None:
    case = answered(world)
    approved(world, case)
    (job,) = [job for job in settings.CELERY_BEAT_SCHEDULE.values() if job["task"] == carry_out_approved.name]
    assert job["schedule"] <= 60
    assert carry_out_approved() == 1
    assert carry_out_approved() == 0
    case.refresh_from_db()
    assert case.disposed_at is not None
