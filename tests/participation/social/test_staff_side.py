"""The register in the staff site: scoped, asked before acting, nothing overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.social.actions import edit_account
from participation.social.models import Account
from participation.social.states import State
from portal.organisations.models import Role
from tests.participation.social.conftest import ADD, EDITOR, change, details, do, typed
from tests.people import staff


def test_an_editor_proposes_an_account_and_tracking_leaves_its_address(client, world, editor):
    client.force_login(editor)
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, typed(world)).status_code == 302
    account = Account.objects.get()
    assert (account.state, account.handle, account.handle_key) == (State.PROPOSED, "Ministry_OM", "ministry_om")
    assert account.address == "https://x.com/Ministry_OM"
    assert account.proposed_by == editor


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": "https://instagram.com/Ministry_OM"}, "does not belong to the platform"),
        ({"address": "https://x.com.evil.example/Ministry_OM"}, "does not belong to the platform"),
        ({"address": "https://x.com/search?q=a"}, "leads to no account"),
        ({"address": "https://x.com/Other"}, "do not belong together"),
        ({"platform": "other"}, "does not belong to the platform"),
        ({"authorised_until": "1/1/2020"}, "cannot end before the resolution"),
        ({"last_post_on": "1/1/2100"}, "still to come"),
        ({"languages": []}, "required"),
        ({"purpose_en": ""}, "required"),
    ],
)
def test_a_form_that_does_not_fit_is_told_why(client, world, editor, changes, told):
    client.force_login(editor)
    response = client.post(ADD, typed(world, **changes))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Account.objects.exists()


def test_the_same_account_is_not_proposed_twice(client, world, editor, propose):
    propose()
    client.force_login(editor)
    response = client.post(ADD, typed(world, address="https://twitter.com/ministry_om"))
    assert "on the register or proposed already" in response.content.decode()


def test_nobody_proposes_for_a_unit_of_others(client, world, editor):
    client.force_login(editor)
    assert client.post(ADD, typed(world, unit=world.other_unit.pk)).status_code == 200
    assert not Account.objects.exists()


def test_staff_of_another_unit_see_nothing_of_it(client, world, listed):
    account = listed()
    stranger = staff("zahra", world.other_unit, Role.HEAD, *EDITOR, "list_account")
    client.force_login(stranger)
    assert "Ministry_OM" not in client.get("/admin/social/account/").content.decode()
    assert client.get(change(account)).status_code == 302  # the admin's way to say that there is none
    assert client.get(do(account, "delist")).status_code == 404
    assert client.post(do(account, "delist"), {"version": 1}).status_code == 404
    account.refresh_from_db()
    assert account.state == State.LISTED


def test_an_editor_cannot_list_or_delist(client, editor, propose, listed):
    client.force_login(editor)
    proposal = propose()
    client.post(do(proposal, "list"), {"version": proposal.version})
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED
    account = listed(handle="other", address="https://x.com/other")
    client.post(
        do(account, "delist"), {"version": account.version, "ground": "closed", "reason_ar": "أ", "reason_en": "b"}
    )
    account.refresh_from_db()
    assert account.state == State.LISTED


def test_who_may_list_lists_renews_notes_and_delists(client, publisher, propose):
    client.force_login(publisher)
    account = propose()
    assert "Ministry_OM" in client.get(do(account, "list")).content.decode()
    assert client.post(do(account, "list"), {"version": account.version}).status_code == 302
    account.refresh_from_db()
    assert (account.state, account.listed_by) == (State.LISTED, publisher)
    day = timezone.localdate()
    until = day + timedelta(days=500)
    renewal = {
        "resolution_number": "2027/1",
        "resolution_date": f"{day:%d/%m/%Y}",
        "authorised_until": f"{until:%d/%m/%Y}",
    }
    client.post(do(account, "renew"), {"version": account.version, **renewal})
    account.refresh_from_db()
    assert (account.resolution_number, account.authorised_until) == ("2027/1", until)
    client.post(do(account, "posted"), {"version": account.version, "on": f"{day:%d/%m/%Y}"})
    account.refresh_from_db()
    assert account.last_post_on == day
    bare = client.post(do(account, "delist"), {"version": account.version})
    assert bare.status_code == 422
    assert "Published ground" in bare.content.decode()
    reasons = {"ground": "replaced", "reason_ar": "حل محله غيره", "reason_en": "Another took its place"}
    client.post(do(account, "delist"), {"version": account.version, **reasons})
    account.refresh_from_db()
    assert (account.state, account.ground) == (State.DELISTED, "replaced")
    html = client.get(change(account)).content.decode()
    assert "Another took its place" in html
    assert 'name="holder_name"' not in html


def test_a_proposal_that_is_not_ready_is_told_why(client, publisher, propose):
    client.force_login(publisher)
    account = propose(holder_name="")
    response = client.post(do(account, "list"), {"version": account.version})
    assert response.status_code == 422
    assert "Name the employee who runs it first" in response.content.decode()


def test_a_stale_button_or_form_changes_nothing(client, publisher, world, listed):
    client.force_login(publisher)
    account = listed()
    seen = account.version
    edit_account(account=account, by=world.lead, purpose_en="Changed by another")
    client.post(do(account, "posted"), {"version": seen, "on": "1/1/2020"})
    response = client.post(change(account), details(world, purpose_en="Mine", seen_version=seen))
    assert "Somebody else changed this account" in response.content.decode()
    account.refresh_from_db()
    assert (account.purpose_en, account.last_post_on) == ("Changed by another", timezone.localdate())


def test_a_listed_account_keeps_what_it_was_authorised_as(client, publisher, world, listed):
    client.force_login(publisher)
    account = listed()
    html = client.get(change(account)).content.decode()
    assert 'name="address"' not in html
    assert 'name="authorised_until"' not in html
    form = details(world, purpose_en="New", address="https://x.com/z", seen_version=account.version)
    assert client.post(change(account), form).status_code == 302
    account.refresh_from_db()
    assert (account.purpose_en, account.address) == ("New", "https://x.com/Ministry_OM")


def test_only_a_proposal_is_deleted(client, publisher, propose, listed):
    client.force_login(publisher)
    account = listed()
    url = reverse("admin:social_account_delete", args=[account.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    proposal = propose(handle="other", address="https://x.com/other")
    client.post(reverse("admin:social_account_delete", args=[proposal.pk]), {"post": "yes"})
    assert list(Account.objects.all()) == [account]


def test_the_list_narrows_by_standing_and_asks_the_same_for_one_and_three(client, publisher, listed):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(publisher)
    day = timezone.localdate()
    counts = []
    for number in range(3):
        listed(handle=f"fresh_{number}", address=f"https://x.com/fresh_{number}")
        with CaptureQueriesContext(connection) as found:
            client.get("/admin/social/account/")
        counts.append(len(found))
    assert counts[0] == counts[2]
    listed(handle="quiet", address="https://x.com/quiet", last_post_on=day - timedelta(days=40))
    listed(handle="asleep", address="https://x.com/asleep", last_post_on=day - timedelta(days=100))
    listed(handle="ended", address="https://x.com/ended", authorised_until=day - timedelta(days=1))
    shown = {}
    for standing in ("official", "quiet", "inactive", "expired", "proposed", "delisted", "in_sight"):
        html = client.get(f"/admin/social/account/?standing={standing}").content.decode()
        shown[standing] = sorted(name for name in ("fresh_0", "quiet", "asleep", "ended") if f"@{name}<" in html)
    assert shown == {"official": ["fresh_0"], "quiet": ["quiet"], "inactive": ["asleep"], "expired": ["ended"],
                     "proposed": [], "delisted": [], "in_sight": ["asleep", "ended", "quiet"]}  # fmt: skip


def test_the_desk_shows_what_the_unit_has_to_see_to(client, publisher, world, listed):
    client.force_login(publisher)
    assert "Social-media accounts to see to" not in client.get("/admin/").content.decode()
    listed(authorised_until=timezone.localdate() - timedelta(days=1))
    listed(
        handle="far",
        address="https://x.com/far",
        unit=world.other_unit,
        last_post_on=timezone.localdate() - timedelta(days=99),
    )
    html = client.get("/admin/").content.decode()
    assert "Social-media accounts to see to" in html
    assert "@Ministry_OM" in html
    assert "@far" not in html
