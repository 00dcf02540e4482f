"""What an account may be, and how it moves through the register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.social.actions import (
    Conflict,
    NotReady,
    delist_account,
    discard_proposal,
    edit_account,
    list_account,
    note_post,
    renew_authorisation,
)
from participation.social.models import Account
from participation.social.states import Ground, Standing, State
from portal.audit.models import AuditEvent
from tests.at_once import at_once

REASONS = {"reason_ar": "لم يعد مستخدمًا", "reason_en": "No longer used"}


def today(days: int = 0):
    return timezone.localdate() + timedelta(days=days)


def test_it_goes_from_proposed_to_listed_to_delisted(world, propose):
    account = propose()
    assert account.state == State.PROPOSED
    assert not Account.objects.official().exists()
    list_account(account=account, by=world.lead)
    assert list(Account.objects.official()) == [account]
    assert account.listed_by == world.lead
    delist_account(account=account, by=world.lead, ground=Ground.CLOSED, **REASONS)
    assert not Account.objects.official().exists()
    assert account.ground == Ground.CLOSED
    verbs = AuditEvent.objects.about(account).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["account.proposed", "account.listed", "account.delisted"]


def test_nothing_personal_is_in_the_audit_trail(world, propose):
    account = propose()
    edit_account(account=account, by=world.officer, holder_name="سعيد الكندي")
    for event in AuditEvent.objects.about(account):
        assert "سعيد" not in str(event.data)
        assert "خالد" not in str(event.data)


def test_the_holders_name_is_stored_encrypted(propose):
    account = propose()
    raw = Account.objects.extra(select={"raw": "holder_name"}).values_list("raw", flat=True).get(pk=account.pk)
    assert "خالد" not in raw
    assert Account.objects.get(pk=account.pk).holder_name == "خالد البلوشي"


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "https://x.com.evil.example/Ministry_OM"},
        {"address": "http://x.com/Ministry_OM"},
        {"address": "https://evilx.com/Ministry_OM"},
        {"address": "https://instagram.com/Ministry_OM"},
        {"address": "https://x.com/"},
        {"platform": "other", "address": "ftp://forum.example/x"},
        {"platform": "myspace"},
        {"languages": []},
        {"languages": ["tlh"]},
        {"resolution_number": ""},
        {"purpose_en": ""},
        {"audience_ar": ""},
        {"handle": ""},
        {"authorised_until": timezone.localdate() - timedelta(days=101)},
    ],
)
def test_the_database_refuses_nonsense(propose, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        propose(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "delisted"},
        {"state": "delisted", "delisted_at": timezone.now(), "ground": "closed"},
        {"state": "proposed"},
        {"holder_name": ""},
        {"ground": "closed"},
        {"state": "forgotten"},
    ],
)
def test_the_database_refuses_a_listed_account_to_become(listed, changes):
    account = listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(**changes)


def test_it_is_on_a_platform_once_and_may_come_back_after_delisting(world, propose, listed):
    account = listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        propose(address="https://twitter.com/ministry_om")
    delist_account(account=account, by=world.lead, ground=Ground.CLOSED, **REASONS)
    assert propose().state == State.PROPOSED


def test_it_refuses_to_list_without_authorisation_or_holder(world, propose):
    with pytest.raises(NotReady) as refused:
        list_account(account=propose(authorised_until=today(-1)), by=world.lead)
    assert refused.value.problem == "expired"
    nameless = propose(handle="Other", address="https://x.com/Other", holder_name="")
    with pytest.raises(NotReady) as refused:
        list_account(account=nameless, by=world.lead)
    assert refused.value.problem == "holder"


def test_it_is_official_on_the_last_day_and_not_on_the_next(listed):
    account = listed(authorised_until=today())
    assert account in Account.objects.official()
    assert account not in Account.objects.official(today(1))
    assert account.standing_on(today(1)) == Standing.EXPIRED
    assert account in Account.objects.no_longer_official(today(1))


def test_a_renewal_makes_it_official_again(world, listed):
    account = listed(authorised_until=today(-3))
    assert account.standing == Standing.EXPIRED
    assert account.official_until == today(-3)
    renew_authorisation(
        account=account, by=world.lead, resolution_number="2026/99", resolution_date=today(), authorised_until=today(9)
    )
    assert account.standing == Standing.OFFICIAL
    assert account.official_until is None


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (0, Standing.OFFICIAL), (30, Standing.OFFICIAL), (31, Standing.QUIET), (90, Standing.QUIET),
        (91, Standing.INACTIVE),
    ],
)  # fmt: skip
def test_silence_is_counted_from_the_last_post_or_the_listing(listed, days, standing):
    posted = listed(last_post_on=today(-days))
    never = listed(handle="Never", address="https://x.com/Never", last_post_on=None, listed_days_ago=days)
    for account in (posted, never):
        assert account.standing == standing
        assert (account in Account.objects.active()) == (standing != Standing.INACTIVE)
        assert (account in Account.objects.in_sight()) == (standing != Standing.OFFICIAL)


def test_the_spans_of_silence_are_settings(listed, settings):
    settings.SOCIAL_QUIET_DAYS, settings.SOCIAL_INACTIVE_DAYS = 3, 5
    assert listed(last_post_on=today(-4)).standing == Standing.QUIET
    other = listed(handle="Other", address="https://x.com/Other", last_post_on=today(-6))
    assert other.standing == Standing.INACTIVE
    assert other not in Account.objects.active()


def test_what_it_was_authorised_as_is_not_edited_once_listed(world, listed):
    account = listed()
    edit_account(account=account, by=world.officer, purpose_en="Other news")
    assert account.purpose_en == "Other news"
    with pytest.raises(TypeError):
        edit_account(account=account, by=world.officer, address="https://x.com/Other")
    note_post(account=account, by=world.officer, on=today(-1))
    assert account.last_post_on == today(-1)


def test_a_stale_form_changes_nothing(world, propose):
    account = propose()
    edit_account(account=account, by=world.officer, version=1, purpose_en="First")
    with pytest.raises(Conflict):
        edit_account(account=account, by=world.colleague, version=1, purpose_en="Second")
    account.refresh_from_db()
    assert account.purpose_en == "First"


def test_only_a_proposal_is_discarded(world, propose, listed):
    assert discard_proposal(account=propose(), by=world.officer)
    assert not discard_proposal(account=listed(), by=world.officer)
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_delist_at_once_one_is_told(world, listed):
    account = listed()

    def delist(number):
        return delist_account(
            account=Account.objects.get(pk=account.pk), by=world.lead, ground=Ground.CLOSED, **REASONS
        )  # fmt: skip

    outcomes = at_once(2, delist)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert AuditEvent.objects.filter(verb="account.delisted").count() == 1
