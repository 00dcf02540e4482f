"""Staff see how many subscribe to what, and no address."""

from __future__ import annotations

import html5lib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.feeds import actions
from portal.feeds.models import Choice, Subscription
from tests.people import World, staff
from tests.portal.feeds.shelf import Shelf
from tests.portal.feeds.subscribers import subscribed

COUNTS = "/admin/feeds/subscription/"


def seen_by(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_subscriptions_are_counted_by_topic_and_language(world: World, news: Shelf, polls: Shelf) -> None:
    subscribed("news", "polls", language="ar")
    subscribed("news", language="en")
    subscribed("news", "gone", language="en")
    actions.request_subscription(email="waiting@citizen.example", language="ar", topics=["news"])
    page = seen_by(world.administrator).get(COUNTS).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    cells = page.replace("\n", "")
    assert 'News</th><td class="number">1</td><td class="number">2</td><td class="number">3</td>' in cells
    assert 'Topic polls</th><td class="number">1</td><td class="number">0</td><td class="number">1</td>' in cells
    assert 'gone</th><td class="number">0</td><td class="number">1</td><td class="number">1</td>' in cells
    assert 'Subscribers</th><td class="number">1</td><td class="number">2</td><td class="number">3</td>' in cells
    assert "1 request waits" in page
    assert "citizen.example" not in page


def test_no_page_shows_a_single_subscription(world: World, news: Shelf) -> None:
    subscription = subscribed("news")
    client = seen_by(world.administrator)
    for path in (f"{subscription.pk}/change/", f"{subscription.pk}/", "add/", f"{subscription.pk}/history/"):
        assert client.get(COUNTS + path).status_code == 404
    for query in ("?q=citizen", f"?email_index={subscription.email_index}", "?email__startswith=c"):
        assert "citizen.example" not in client.get(COUNTS + query).content.decode()


def test_whoever_may_not_look_is_refused(world: World, news: Shelf) -> None:
    assert seen_by(world.officer).get(COUNTS).status_code == 403
    editor = staff("nura", world.licensing, "officer", "view_subscription")
    assert seen_by(editor).get(COUNTS).status_code == 200
    assert Client().get(COUNTS).status_code == 302


def test_the_counts_cost_the_same_queries_for_one_and_for_many(world: World, news: Shelf, polls: Shelf) -> None:
    client = seen_by(world.administrator)
    numbers = []
    for people in (1, 3):
        Choice.objects.all().delete()
        Subscription.objects.all().delete()
        for _number in range(people):
            subscribed("news", "polls")
        client.get(COUNTS)
        with CaptureQueriesContext(connection) as found:
            client.get(COUNTS)
        numbers.append(len(found))
    assert numbers[0] == numbers[1]


def test_an_empty_portal_says_so(world: World, no_topics: None) -> None:
    assert "Nothing is published as a feed yet." in seen_by(world.administrator).get(COUNTS).content.decode()
