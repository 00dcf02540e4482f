"""Two at once overwrite nothing and lose nothing; and what everybody reads was seen by two."""

from __future__ import annotations

import html5lib
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.social.actions import NotReady, delist_account, edit_account, list_account
from participation.social.models import Account
from participation.social.states import State
from portal.audit.models import AuditEvent
from portal.organisations.models import Role
from tests.participation.social.conftest import ADD, EDITOR, change, details, do, typed
from tests.people import staff

REASONS = {"ground": "closed", "reason_ar": "أغلق نهائيًا", "reason_en": "Closed for good"}


@pytest.fixture
def other_publisher(world):
    return staff("munira", world.licensing, Role.LEAD, *EDITOR, "list_account")


# Two at once ----------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_reads_what_the_first_changed_and_decides(client, world, publisher, listed):
    account = listed()
    sent = details(world, purpose_en="Mine", audience_en="Mine too", seen_version=account.version)
    edit_account(account=account, by=world.lead, purpose_en="Theirs", languages=["en"])
    client.force_login(publisher)
    response = client.post(change(account), sent)
    html = response.content.decode()
    assert response.status_code == 409
    wanted = ["Nothing was overwritten", "Mine", "Mine too", "Theirs", "Details of an account changed", "Layla"]
    for shown in [*wanted, f'name="seen_version" value="{account.version}"']:
        assert shown in html, shown
    html5lib.HTMLParser(strict=True).parse(html)
    told = html.partition("different from what you typed")[2].partition("</dl>")[0]
    assert "English" in told
    assert "Owners of businesses" not in told, "nobody else changed the audience"
    account.refresh_from_db()
    assert account.purpose_en == "Theirs"
    assert client.post(change(account), {**sent, "seen_version": account.version}).status_code == 302
    account.refresh_from_db()
    assert (account.purpose_en, account.audience_en) == ("Mine", "Mine too")


@pytest.mark.parametrize("seen", ["", "x", "1" * 3000, "9" * 5000])
def test_a_form_that_names_no_version_overwrites_nothing(client, world, publisher, listed, seen):
    account = listed()
    client.force_login(publisher)
    assert client.post(change(account), details(world, purpose_en="Mine", seen_version=seen)).status_code == 409
    account.refresh_from_db()
    assert account.purpose_en == "News of licences"


def test_what_is_typed_for_an_account_delisted_meanwhile_is_shown_back(client, world, publisher, listed):
    account = listed()
    sent = details(world, purpose_en="Typed at length", seen_version=account.version)
    delist_account(account=account, by=world.lead, **REASONS)
    client.force_login(publisher)
    response = client.post(change(account), sent)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Typed at length" in html
    html5lib.HTMLParser(strict=True).parse(html)
    assert "Taken off the register" in html
    account.refresh_from_db()
    assert account.purpose_en == "News of licences"


def test_what_is_typed_for_a_proposal_listed_meanwhile_is_shown_back(client, world, publisher, propose):
    account = propose()
    sent = typed(world, resolution_number="2099/77", seen_version=account.version)
    list_account(account=account, by=world.lead)
    client.force_login(publisher)
    response = client.post(change(account), sent)
    assert response.status_code == 409
    assert "2099/77" in response.content.decode()


def test_a_reason_typed_for_a_stale_button_is_kept_and_asked_about_again(client, world, publisher, listed):
    account = listed()
    seen = account.version
    edit_account(account=account, by=world.lead, purpose_en="Theirs")
    client.force_login(publisher)
    response = client.post(do(account, "delist"), {"version": seen, **REASONS})
    html = response.content.decode()
    assert response.status_code == 409
    for shown in ("Closed for good", "Somebody else changed this account", f'name="version" value="{account.version}"'):
        assert shown in html, shown
    account.refresh_from_db()
    assert account.state == State.LISTED
    client.post(do(account, "delist"), {"version": account.version, **REASONS})
    account.refresh_from_db()
    assert account.state == State.DELISTED


def test_saving_what_is_stored_already_is_no_change(world, listed):
    account = listed()
    before = account.version
    edit_account(account=account, by=world.lead, version=before, purpose_en=account.purpose_en)
    assert account.version == before
    edit_account(account=account, by=world.lead, purpose_en="New", audience_en=account.audience_en)
    assert AuditEvent.objects.about(account).last().data["fields"] == ["purpose_en"]


# A second person ------------------------------------------------------------------------------------------------


def test_what_everybody_reads_is_changed_only_by_those_who_may_list(client, world, editor, publisher, listed):
    account = listed()
    sent = details(world, holder_job_en="Somebody", purpose_en="Mine", seen_version=account.version)
    client.force_login(editor)
    sealed = client.get(change(account)).content.decode()
    assert 'name="purpose_en"' not in sealed
    assert "News of licences" in sealed
    assert client.post(change(account), sent).status_code == 409
    account.refresh_from_db()
    assert (account.holder_job_en, account.purpose_en) == ("Editor", "News of licences")
    day = timezone.localdate()
    client.post(do(account, "posted"), {"version": account.version, "on": f"{day:%d/%m/%Y}"})
    account.refresh_from_db()
    assert client.post(change(account), {**sent, "seen_version": account.version}).status_code == 409
    client.force_login(publisher)
    assert client.post(change(account), {**sent, "seen_version": account.version}).status_code == 302
    account.refresh_from_db()
    assert (account.holder_job_en, account.purpose_en) == ("Somebody", "Mine")


def test_nobody_lists_what_they_proposed(client, world, publisher, other_publisher):
    client.force_login(publisher)
    assert client.post(ADD, typed(world)).status_code == 302
    account = Account.objects.get()
    html = client.get(change(account)).content.decode()
    assert "somebody else has to list it" in html
    assert do(account, "list") not in html
    told = client.post(do(account, "list"), {"version": account.version}, follow=True).content.decode()
    assert "somebody else has to list it" in told
    account.refresh_from_db()
    assert account.state == State.PROPOSED
    client.force_login(other_publisher)
    assert do(account, "list") in client.get(change(account)).content.decode()
    client.post(do(account, "list"), {"version": account.version})
    account.refresh_from_db()
    assert (account.state, account.listed_by) == (State.LISTED, other_publisher)


def test_nobody_lists_a_proposal_they_had_a_hand_in(world, publisher, other_publisher, propose):
    account = propose()
    edit_account(account=account, by=publisher, holder_job_en="Somebody")
    edit_account(account=account, by=world.colleague, purpose_en="News")
    with pytest.raises(NotReady) as refused:
        list_account(account=account, by=publisher)
    assert refused.value.problem == "own"
    assert list_account(account=account, by=other_publisher).state == State.LISTED


def test_the_database_refuses_an_account_listed_by_whoever_proposed_it(world, listed):
    account = listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(listed_by=account.proposed_by)
