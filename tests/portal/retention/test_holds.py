"""A legal hold keeps its subject on every path, and wins against a disposal that runs at the same moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.feedback.actions.work import end_referral, refer_case
from participation.feedback.models import Case, Referral
from participation.surveys.actions.destruction import destroy_due
from participation.surveys.actions.drafts import discard_idle, start_draft
from participation.surveys.models import Answer, Draft, Questionnaire
from portal.attachments.actions import discard_unclaimed
from portal.attachments.models import Attachment
from portal.audit.models import AuditEvent
from portal.feeds import actions as feeds
from portal.feeds import upkeep
from portal.mail.models import OutgoingMail
from portal.retention import disposal, registry
from portal.retention.actions import lift_hold, place_hold
from portal.retention.models import DisposalRun, LegalHold
from portal.staff.models import User
from tests.held import aside, held_open, wait_until_blocked
from tests.people import World, build_world, open_case
from tests.portal.retention.past import DAY, EMAIL, YEARS, a_file, answered, disposed, sent_all
from tests.questionnaires import FULL, cast, closed, make_survey, opened

LONG = 3 * 365 + 1


def hold(world: World, kind: str = "", key: Any = "", **fields: Any) -> LegalHold:
    return place_hold(kind=kind, key=key, reason="File 12/2026", by=world.administrator, **fields)


def is_kept(case: Case) -> bool:
    case.refresh_from_db()
    letters = OutgoingMail.objects.filter(about_id=str(case.pk)).exclude(to="")
    return case.email == EMAIL and case.messages.count() == 4 and case.disposed_at is None and letters.exists()


@pytest.mark.parametrize("scope", ["case", "unit", "organisation", "everything"])
def test_nothing_of_its_subject_goes_and_everything_else_does(world: World, scope: str) -> None:
    case, other = answered(world), answered(world, email="other@citizen.example", kind="inquiry")
    Case.objects.filter(pk=other.pk).update(unit=world.other_unit)
    key = {"case": case.pk, "unit": world.licensing.pk, "organisation": world.ministry.pk}
    label = {"case": "feedback.case", "unit": "organisations.unit", "organisation": "organisations.organisation"}
    hold(world, label.get(scope, ""), key.get(scope, ""))
    disposed(days=LONG)
    assert is_kept(case)
    other.refresh_from_db()
    assert (other.disposed_at is None) == (scope == "everything")
    assert DisposalRun.objects.get(rule="feedback.text").held == (2 if scope == "everything" else 1)


def test_a_hold_on_an_organisation_keeps_what_was_referred_to_it(world: World) -> None:
    case, other = open_case(world, email=EMAIL), answered(world)
    referral = refer_case(case=case, authority=world.authority, text="Please see to it.", by=world.officer)
    end_referral(referral=referral, text="Done.", by=world.officer)
    Referral.objects.create(case=case, authority=world.authority, text="And to this.", state="answered")
    sent_all()
    kept = hold(world, "organisations.organisation", world.authority.pk)
    disposed(days=LONG)
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.email, case.disposed_at) == (EMAIL, None)
    assert not Referral.objects.filter(text="").exists()
    assert OutgoingMail.objects.filter(about_id=str(case.pk)).exclude(to="").exists()
    assert other.disposed_at is not None
    runs = DisposalRun.objects.filter(rule__in=["feedback.contact", "feedback.text"])
    assert list(runs.values_list("held", flat=True)) == [1, 1]
    lift_hold(hold=kept, by=world.lead)
    disposed(days=LONG)
    case.refresh_from_db()
    assert case.disposed_at is not None


def test_lifted_or_over_it_keeps_nothing(world: World) -> None:
    case = answered(world)
    lifted = hold(world, "feedback.case", case.pk)
    until = hold(world, "feedback.case", case.pk, until=timezone.now() + DAY)
    assert lift_hold(hold=lifted, by=world.lead)
    assert not lift_hold(hold=lifted, by=world.lead)
    disposed(days=LONG)
    assert is_kept(case)
    LegalHold.objects.filter(pk=until.pk).update(placed_at=timezone.now() - 2 * DAY, until=timezone.now() - DAY)
    disposed(days=LONG)
    case.refresh_from_db()
    assert case.disposed_at is not None


def test_placing_and_lifting_are_in_the_trail(world: World) -> None:
    row = hold(world, "feedback.case", 7)
    lift_hold(hold=row, by=world.lead)
    events = AuditEvent.objects.about(row)
    assert [event.verb for event in events] == ["legal_hold.placed", "legal_hold.lifted"]
    assert [event.actor for event in events] == [world.administrator, world.lead]
    assert events[0].data == {"kind": "feedback.case", "key": "7"}


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"subject_kind": "feedback.case"}, {"subject_id": "7"}, {"lifted_at": timezone.now()},
     {"until": timezone.now() - YEARS}],
)  # fmt: skip
def test_the_database_refuses_a_hold_that_is_not_whole(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(**{"reason": "x", "placed_by": world.lead, **wrong})


def test_answers_of_a_survey_stay_and_so_do_those_saved_for_later(world: World) -> None:
    survey = opened(make_survey(world))
    cast(survey, **FULL)
    start_draft(questionnaire=survey, language="ar")
    closed(survey, days=181)
    kept = hold(world, "surveys.questionnaire", survey.pk)
    assert destroy_due() == 0
    assert discard_idle() == 0
    assert Answer.objects.exists()
    assert Draft.objects.exists()
    lift_hold(hold=kept, by=world.lead)
    assert discard_idle() == 1
    assert destroy_due() == 1
    assert not Answer.objects.exists()


def test_a_hold_on_the_organisation_a_survey_is_for_keeps_its_answers(world: World) -> None:
    survey = make_survey(world, on_behalf_of=world.authority, consent_ar="موافق", consent_en="I agree")
    rows = Questionnaire.objects.filter(pk=survey.pk)
    with transaction.atomic():
        assert registry.unheld(rows).exists()
        hold(world, "organisations.organisation", world.authority.pk)
        assert not registry.unheld(rows).exists()


@pytest.mark.django_db
def test_a_hold_on_everything_keeps_uploads_requests_and_letters_that_others_tidy_up(world: World) -> None:
    kept = hold(world)
    a_file()
    Attachment.objects.update(created_at=timezone.now() - 9 * DAY)
    feeds.request_subscription(email=EMAIL, language="en", topics=["news"])
    later = timezone.now() + timedelta(days=8)
    assert discard_unclaimed() == 0
    assert upkeep.discard_requests(later) == 0
    lift_hold(hold=kept, by=world.lead)
    assert discard_unclaimed() == 1
    assert upkeep.discard_requests(later) == 1


def test_a_hold_on_a_message_keeps_its_part_of_the_trail(world: World) -> None:
    case, other = answered(world), answered(world, kind="inquiry")
    hold(world, "feedback.case", case.pk)
    disposed(days=11 * 365)
    assert AuditEvent.objects.about(case).filter(verb="case.submitted").exists()
    assert not AuditEvent.objects.about(other).filter(verb="case.submitted").exists()


def test_holds_are_asked_only_in_the_transaction_that_disposes(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        registry.unheld(Case.objects.all())


def test_a_hold_being_placed_while_the_disposal_begins_wins(transactional_db: None) -> None:
    world = build_world()
    case = answered(world)
    later = timezone.now() + LONG * DAY

    def place() -> None:
        place_hold(kind="feedback.case", key=case.pk, reason="x", by=User.objects.get(pk=world.lead.pk))

    with held_open(place):
        running = aside(lambda: disposal.dispose_due(later))
        wait_until_blocked()
    assert running.result(30)
    assert is_kept(case)
    assert DisposalRun.objects.get(rule="feedback.contact").held == 1


def test_a_hold_waits_for_the_batch_under_way_and_keeps_what_is_left(transactional_db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(disposal, "BATCH", 1)
    world = build_world()
    first, second = answered(world), answered(world, kind="inquiry", text="Another one")
    later = timezone.now() + LONG * DAY

    def one_batch() -> None:
        rows = registry.unheld(Case.objects.disposable(later - YEARS)).order_by("pk")
        assert [row.pk for row in rows[:1]] == [first.pk]
        rule = next(rule for rule in disposal.obeyed() if rule.key == "feedback.text")
        assert rule.dispose is not None
        rule.dispose(Case.objects.filter(pk=first.pk))

    with held_open(one_batch):
        placing = aside(lambda: place_hold(reason="x", by=User.objects.get(pk=world.lead.pk)))
        wait_until_blocked()
        assert not LegalHold.objects.exists()
    assert placing.result(30).is_active
    assert disposal.dispose_due(later)
    assert is_kept(second)
    first.refresh_from_db()
    assert first.disposed_at is not None
