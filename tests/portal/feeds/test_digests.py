"""The daily digest: what is new, once, on working days; whatever breaks in between."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.utils import timezone

from portal.feeds import actions, digests
from portal.feeds.digests import day_of_digest
from portal.feeds.models import Delivery, Subscription
from portal.mail.models import OutgoingMail
from portal.working_days.actions import announce_closure, set_special_hours
from portal.working_days.models import Calendar
from tests.portal.feeds.shelf import NASTY, Shelf, ago, entry
from tests.portal.feeds.subscribers import link, run, sent, subscribed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_a_digest_lists_what_is_new_on_the_topics_chosen(
    news: Shelf, polls: Shelf, language: str, direction: str
) -> None:
    subscription = subscribed("news", language=language)
    one, two = news.add(published_at=ago(hours=2)), news.add(published_at=ago(hours=1))
    other = polls.add()
    assert run() == 1
    (mail,) = sent()
    assert (mail.to, mail.language) == (subscription.email, language)
    for body in (mail.text, mail.html):
        for item in (one, two):
            assert item.title in body
            assert item.summary in body
            assert f"http://testserver/{language}{item.path}" in body
        assert body.index(two.title) < body.index(one.title)
        assert other.title not in body
        assert f"http://testserver/{language}/feeds/subscription/" in body
        assert f"http://testserver/{language}/feeds/unsubscribe/" in body
    assert "2" in mail.subject or language == "ar"
    assert f'<html lang="{language}" dir="{direction}">' in mail.html
    html5lib.HTMLParser(strict=True).parse(mail.html)
    assert mail.html.count("<h1") == 1


def test_the_links_of_a_digest_open_the_subscription_and_end_it(client: Any, news: Shelf) -> None:
    subscribed("news")
    news.add()
    run()
    (mail,) = sent()
    assert client.get(link(mail, "subscription")).status_code == 200
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{link(mail, 'unsubscribe')}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.post(link(mail, "unsubscribe")).status_code == 200
    assert not Subscription.objects.exists()
    assert not sent()


def test_nothing_new_sends_nothing(news: Shelf, polls: Shelf) -> None:
    subscribed("polls")
    news.add()
    assert run() == 0
    assert not OutgoingMail.objects.exists()


def test_nothing_is_sent_twice_however_often_it_runs(news: Shelf) -> None:
    subscribed("news")
    news.add()
    assert [run(), run(), run(hour=13), run(days_on=1), run(days_on=2)] == [1, 0, 0, 0, 0]


def test_what_comes_later_the_same_day_waits_for_the_next_working_day(news: Shelf) -> None:
    subscribed("news")
    first = news.add()
    run()
    later = news.add()
    assert run(hour=13) == 0
    assert run(days_on=1) == 1
    mail = sent()[1]
    assert later.title in mail.text
    assert first.title not in mail.text


def test_only_what_was_published_since_the_confirmation_is_sent(news: Shelf) -> None:
    subscribed("news", since=ago(days=2))
    old, new = news.add(published_at=ago(days=3)), news.add(published_at=ago(days=1))
    run()
    (mail,) = sent()
    assert new.title in mail.text
    assert old.title not in mail.text


def test_a_topic_chosen_later_starts_then(news: Shelf, polls: Shelf) -> None:
    subscription = subscribed("news")
    polls.add(published_at=ago(hours=5))
    actions.choose_topics(subscription=subscription, topics=["news", "polls"])
    assert run() == 0
    new = polls.add()
    assert run(days_on=1) == 1
    assert new.title in sent()[0].text


def test_an_entry_withdrawn_before_is_not_in_it_and_an_updated_one_not_sent_again(news: Shelf) -> None:
    subscribed("news")
    kept, gone = news.add(), news.add()
    news.withdraw(gone)
    run()
    assert gone.title not in sent()[0].text
    news.replace(kept, title="Corrected", updated_at=timezone.now(), published_at=timezone.now())
    assert run(days_on=1) == 0


def test_what_only_one_language_has_is_told_in_that_language(news: Shelf) -> None:
    subscribed("news", language="ar")
    subscribed("news", language="en")
    news.only["ar"].append(entry("arabic:1"))
    assert run() == 1
    assert [mail.language for mail in sent()] == ["ar"]


def test_an_entry_of_two_topics_is_listed_once(news: Shelf, polls: Shelf) -> None:
    subscribed("news", "polls")
    both = entry()
    news.everywhere.append(both)
    polls.everywhere.append(both)
    run()
    (mail,) = sent()
    assert mail.text.count(both.title) == 1
    assert Delivery.objects.count() == 1


def test_of_very_many_entries_it_lists_some_and_says_how_many_more(news: Shelf) -> None:
    subscribed("news")
    for number in range(digests.SHOWN + 3):
        news.add(published_at=ago(minutes=number))
    run()
    (mail,) = sent()
    assert mail.html.count("<li") == digests.SHOWN
    assert "3 more" in mail.text
    assert run(days_on=1) == 0


def test_nasty_entries_are_inert_in_html_and_plain_in_text(news: Shelf) -> None:
    subscribed("news")
    for number, text in enumerate(NASTY):
        news.add(f"nasty:{number}", title=text, summary=text, published_at=ago(minutes=number))
    run()
    (mail,) = sent()
    html5lib.HTMLParser(strict=True).parse(mail.html)
    assert "<script" not in mail.html
    assert NASTY[2] in mail.text
    assert "{{ settings.SECRET_KEY }}" in mail.text
    assert not re.search("[\x00\x07\x1b\u202e\ufffe]", mail.text + mail.html)


def test_it_waits_for_the_opening_of_a_working_day() -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text + "+04:00")

    calendar = Calendar.objects.default()
    announce_closure(
        calendar=calendar, name_ar="إجازة", name_en="Holiday", first_day=at("2026-12-01T00:00").date(),
        last_day=at("2026-12-01T00:00").date(), status="confirmed", by=None,
    )  # fmt: skip
    opens, closes = at("2026-12-02T09:00").time(), at("2026-12-02T14:00").time()
    set_special_hours(
        calendar=calendar, name_ar="رمضان", name_en="Ramadan", first_day=at("2026-12-02T00:00").date(),
        last_day=at("2026-12-02T00:00").date(), intervals=[(opens, closes)], by=None,
    )  # fmt: skip
    answers = {
        "2026-11-29T07:29": False, "2026-11-29T07:30": True, "2026-11-29T23:59": True,  # a Sunday
        "2026-12-01T10:00": False,  # a holiday
        "2026-12-02T08:00": False, "2026-12-02T09:00": True,  # shorter hours
        "2026-12-04T10:00": False, "2026-12-05T10:00": False,  # the weekend
    }  # fmt: skip
    for moment, expected in answers.items():
        day = day_of_digest(at(moment))
        assert (day == at(moment).date()) if expected else day is None, moment


def test_after_days_of_standstill_one_letter_has_it_all(news: Shelf) -> None:
    subscribed("news", since=ago(days=9))
    for number in range(8):
        news.add(published_at=ago(days=number, minutes=1))
    assert run() == 1
    assert Delivery.objects.count() == 8


def test_two_topics_one_of_which_cannot_be_read(news: Shelf, polls: Shelf) -> None:
    subscribed("news", "polls")
    news.add()
    late = polls.add()
    polls.is_broken = True
    assert run() == 1
    polls.is_broken = False
    assert run(days_on=1) == 1
    assert late.title in sent()[1].text


def test_an_address_that_cannot_be_read_holds_up_nobody(news: Shelf) -> None:
    news.add()
    subscriptions = [subscribed("news") for _number in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feeds_subscription SET email = 'garbage' WHERE id = %s", [subscriptions[1].pk])
    assert run() == 2
    assert {mail.to for mail in sent()} == {subscriptions[0].email, subscriptions[2].email}
