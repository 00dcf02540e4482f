"""Digests while things break, and when there are many of them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.feeds import actions, digests
from portal.feeds.digests import send_digests
from portal.feeds.models import Delivery, Subscription
from tests.at_once import at_once
from tests.portal.feeds.shelf import Shelf, ago
from tests.portal.feeds.subscribers import run, sent, subscribed, working_morning
from tests.running import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db


@contextmanager
def trigger(body: str) -> Iterator[None]:
    """The database does this before it notes that an entry was sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION trouble() RETURNS trigger AS $$ BEGIN {body} RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        cursor.execute("CREATE TRIGGER trouble BEFORE INSERT ON feeds_delivery FOR EACH ROW EXECUTE FUNCTION trouble()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER trouble ON feeds_delivery")
            cursor.execute("DROP FUNCTION trouble()")


@pytest.mark.django_db(transaction=True)
def test_a_row_the_database_refuses_leaves_no_letter_and_stops_nobody_else(news: Shelf, polls: Shelf) -> None:
    bad, good = subscribed("news", "polls"), subscribed("polls")
    refused = news.add()
    polls.add()
    with trigger(f"IF NEW.entry_key = '{refused.key}' THEN RAISE EXCEPTION 'refused'; END IF;"):
        assert run() == 1
    assert [mail.to for mail in sent()] == [good.email]
    assert Delivery.objects.filter(subscription=bad).count() == 0
    assert run() == 0
    assert run(days_on=1) == 1
    assert Delivery.objects.filter(subscription=bad).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(news: Shelf) -> None:
    for _number in range(3):
        subscribed("news")
    fixed = news.add("fixed:1", published_at=ago(hours=1))
    moment = working_morning()
    code = (
        "import django; django.setup()\n"
        "from datetime import datetime\n"
        "from portal.feeds import digests\n"
        "from tests.portal.feeds.shelf import put_up\n"
        f"put_up('news').add('fixed:1', published_at=datetime.fromisoformat('{fixed.published_at.isoformat()}'))\n"
        f"digests.send_digests(datetime.fromisoformat('{moment.isoformat()}'))\n"
    )
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"

    def count(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

    with trigger("PERFORM pg_sleep(20);"):
        doomed = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment())
        wait_until(lambda: count(asleep), seconds=40)
        assert send_digests(moment) == 0  # another worker steps over what is locked, and waits for nothing
        doomed.send_signal(signal.SIGKILL)
        doomed.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        wait_until(lambda: not count(asleep))
    assert not sent()
    assert send_digests(moment) == 3
    assert send_digests(moment) == 0
    assert len({mail.to for mail in sent()}) == len(sent()) == Delivery.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_digest_once(news: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "BATCH", 5)
    for _number in range(40):
        subscribed("news")
    news.add()
    news.add()
    moment = working_morning()
    written = at_once(4, lambda _number: send_digests(moment))
    assert sum(written) == 40
    assert len({mail.to for mail in sent()}) == len(sent()) == 40
    assert Delivery.objects.count() == 80


@pytest.mark.django_db(transaction=True)
def test_somebody_who_unsubscribes_while_digests_are_written_gets_none_afterwards(news: Shelf) -> None:
    people = [subscribed("news") for _number in range(12)]
    news.add()
    moment = working_morning()

    def act(number: int) -> Any:
        return send_digests(moment) if number == 0 else actions.unsubscribe(subscription=people[number])

    assert not [each for each in at_once(len(people), act) if isinstance(each, Exception)]
    assert {mail.to for mail in sent()} == {people[0].email}


def test_a_letter_of_the_day_that_is_there_already_is_not_written_again(news: Shelf) -> None:
    subscription = subscribed("news")
    news.add()
    run()
    later = news.add()
    Subscription.objects.update(looked_on=ago(days=30).date())
    assert run() == 0
    assert run(days_on=1) == 1
    assert later.title in sent()[1].text
    assert subscription.deliveries.count() == 2


# Scale ---------------------------------------------------------------------------------------------------


def test_a_batch_costs_the_same_queries_for_one_and_for_many(news: Shelf, polls: Shelf) -> None:
    def queries(people: int) -> int:
        for _number in range(people):
            subscribed("news", "polls")
        Subscription.objects.update(looked_on=ago(days=30).date())
        news.add()
        polls.add()
        with CaptureQueriesContext(
            connection,
        ) as found:
            send_digests(working_morning(next(days)))
        return len(found)

    days = iter(range(9))
    assert queries(1) == queries(30)


def test_the_same_list_is_printed_once_for_everybody(news: Shelf, polls: Shelf) -> None:
    for _number in range(50):
        subscribed("news", "polls", language="en")
    for _number in range(50):
        subscribed("news", language="ar")
    news.add()
    polls.add()
    before = news.asked
    assert run() == 100
    assert news.asked - before == 2  # once a language
    texts = {re.sub(r"/(subscription|unsubscribe)/\S+", "", mail.text) for mail in sent()}
    assert len(texts) == 2
