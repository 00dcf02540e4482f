"""Reviews that are due: the unit is told once for each day, within its hours, and a review sets the next day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from policies.pages.actions.reviewing import confirm_policy
from policies.pages.models import Policy, ReviewReminder
from policies.pages.months import months_after
from policies.pages.reminding import due_for_review, remind_reviews
from policies.pages.tasks import remind_reviews as task
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.policies.pages.conftest import fresh

pytestmark = pytest.mark.django_db


def a_working_morning(day: date) -> datetime:
    """Ten o'clock of that day, or of the next that is worked."""
    while day.weekday() in (4, 5):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10)


@pytest.fixture
def due(policy) -> datetime:
    """A working moment soon after the review of the policy, and of no other with a unit, was due."""
    return a_working_morning(months_after(timezone.localdate(), 12) + timedelta(days=2))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-15", 12, "2027-12-15"),
     ("2026-06-30", 6, "2026-12-30")],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_nothing_is_due_before_its_day(policy):
    assert due_for_review() == []
    assert task() == 0


def test_the_leads_are_told_once(policy, world, due):
    assert (remind_reviews(due), remind_reviews(due + timedelta(minutes=5))) == (1, 0)
    letters = OutgoingMail.objects.all()
    assert {letter.to for letter in letters} == {world.lead.email, world.head.email}
    letter = letters[0]
    assert f"/admin/pages/policy/{policy.pk}/change/" in letter.text
    assert str(fresh(policy.versions.get()).title_en) in letter.text
    assert ReviewReminder.objects.get().recipients == 2


def test_nobody_is_told_outside_working_hours(policy, due):
    assert remind_reviews(due.replace(hour=20)) == 0
    assert not OutgoingMail.objects.exists()


def test_a_policy_without_a_unit_tells_nobody(due):
    Policy.objects.update(unit=None)
    assert remind_reviews(due) == 0


def test_after_a_review_the_next_one_falls_due_anew(policy, reviewer, due, monkeypatch):
    remind_reviews(due)
    monkeypatch.setattr("django.utils.timezone.now", lambda: due)
    version = fresh(policy.versions.get())
    assert confirm_policy(version=version, by=reviewer, seen=version.last_reviewed)
    assert policy.pk not in {row.policy_id for row in due_for_review(due)}
    later = a_working_morning(months_after(timezone.localdate(due), 12) + timedelta(days=1))
    assert remind_reviews(later) == 1
    assert ReviewReminder.objects.filter(policy=policy).count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_workers_tell_once(policy, due):
    found = at_once(6, lambda number: remind_reviews(due))
    assert sorted(found) == [0] * 5 + [1]
    assert OutgoingMail.objects.count() == 2
