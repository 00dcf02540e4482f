"""Is this account official? However it is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.social.actions import delist_account
from participation.social.platforms import Platform, name_in_address, platform_of_host
from participation.social.recognising import Answer, is_one_edit_away, read, recognise, skeleton


@pytest.mark.parametrize(
    "typed",
    [
        "Ministry_2040", "@ministry_2040", "  @Ministry_2040 ", "ministry_٢٠٤٠", "@ministry_۲۰۴۰",
        "\uff20Ministry_2040",
        "https://x.com/Ministry_2040", "http://x.com/ministry_2040/", "x.com/Ministry_2040", "X.COM/MINISTRY_2040",
        "https://www.x.com/ministry_2040?s=20&t=Zx&utm_source=share", "https://mobile.twitter.com/Ministry_2040",
        "twitter.com/ministry_2040/status/17?ref_src=twsrc", "https://x.com/intent/user?screen_name=Ministry_2040",
        "https://x.com/%40ministry_2040", "\u202ahttps://x.com/ministry_2040\u202c", "«https://x.com/ministry_2040».",
        "//x.com/ministry_2040", "https://x.com:443/ministry_2040#top", "https://x.com/ministry_2040/with_replies",
    ],
)  # fmt: skip
def test_an_official_account_is_recognised_however_it_is_typed(listed, typed):
    account = listed(handle="Ministry_2040", address="https://x.com/Ministry_2040")
    found = recognise(typed)
    assert found.answer == Answer.OFFICIAL, typed
    assert found.accounts == [account]


@pytest.mark.parametrize(
    ("platform", "address", "typed"),
    [
        ("instagram", "https://www.instagram.com/the.ministry/", "instagram.com/The.Ministry?igshid=9"),
        ("instagram", "https://www.instagram.com/the.ministry/", "the.ministry"),
        ("facebook", "https://www.facebook.com/the.ministry", "https://m.facebook.com/the.ministry/?mibextid=1"),
        ("facebook", "https://www.facebook.com/profile.php?id=1000512", "facebook.com/profile.php?id=1000512&sk=about"),
        ("youtube", "https://www.youtube.com/@theministry", "https://m.youtube.com/@TheMinistry/videos"),
        ("youtube", "https://www.youtube.com/channel/UCabc", "youtube.com/channel/UCabc"),
        ("tiktok", "https://www.tiktok.com/@the.ministry", "https://www.tiktok.com/@the.ministry?lang=ar&_t=8"),
        (
            "linkedin",
            "https://www.linkedin.com/company/the-ministry/",
            "https://om.linkedin.com/company/the-ministry/posts",
        ),
        ("snapchat", "https://www.snapchat.com/add/the.ministry", "snapchat.com/add/the.ministry?share_id=1"),
        ("whatsapp", "https://www.whatsapp.com/channel/0029VaAbC", "whatsapp.com/channel/0029VaAbC"),
        ("telegram", "https://t.me/the_ministry", "https://t.me/s/the_ministry"),
        ("other", "https://forum.example/ministry", "http://www.forum.example/ministry/"),
    ],
)
def test_every_platform_has_its_own_addresses(listed, platform, address, typed):
    handle = name_in_address(platform, address)
    account = listed(platform=platform, handle=handle, address=address)
    found = recognise(typed)
    assert (found.answer, found.accounts) == (Answer.OFFICIAL, [account])


@pytest.mark.parametrize(
    "typed",
    [
        "@Minlstry_OM", "Ministry0M", "@ministry.om", "Ministri_OM", "Ministry_O", "Ministry_OMM", "Minisrty_OM",
        "@мinistry_om", "ministry_om_official", "the_ministry_om", "Ministry_OM_", "@real_ministry_om",
        "https://instagram.com/ministry_om", "https://x.com/Mlnistry_OM", "https://x.com@evil.example/ministry_om",
        "https://x-com.example/ministry_om", "https://xn--x-jmc.example/Ministry_OM", "http://evil.example/@ministry_om",
        "ｍinistry_om", "https://evil.example\\@x.com/ministry_om", "https://x.com:pass@evil.example/ministry_om",
        "https://evil.example\\.x.com/ministry_om", "https://a:b@x.com/ministry_om",
    ],
)  # fmt: skip
def test_what_looks_like_an_official_account_is_called_so(listed, typed):
    account = listed()
    found = recognise(typed)
    assert found.answer == Answer.LOOKALIKE, typed
    assert found.accounts == [account]


@pytest.mark.parametrize(
    ("platform", "address", "typed"),
    [
        ("linkedin", "https://www.linkedin.com/company/the-ministry/", "https://www.linkedin.com/in/the-ministry/"),
        ("youtube", "https://www.youtube.com/@theministry", "https://www.youtube.com/c/theministry"),
        ("youtube", "https://www.youtube.com/@theministry", "https://www.youtube.com/user/theministry"),
        ("linkedin", "https://www.linkedin.com/company/the-ministry/", "https://www.linkedin.com/school/the-ministry/"),
        ("facebook", "https://www.facebook.com/the.ministry", "https://www.facebook.com/people/the.ministry/pfbid0x"),
        ("facebook", "https://www.facebook.com/the.ministry", "https://www.facebook.com/p/the.ministry/pfbid0x"),
        ("x", "https://x.com/the_ministry", "evil.example\\@x.com/the_ministry"),
        ("x", "https://x.com/the_ministry", "https://x.com/i/user/999?screen_name=the_ministry"),
    ],
)
def test_another_account_under_the_same_name_is_not_official(listed, platform, address, typed):
    listed(platform=platform, address=address, handle=name_in_address(platform, address))
    assert recognise(typed).answer != Answer.OFFICIAL


@pytest.mark.parametrize(
    "typed",
    [
        "@somebody_else", "https://x.com/somebody_else", "https://example.com/", "x.com", "https://x.com/",
        "https://x.com/search?q=ministry", "http://[::1", "https://", "@", "'; drop table --",
        "<script>alert(1)</script>",
        "javascript:alert(1)", "\x00", "وزارة", "a" * 300, "https://x.com:99999/a", "%", "@@@", "..", "💧",
    ],
)  # fmt: skip
def test_what_is_on_no_register_is_unknown_and_nothing_raises(listed, typed):
    listed()
    assert recognise(typed).answer == Answer.UNKNOWN


def test_a_name_is_official_only_on_its_own_platform(listed):
    listed()
    assert recognise("https://www.tiktok.com/@ministry_om").answer == Answer.LOOKALIKE
    also = listed(platform="tiktok", handle="ministry_om", address="https://www.tiktok.com/@ministry_om")
    assert recognise("https://www.tiktok.com/@ministry_om").accounts == [also]
    assert len(recognise("ministry_om").accounts) == 2


def test_what_was_official_is_said_to_have_been(world, listed, propose):
    today = timezone.localdate()
    ended = listed(authorised_until=today - timedelta(days=4))
    found = recognise("@ministry_om")
    assert (found.answer, found.accounts) == (Answer.WAS, [ended])
    assert found.accounts[0].official_until == today - timedelta(days=4)
    gone = listed(handle="Gone_OM", address="https://x.com/Gone_OM")
    delist_account(account=gone, by=world.lead, ground="closed", reason_ar="أغلق", reason_en="Closed")
    assert recognise("x.com/gone_om").answer == Answer.WAS
    propose(handle="Planned_OM", address="https://x.com/Planned_OM")
    assert recognise("@planned_om").answer == Answer.UNKNOWN


def test_an_account_that_came_back_is_official(world, listed):
    first = listed()
    delist_account(account=first, by=world.lead, ground="closed", reason_ar="أغلق", reason_en="Closed")
    again = listed()
    found = recognise("@ministry_om")
    assert (found.answer, found.accounts) == (Answer.OFFICIAL, [again])


def test_short_names_are_near_to_nothing(listed):
    listed(handle="moc", address="https://x.com/moc")
    assert recognise("mob").answer == Answer.UNKNOWN


def test_it_asks_the_database_once(listed, django_assert_num_queries):
    for number in range(3):
        listed(handle=f"Account_{number}", address=f"https://x.com/Account_{number}")
    with django_assert_num_queries(1):
        recognise("@account_7")


def test_hosts_belong_to_platforms_by_their_end_only():
    assert platform_of_host("M.Facebook.com") == Platform.FACEBOOK
    assert platform_of_host("facebook.com.evil.example") == ""
    assert platform_of_host("notfacebook.com") == ""
    assert platform_of_host("t.me.") == Platform.TELEGRAM


def test_one_edit():
    pairs = [("abcd", "abxd"), ("abcd", "abd"), ("abcd", "abcde"), ("abcd", "bacd"), ("abcd", "xabcd")]
    assert all(is_one_edit_away(*pair) and is_one_edit_away(*reversed(pair)) for pair in pairs)
    assert not any(is_one_edit_away(*pair) for pair in [("abcd", "abcd"), ("abcd", "abdx"), ("abcd", "dcba")])


def test_a_skeleton_leaves_what_a_hasty_eye_sees():
    assert skeleton("rninlstry.0M") == skeleton("Ministry_om")
    assert skeleton("мοс") == skeleton("moc")


def test_reading_an_address_never_leaves_this_machine(monkeypatch):
    import socket

    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert read("https://evil.example/x").is_stranger
