"""The unit is reminded before a promise falls due and once it is late; each once, and only at work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.outcomes.actions import change_status
from participation.outcomes.models import Commitment, Reminder
from participation.outcomes.reminding import remind
from participation.outcomes.tasks import remind as remind_task
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit
from portal.staff.models import User
from portal.working_days.actions import announce_closure
from portal.working_days.models import Calendar
from tests.at_once import at_once
from tests.office_hours import at
from tests.participation.outcomes.conftest import make, published
from tests.people import World

pytestmark = pytest.mark.django_db
BEFORE = at("sun 08:00", week=-3)


def due(world: World, when: str, slug: str = "promise", **fields: Any) -> Commitment:
    """A promise of licensing that falls due on that day of the week of 6 January 2030."""
    return published(world, slug, due_on=at(when).date(), at=BEFORE, **fields)


def told() -> list[tuple[str, str]]:
    return [(mail.to, mail.language) for mail in OutgoingMail.objects.order_by("id")]


def test_the_lead_is_told_seven_days_before(world: World) -> None:
    due(world, "tue 12:00")
    assert remind(at("mon 10:00", week=-1)) == 0
    assert remind(at("tue 08:00", week=-1)) == 1
    assert told() == [("layla@staff.example", "en")]
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Due soon: Longer hours promise"
    assert "/admin/outcomes/commitment/" in mail.text
    assert "/admin/outcomes/commitment/" in mail.html


def test_lead_and_head_are_told_on_the_first_working_day_it_is_overdue(world: World) -> None:
    due(world, "thu 12:00")
    remind(at("thu 08:00", week=-1))
    OutgoingMail.objects.all().delete()
    for quiet in ("thu 10:00", "fri 10:00", "sat 10:00"):
        assert remind(at(quiet)) == 0
    assert remind(at("sun 07:00", week=1)) == 0
    assert remind(at("sun 07:30", week=1)) == 1
    assert [to for to, _language in told()] == ["layla@staff.example", "hilal@staff.example"]
    assert OutgoingMail.objects.first().subject.startswith("Overdue: ")


def test_each_is_told_once(world: World) -> None:
    due(world, "tue 12:00")
    for when in ("mon 08:00", "mon 09:00", "tue 10:00", "wed 08:00", "wed 09:00", "thu 09:00"):
        remind(at(when))
    assert [row.kind for row in Reminder.objects.order_by("id")] == ["soon", "overdue"]
    assert Reminder.objects.get(kind="overdue").recipients == 2
    assert OutgoingMail.objects.count() == 3


def test_it_waits_for_the_end_of_a_holiday(world: World) -> None:
    due(world, "sun 12:00")
    day = at("mon 08:00").date()
    announce_closure(
        calendar=Calendar.objects.default(), name_ar="إجازة", name_en="Holiday", first_day=day, last_day=day,
        status="confirmed", by=world.administrator,
    )  # fmt: skip
    remind(at("sun 08:00"))
    assert remind(at("mon 10:00")) == 0
    assert remind(at("tue 10:00")) == 1


@pytest.mark.parametrize("status", ["kept", "partly_kept", "not_kept"])
def test_nobody_is_reminded_of_what_is_settled(world: World, status: str) -> None:
    commitment = due(world, "tue 12:00")
    change_status(commitment=commitment, by=world.lead, status=status, note_ar="انتهى.", note_en="Over.", at=BEFORE)
    assert remind(at("wed 10:00")) == 0


def test_nobody_is_reminded_of_a_draft(world: World) -> None:
    make(world, "draft", due_on=at("tue 12:00").date())
    assert remind(at("wed 10:00")) == 0


def test_a_date_that_moved_is_told_of_anew(world: World) -> None:
    commitment = due(world, "tue 12:00")
    assert remind(at("mon 10:00")) == 1
    later = at("tue 12:00", week=4).date()
    notes = {"note_ar": "تأجّل.", "note_en": "Put off."}
    change_status(commitment=commitment, by=world.lead, status="promised", due_on=later, at=BEFORE, **notes)
    assert remind(at("wed 10:00")) == 0
    assert remind(at("tue 10:00", week=3)) == 1
    assert Reminder.objects.filter(kind="soon").count() == 2


def test_officers_are_told_where_nobody_leads_and_else_the_unit_itself(world: World) -> None:
    Membership.objects.exclude(role=Role.OFFICER).delete()
    due(world, "tue 12:00", "first")
    remind(at("mon 10:00"))
    assert {to for to, _language in told()} == {"omar@staff.example", "khalid@staff.example"}
    OutgoingMail.objects.all().delete()
    Membership.objects.all().delete()
    due(world, "tue 12:00", "second")
    assert remind(at("mon 10:00")) == 0
    assert not Reminder.objects.filter(commitment__slug="second").exists()
    Unit.objects.filter(pk=world.licensing.pk).update(email="licensing@unit.example")
    assert remind(at("mon 11:00")) == 1
    assert told() == [("licensing@unit.example", "ar")]


def test_the_letter_is_in_the_language_of_its_reader(world: World) -> None:
    User.objects.filter(pk=world.lead.pk).update(language="ar")
    due(world, "tue 12:00")
    remind(at("mon 10:00"))
    mail = OutgoingMail.objects.get()
    assert "تمديد ساعات العمل" in mail.subject
    assert 'dir="rtl"' in mail.html


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(world: World) -> None:
    for number in range(4):
        due(world, "tue 12:00", f"promise-{number}")
    given = at_once(4, lambda _number: remind(at("mon 10:00")))
    assert sum(given) == 4
    assert Reminder.objects.count() == OutgoingMail.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_told_leaves_no_row_and_holds_up_no_other(world: World) -> None:
    due(world, "tue 12:00", "broken", unit=world.other_unit)
    due(world, "tue 12:00", "whole")
    Membership.objects.filter(unit=world.other_unit).update(role=Role.LEAD)
    User.objects.filter(pk=world.outsider.pk).update(email="x" * 200 + "@staff.example", language="zz")
    assert remind(at("mon 10:00")) == 1
    assert [row.commitment.slug for row in Reminder.objects.all()] == ["whole"]
    assert told() == [("layla@staff.example", "en")]


def test_the_task_runs_the_sweep(world: World) -> None:
    published(world, "long", due_on=timezone.localdate() + timedelta(days=300))
    assert remind_task() == 0


def test_it_asks_as_often_for_three_as_for_one_when_nothing_is_due(
    world: World, django_assert_num_queries: Any
) -> None:
    due(world, "tue 12:00", "one")
    with django_assert_num_queries(2):
        remind(at("sun 10:00", week=-2))
    due(world, "tue 12:00", "two")
    due(world, "tue 12:00", "three")
    with django_assert_num_queries(2):
        remind(at("sun 10:00", week=-2))
