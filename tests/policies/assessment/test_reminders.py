"""Organisations are reminded of the deadline before and after it, each once, and only at work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policies.assessment import actions
from policies.assessment.asking import move_deadline
from policies.assessment.models import Assessment, IndicatorSet, Reminder
from policies.assessment.reminding import remind
from policies.assessment.tasks import remind as remind_task
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Organisation
from portal.staff.models import User
from portal.working_days.actions import ensure_default_calendar
from tests.at_once import at_once
from tests.office_hours import at
from tests.people import World
from tests.policies.assessment.conftest import assessment_of, fill_in, make_set

pytestmark = pytest.mark.django_db


def due(world: World, day: date) -> IndicatorSet:
    """A year that is to be submitted by that day; only the ministry has not."""
    ensure_default_calendar()
    asked = make_set(world, 2029)
    move_deadline(indicator_set=asked, closes_on=day, by=world.administrator)
    other = Assessment.objects.exclude(organisation=world.ministry).get()
    fill_in(other, world.administrator)
    actions.submit_assessment(assessment=other, by=world.administrator)
    return asked


def told() -> list[tuple[str, str]]:
    return [(mail.to, mail.language) for mail in OutgoingMail.objects.order_by("id")]


def test_who_leads_is_told_once_before_and_once_after(world: World, lead: User, officer: User) -> None:
    due(world, at("tue 12:00", week=2).date())
    assert remind(at("mon 10:00")) == 0
    assert remind(at("tue 03:00")) == 0
    assert remind(at("tue 10:00")) == 1
    assert remind(at("wed 10:00")) == 0
    assert told() == [("bader@staff.example", "en")]
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Due soon: e-transformation assessment, Ministry 2029"
    assert "/admin/assessment/assessment/" in mail.text
    assert remind(at("tue 10:00", week=2)) == 0
    assert remind(at("wed 10:00", week=2)) == 1
    assert remind(at("thu 10:00", week=2)) == 0
    assert [row.kind for row in Reminder.objects.order_by("id")] == ["soon", "overdue"]
    assert OutgoingMail.objects.order_by("id").last().subject.startswith("Overdue: ")


def test_a_deadline_that_moved_is_told_of_anew(world: World, lead: User) -> None:
    asked = due(world, at("tue 12:00").date())
    assert remind(at("mon 10:00")) == 1
    move_deadline(indicator_set=asked, closes_on=asked.closes_on + timedelta(days=3), by=world.administrator)
    assert remind(at("tue 10:00")) == 1


def test_nobody_is_reminded_of_what_was_submitted(world: World, lead: User) -> None:
    asked = due(world, at("tue 12:00").date())
    mine = fill_in(assessment_of(asked, world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)
    assert remind(at("wed 10:00")) == 0


def test_without_anybody_entrusted_the_organisation_is_told(world: World) -> None:
    due(world, at("tue 12:00").date())
    assert remind(at("mon 10:00")) == 0
    Organisation.objects.filter(pk=world.ministry.pk).update(email="office@ministry.example")
    assert remind(at("mon 10:00")) == 1
    assert told() == [("office@ministry.example", "ar")]
    assert 'dir="rtl"' in OutgoingMail.objects.get().html


def test_officers_are_not_told(world: World, officer: User) -> None:
    due(world, at("tue 12:00").date())
    assert Membership.objects.filter(user=officer, role="officer").exists()
    assert remind(at("mon 10:00")) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(world: World, lead: User) -> None:
    due(world, at("tue 12:00").date())
    assert sum(at_once(3, lambda _n: remind(at("mon 10:00")))) == 1
    assert OutgoingMail.objects.count() == 1


def test_the_task_runs_the_sweep(world: World) -> None:
    make_set(world, days=300)
    assert remind_task() == 0
