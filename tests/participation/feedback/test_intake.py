"""A message comes in: once, whatever happens, and without being lost or leaked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from participation.feedback.actions.intake import AlreadySent, release_case, submit_case
from participation.feedback.actions.moving import Conflict
from participation.feedback.actions.routing import route_waiting
from participation.feedback.models import Case
from participation.feedback.states import Channel, Kind, State
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock, Metric
from portal.mail.models import OutgoingMail
from portal.references import hash_secret
from tests.at_once import at_once
from tests.people import World, build_world, entry, submitted


@pytest.fixture
def shared_world(transactional_db: None) -> World:
    """The world for tests with several database connections, which see only what is committed."""
    return build_world()


@pytest.mark.parametrize(
    "contact", [{"email": "maryam@citizen.example"}, {"email": "", "phone": "+96891234567"}, {"email": ""}]
)
def test_twenty_sendings_of_one_form_make_one_case_and_one_letter(shared_world: World, contact: dict[str, str]) -> None:
    sent = entry(shared_world, **contact)

    results = at_once(20, lambda _number: submit_case(entry=sent, form_token="the-one-form"))
    at_once(4, lambda _number: route_waiting())

    case = Case.objects.get()
    assert {(result.case.pk, result.secret) for result in results} == {(case.pk, results[0].secret)}
    assert [result.is_new for result in results].count(True) == 1
    assert hash_secret(results[0].secret) == case.secret_hash
    assert Clock.objects.filter(metric=Metric.ACKNOWLEDGE).count() == 1
    assert AuditEvent.objects.filter(verb="case.submitted").count() == 1
    assert OutgoingMail.objects.count() == (1 if contact["email"] else 0)


def test_twenty_forms_with_one_text_of_one_sender_make_one_case(shared_world: World) -> None:
    sent = entry(shared_world)

    results = at_once(20, lambda number: submit_case(entry=sent, form_token=f"form-{number}"))

    case = Case.objects.get()
    refused = [result for result in results if isinstance(result, AlreadySent)]
    assert len(refused) == 19
    assert {error.case.reference for error in refused} == {case.reference}


def test_a_form_sent_again_later_shows_the_same_case_and_secret(world: World) -> None:
    sent = entry(world)
    first = submit_case(entry=sent, form_token="form")
    route_waiting()
    again = submit_case(entry=sent, form_token="form")
    assert (again.case.pk, again.secret, again.is_new) == (first.case.pk, first.secret, False)
    assert OutgoingMail.objects.count() == 1


def test_the_same_text_in_another_spelling_was_sent_already(world: World) -> None:
    first = submitted(world, text="أُرِيدُ تجديدَ الرُّخصة رقم ٢٥")
    with pytest.raises(AlreadySent) as caught:
        submitted(world, text="اريد تجديد الرخصه رقم 25", email=" MARYAM@citizen.example")
    assert caught.value.case == first.case


@pytest.mark.parametrize(
    "change",
    [
        {"text": "نص آخر"},
        {"email": "other@citizen.example"},
        {"kind": Kind.INQUIRY},
        {"email": "", "phone": "91234567"},
    ],
)
def test_another_text_sender_or_kind_is_another_case(world: World, change: dict[str, str]) -> None:
    submitted(world, text="نص واحد")
    submitted(world, **{"text": "نص واحد", **change})
    assert Case.objects.count() == 2


def test_the_same_text_is_taken_again_after_a_day(world: World) -> None:
    first = submitted(world, text="نص واحد").case
    Case.objects.filter(pk=first.pk).update(received_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert submitted(world, text="نص واحد").is_new


def test_people_who_leave_no_contact_may_say_the_same_thing(world: World) -> None:
    submitted(world, text="نص واحد", email="")
    submitted(world, text="نص واحد", email="")
    assert Case.objects.count() == 2


def test_nothing_is_promised_before_a_unit_has_the_case(world: World) -> None:
    submitted(world, kind=Kind.SUGGESTION)
    assert list(Clock.objects.values_list("metric", flat=True)) == [Metric.ACKNOWLEDGE]
    assert not OutgoingMail.objects.exists()


def test_the_acknowledgement_names_reference_unit_and_due_time_in_the_language_of_the_form(world: World) -> None:
    for language in ("ar", "en"):
        submitted(world, language=language)
    route_waiting()
    for case in Case.objects.all():
        mail = OutgoingMail.objects.get(about_id=str(case.pk))
        unit = case.unit.name_ar if case.language == "ar" else case.unit.name_en
        local = timezone.localtime(case.due_at)
        assert mail.language == case.language
        assert case.reference in mail.subject
        for body in (mail.text, mail.html):
            assert case.reference in body
            assert unit in body
            assert f"{local.day} " in body
            assert f"{local:%Y}" in body
            assert f"{local:%H:%M}" in body
            assert f"/{case.language}/track/" in body
            assert "/due/" in body


def test_a_suspicion_holds_the_message_and_keeps_its_text(world: World) -> None:
    case = submit_case(entry=entry(world), form_token="fast", suspicion="honeypot").case
    assert case.state == State.SUSPECTED
    assert case.text
    assert route_waiting() == 0
    assert not OutgoingMail.objects.exists()


def test_a_released_message_goes_the_usual_way_once(world: World) -> None:
    case = submit_case(entry=entry(world), form_token="fast", suspicion="honeypot").case
    release_case(case=case, by=world.triager)
    with pytest.raises(Conflict):
        release_case(case=case, by=world.triager)
    assert route_waiting() == 1
    case.refresh_from_db()
    assert case.unit == world.licensing
    assert OutgoingMail.objects.count() == 1


def test_a_message_taken_on_the_telephone_names_who_wrote_it_down(world: World) -> None:
    case = submit_case(entry=entry(world), form_token="call", channel=Channel.PHONE, by=world.triager).case
    assert case.registered_by == world.triager
    assert AuditEvent.objects.about(case).get(verb="case.submitted").actor == world.triager


def test_contacts_are_not_readable_in_the_database(world: World) -> None:
    submitted(world, name="مريم", email="maryam@citizen.example", phone="91234567")
    route_waiting()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(c)::text FROM feedback_case c UNION ALL SELECT to_jsonb(m)::text FROM mail_outgoingmail m"
        )
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert "maryam" not in rows
    assert "مريم" not in rows
    assert "91234567" not in rows


def test_the_audit_trail_holds_nothing_the_citizen_wrote(world: World) -> None:
    submitted(world, name="مريم", text="نص سري جدا", phone="91234567")
    route_waiting()
    trail = " ".join(str(data) for data in AuditEvent.objects.values_list("data", flat=True))
    for private in ("مريم", "سري", "maryam", "91234567"):
        assert private not in trail


def test_a_name_with_newlines_and_markup_does_nothing_in_a_letter(world: World) -> None:
    submitted(world, name="مريم\r\nBcc: everybody@citizen.example\r\n\r\n<b>{{ 7|add:7 }}</b>\u202e")
    route_waiting()
    mail = OutgoingMail.objects.get()
    for part in (mail.subject, mail.text, mail.html):
        assert "everybody" not in part
    assert "\n" not in mail.subject
