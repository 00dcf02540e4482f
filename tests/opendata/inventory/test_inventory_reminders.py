"""Leads are told of reviews due and late releases, of each due day once, and only at work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opendata.inventory.actions.steps import redact_title, schedule
from opendata.inventory.models import Asset, Reminder
from opendata.inventory.reminding import remind
from opendata.inventory.tasks import remind as remind_task
from portal.mail.models import OutgoingMail
from portal.staff.models import User
from portal.working_days.actions import ensure_default_calendar
from tests.at_once import at_once
from tests.office_hours import at
from tests.opendata.inventory.conftest import asset, scheduled, withheld
from tests.people import World

pytestmark = pytest.mark.django_db
TUESDAY = at("tue 12:00").date()


def late(world: World) -> Asset:
    ensure_default_calendar()
    return scheduled(world, TUESDAY)


def test_leads_are_told_once_of_each_day_that_is_due(world: World, steward: User, clerk: User) -> None:
    found = late(world)
    assert remind(at("tue 10:00")) == 0
    assert remind(at("wed 03:00")) == 0
    assert remind(at("wed 10:00")) == 1
    assert remind(at("wed 10:30")) == 0
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.language, mail.subject) == (
        "nadia@staff.example", "en", f"Planned release late: {found.title_en}")  # fmt: skip
    assert f"/admin/inventory/asset/{found.pk}/change/" in mail.text
    schedule(asset=found, by=steward, release_on=TUESDAY + timedelta(days=7))
    assert remind(at("wed 10:00", week=1)) == 1
    assert [(row.kind, row.recipients) for row in Reminder.objects.order_by("id")] == [("late", 1), ("late", 1)]


def test_they_are_told_of_a_decision_to_look_at_again_without_a_hidden_title(world: World, steward: User) -> None:
    ensure_default_calendar()
    found = withheld(world, code="W-1", title_en="Blue submarine")
    Asset.objects.filter(pk=found.pk).update(review_on=TUESDAY)
    redact_title(asset=found, by=steward, ground="security")
    asset(world)
    assert remind(at("mon 10:00")) == 0
    assert remind(at("tue 10:00")) == 1
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Decision to look at again: W-1"
    assert "submarine" not in mail.text + mail.html + mail.subject


def test_nobody_to_tell_means_not_told_yet(world: World) -> None:
    late(world)
    assert remind(at("wed 10:00")) == 0
    world.licensing.email = "licensing@ministry.example"
    world.licensing.save()
    assert remind(at("wed 10:00")) == 1
    assert OutgoingMail.objects.get().to == "licensing@ministry.example"
    assert remind_task() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once(world: World, steward: User) -> None:
    late(world)
    assert sum(at_once(4, lambda _number: remind(at("wed 10:00")))) == 1
    assert OutgoingMail.objects.count() == 1
