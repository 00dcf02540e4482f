"""The audit trail: with the act or not at all, in words, and about nobody's private matters."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from participation.feedback.actions import work
from participation.feedback.actions.citizen import hear_citizen, reopen_case
from participation.feedback.actions.moving import Conflict
from participation.feedback.states import Kind
from portal.audit.actions import record, record_many
from portal.audit.models import AuditEvent
from portal.bilingual import in_language
from tests.people import World, open_case

PRIVATE = ["Maryam", "maryam@citizen.example", "91234567", "my neighbour", "the secret answer"]


def full_life(world: World) -> None:
    case = open_case(
        world, kind=Kind.DATA_CORRECTION, name="Maryam", phone="91234567", text="About my neighbour", language="en"
    )
    work.claim_case(case=case, by=world.officer)
    work.confirm_safety(case=case, reason="the secret answer", by=world.triager)
    work.ask_citizen(case=case, text="the secret answer?", by=world.officer)
    hear_citizen(case=case, text="the secret answer!", form_token="t")
    work.add_note(case=case, text="the secret answer", by=world.officer)
    work.reply_to_case(case=case, text="the secret answer", by=world.officer)
    reopen_case(case=case, text="not the secret answer")
    referral = work.refer_case(case=case, authority=world.authority, text="the secret answer", by=world.officer)
    work.accept_referral(referral=referral, by=world.officer)
    work.end_referral(referral=referral, text="the secret answer", by=world.officer)


def test_a_whole_life_leaves_a_trail_in_words_of_both_languages_and_nothing_private(world: World) -> None:
    full_life(world)
    events = AuditEvent.objects.all()
    assert events.count() >= 12
    for event in events:
        for language in ("ar", "en"):
            with in_language(language):
                assert event.verb_label != event.verb
        for private in PRIVATE:
            assert private not in str(event.data)


def test_a_refused_act_leaves_no_trail(world: World) -> None:
    case = open_case(world)
    before = AuditEvent.objects.count()
    with pytest.raises(Conflict):
        work.reply_to_case(case=case, text="x", by=world.officer, version=0)
    assert AuditEvent.objects.count() == before


def test_what_is_rolled_back_was_never_recorded(world: World) -> None:
    before = AuditEvent.objects.count()
    with transaction.atomic():
        record(verb="case.note", subject=world.topic, by=world.officer)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == before


def test_the_system_is_named_by_nobody(world: World) -> None:
    record(verb="case.route", subject=world.topic)
    record_many(verb="case.exported", subjects=[world.topic], by=world.lead, data=[{"rows": 1}])
    actors = AuditEvent.objects.order_by("pk").values_list("verb", "actor")
    assert list(actors)[-2:] == [("case.route", None), ("case.exported", world.lead.pk)]


def test_an_event_without_a_verb_is_refused(world: World) -> None:
    with pytest.raises(IntegrityError):
        record(verb="", subject=world.topic)
