"""What everybody sees of the register."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.social.actions import delist_account
from participation.social.showing import documents
from portal import agenda, live_facts, site_map
from portal.bilingual import in_language
from portal.richtext import to_html

LANGUAGES = ["ar", "en"]


def today(days: int = 0):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_register_says_who_runs_an_account_and_never_names_the_person(client, listed, language):
    account = listed()
    html = client.get(f"/{language}/social/").content.decode()
    for shown in (account.shown_handle, account.address, account.text("holder_job", language), "2026/5"):
        assert shown in html
    assert "خالد البلوشي" not in html
    assert "/policies/social-media/" in html
    assert f'action="/{language}/social/check/"' in html


def test_it_is_grouped_by_organisation_and_platform(client, world, listed):
    listed(handle="B", address="https://x.com/Bbbb")
    listed(platform="instagram", handle="aaaa", address="https://instagram.com/aaaa")
    listed(handle="other", address="https://x.com/other", unit=world.other_unit)
    html = client.get("/en/social/").content.decode()
    places = [
        html.index(mark) for mark in ('id="ministry"', "instagram.com/aaaa", "x.com/Bbbb", 'id="other"', "x.com/other")
    ]
    assert places == sorted(places)


def test_without_any_account_it_says_so(client, db):
    assert "No account is on the register at the moment" in client.get("/en/social/").content.decode()


def test_the_standing_everybody_reads(client, listed):
    listed(last_post_on=today(-40))
    listed(handle="asleep", address="https://x.com/asleep", last_post_on=today(-200))
    html = client.get("/en/social/").content.decode()
    assert "No recent post" not in html
    assert html.count("Not currently active") == 1


def test_what_ended_leaves_the_list_without_any_task_and_stands_below(client, world, listed):
    ended = listed(authorised_until=today(-1))
    gone = listed(handle="gone", address="https://x.com/gone")
    reasons = {"reason_ar": "أغلق الحساب", "reason_en": "Nobody writes there"}
    delist_account(account=gone, by=world.lead, ground="inactive", **reasons)
    html = client.get("/en/social/").content.decode()
    assert f'href="{ended.address}"' not in html
    assert "Its authorisation ended" in html
    assert "Nobody writes there" in html
    assert "@Ministry_OM" in html.partition('id="gone"')[2]


def test_pages_ask_the_database_the_same_for_one_and_for_three(client, listed):
    pages = ("social/", "social/check/?q=account_0", "social/accounts.json")
    client.get("/en/social/")  # the working hours in the footer are kept from then on
    counts = []
    for number in range(3):
        listed(handle=f"account_{number}", address=f"https://x.com/account_{number}")
        listed(handle=f"past_{number}", address=f"https://x.com/past_{number}", authorised_until=today(-1))
        counts.append([queries(client, path) for path in pages])
    assert counts[0] == counts[2]


def queries(client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/en/{path}").status_code == 200
    return len(found)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("@ministry_om", "Yes, it is official"),
        ("https://x.com/Ministry_OM?s=20", "Yes, it is official"),
        ("@minlstry_om", "It looks like an official account, but it is not"),
        ("https://evil.example/ministry_om", "evil.example"),
        ("@past", "It was official and is not any more"),
        ("@stranger", "It is not on the register"),
    ],
)
def test_the_check_answers(client, listed, typed, told):
    listed()
    listed(handle="past", address="https://x.com/past", authorised_until=today(-10))
    response = client.get("/en/social/check/", {"q": typed})
    assert response.status_code == 200
    assert told in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_an_impersonation_is_reported_through_contact_us_with_what_was_typed(client, listed):
    listed()
    html = client.get("/en/social/check/", {"q": "@minlstry_om"}).content.decode()
    link = html.partition('href="/en/contact/?kind=complaint')[2].partition('"')[0]
    assert "minlstry_om" in link
    page = client.get(f"/en/contact/?kind=complaint{link.replace('&amp;', '&')}").content.decode()
    assert "@minlstry_om" in page


def test_what_was_typed_is_shown_as_text_and_never_as_a_link(client, listed):
    listed()
    html = client.get("/en/social/check/", {"q": 'https://evil.example/"><script>ministry_om'}).content.decode()
    assert "<script>" not in html
    assert 'href="https://evil.example' not in html


def test_an_empty_question_is_told_what_to_do(client, listed):
    listed()
    html = client.get("/en/social/check/", {"q": " "}).content.decode()
    assert "Write the name or the address of the account" in html
    assert "<title>Error:" in html


def test_the_register_for_programs(client, world, listed):
    listed()
    gone = listed(handle="gone", address="https://x.com/gone")
    delist_account(account=gone, by=world.lead, ground="closed", reason_ar="أغلق", reason_en="Closed")
    response = client.get("/ar/social/accounts.json")
    content = json.loads(response.content)
    assert response.headers["Cache-Control"] == "no-cache"
    assert content["accounts"][0]["organisation"] == {"code": "ministry", "ar": "الوزارة", "en": "Ministry"}
    assert content["accounts"][0]["resolution"]["number"] == "2026/5"
    assert content["no_longer_official"][0]["ground"] == "closed"
    assert "خالد" not in response.content.decode()
    assert content["accounts"] == json.loads(client.get("/en/social/accounts.json").content)["accounts"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_participation_map_shows_what_is_official_and_in_use(client, listed, language):
    account = listed()
    listed(handle="asleep", address="https://x.com/asleep", last_post_on=today(-200))
    listed(handle="ended", address="https://x.com/ended", authorised_until=today(-1))
    with in_language(language):
        assert [found.url for found in agenda.accounts()] == [account.address]
    assert account.address in client.get(f"/{language}/participation/").content.decode()


def test_policies_can_insert_the_accounts(listed):
    fact = live_facts.fact("social_accounts")
    assert fact.is_block
    with in_language("en"):
        assert "No account is on the register" in fact.value()
        listed(handle="_odd_", address="https://x.com/_odd_")
        html = to_html(fact.value())
    assert '<a href="https://x.com/_odd_">X @_odd_</a>' in html
    assert "<em>" not in html


@pytest.mark.parametrize(("end", "written"), [("a)b", "a%29b"), ("a(b", "a%28b"), ("a\\)b", "a%5C%29b")])
def test_an_address_with_brackets_stays_one_link_in_a_policy(listed, end, written):
    listed(address=f"https://x.com/{end}")
    with in_language("en"):
        html = to_html(live_facts.fact("social_accounts").value())
    assert f'<a href="https://x.com/{written}">X @Ministry_OM</a></li>' in html


def test_search_finds_official_accounts_in_both_languages_and_forgets_what_ended(listed):
    account = listed()
    found = list(documents(None))
    assert [document.language for document in found] == ["ar", "en"]
    assert all(document.path == f"/social/#account-{account.pk}" for document in found)
    assert "أخبار الرخص" in found[0].text
    assert "Ministry" in found[1].title
    ended = listed(handle="ended", address="https://x.com/ended", authorised_until=today(-1))
    assert list(documents([ended.pk])) == []
    assert len(list(documents([str(account.pk)]))) == 2


def test_the_site_map_leads_to_the_register_and_the_check(listed):
    listed()
    section = next(section for section in site_map.sections() if section.key == "social")
    with in_language("en"):
        (page,) = section.pages()
    assert (page.path, page.children[0].path) == ("/social/", "/social/check/")
