"""Units are told once of silence and of authorisations that end, and names are kept no longer than needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.social.actions import delist_account
from participation.social.keeping import HOLDER, due
from participation.social.models import Account, Reminder
from participation.social.reminding import remind
from participation.social.tasks import remind as remind_task
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from portal.retention import registry
from tests.at_once import at_once
from tests.office_hours import at

NOW = at("mon 10:00")
TODAY = NOW.date()


def days(count: int):
    return timedelta(days=count)


@pytest.fixture
def known(listed):
    """A listed account as of a Monday in 2030."""

    def make(*, posted: int = 0, until: int = 200, **changes) -> Account:
        account = listed(**changes)
        Account.objects.filter(pk=account.pk).update(
            last_post_on=TODAY - days(posted), authorised_until=TODAY + days(until), listed_at=NOW - days(300)
        )
        account.refresh_from_db()
        return account

    return make


def subjects() -> list[str]:
    return sorted({mail.subject.partition(":")[0] for mail in OutgoingMail.objects.all()})


@pytest.mark.parametrize(
    ("posted", "until", "told"),
    [
        (30, 200, []),
        (31, 200, ["No recent post"]),
        (90, 200, ["No recent post"]),
        (91, 200, ["No post for long"]),
        (0, 31, []),
        (0, 30, ["The authorisation ends soon"]),
        (0, 0, ["The authorisation ends soon"]),
        (0, -1, ["The authorisation has ended"]),
        (200, -1, ["The authorisation has ended"]),
        (40, 3, ["No recent post", "The authorisation ends soon"]),
    ],
)
def test_the_unit_is_told_of_what_is_so_and_once(known, posted, until, told):
    known(posted=posted, until=until)
    assert remind(NOW) == len(told)
    assert subjects() == told
    assert remind(NOW) == remind(NOW + timedelta(hours=2)) == 0


def test_lead_and_head_are_told_in_their_language_and_the_act_is_on_record(world, known):
    world.head.language = "ar"
    world.head.save()
    account = known(posted=91)
    assert remind(NOW) == 1
    letters = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert set(letters) == {world.lead.email, world.head.email}
    assert f"/admin/social/account/{account.pk}/change/" in letters[world.lead.email].text
    assert "not currently active" in letters[world.lead.email].html
    assert letters[world.head.email].language == "ar"
    assert "خالد البلوشي" not in letters[world.lead.email].html
    assert AuditEvent.objects.get(verb="account.reminded").data["kind"] == "inactive"


def test_a_new_post_is_a_new_date(known):
    account = known(posted=40)
    assert remind(NOW) == 1
    Account.objects.filter(pk=account.pk).update(last_post_on=TODAY)
    assert remind(NOW + days(21)) == 0
    assert remind(NOW + days(35)) == 1


def test_nobody_is_told_outside_working_hours_or_of_what_is_not_listed(world, known, propose):
    account = known(posted=91)
    propose(handle="planned", address="https://x.com/planned")
    assert remind(at("mon 20:00")) == 0
    assert remind(at("fri 10:00")) == 0
    Account.objects.filter(pk=account.pk).update(listed_at=timezone.now())
    delist_account(account=account, by=world.lead, ground="inactive", reason_ar="صامت", reason_en="Silent")
    assert remind(NOW) == 0
    assert remind_task() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once(known):
    known(posted=91)
    assert sum(at_once(2, lambda _number: remind(NOW))) == 1
    assert Reminder.objects.count() == 1


def test_the_holders_name_goes_a_year_after_delisting(world, listed):
    account = listed()
    delist_account(account=account, by=world.lead, ground="closed", reason_ar="أغلق", reason_en="Closed")
    now = timezone.now()
    assert HOLDER in registry.rules()
    assert not due(now + days(364)).exists()
    rows = due(now + days(366))
    assert HOLDER.dispose(rows) == 1
    assert HOLDER.dispose(due(now + days(366))) == 0
    account.refresh_from_db()
    assert (account.holder_name, account.holder_job_en) == ("", "Editor")


def test_the_holders_name_of_a_proposal_never_listed_goes_after_a_year_and_of_a_listed_one_stays(propose, listed):
    proposal = propose(handle="Other", address="https://x.com/Other")
    expired = listed(authorised_until=timezone.localdate() - days(50))
    now = timezone.now()
    assert not due(now + days(364)).exists()
    assert HOLDER.dispose(due(now + days(366))) == 1
    proposal.refresh_from_db()
    expired.refresh_from_db()
    assert (proposal.holder_name, proposal.state) == ("", "proposed")
    assert expired.holder_name
