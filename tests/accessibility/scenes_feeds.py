"""Feeds, and subscribing by e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from portal.feeds import actions as subscribing
from portal.feeds import digests
from portal.feeds import links as feed_links_of
from portal.feeds.models import Choice, Subscription
from tests.accessibility.scenes import Scene, page, press, then
from tests.portal.feeds.subscribers import working_morning


def feed_scenes() -> Iterator[Scene]:
    """The list of feeds, and subscribing by e-mail in every state."""
    yield Scene("feeds", page("feeds/"))
    yield Scene("subscribe", page("feeds/subscribe/?topic=news"))
    yield Scene("subscribe with errors", then(page("feeds/subscribe/"), press("main form button[type=submit]")))
    yield Scene("subscribe sent", page("feeds/subscribe/sent/"))
    yield Scene("subscription link expired", page("feeds/confirm/x/"))
    topics = ["news", "faq"]
    asked = subscribing.request_subscription(email="a@citizen.example", language="ar", topics=topics)
    yield Scene(
        "confirm a subscription", page(f"feeds/confirm/{feed_links_of.token(feed_links_of.CONFIRM, asked.pk)}/")
    )
    other = subscribing.request_subscription(email="b@citizen.example", language="ar", topics=topics)
    subscription = subscribing.confirm_subscription(request=other)
    managed = f"feeds/subscription/{feed_links_of.token(feed_links_of.MANAGE, subscription.pk)}/"
    yield Scene("subscription confirmed", page(f"{managed}?done=confirmed"))
    yield Scene("subscription changed", page(f"{managed}?done=changed"))
    ended = f"feeds/unsubscribe/{feed_links_of.token(feed_links_of.UNSUBSCRIBE, subscription.pk)}/"
    yield Scene("unsubscribe", page(ended))
    # A digest of what the test's world has published; `working_morning` is in tests/portal/feeds/subscribers.py.
    Choice.objects.update(since=timezone.now() - timedelta(days=20))
    Subscription.objects.update(looked_on=timezone.localdate() - timedelta(days=1))
    digests.send_digests(working_morning())
    gone = subscribing.request_subscription(email="c@citizen.example", language="ar", topics=topics)
    gone = subscribing.confirm_subscription(request=gone)
    token = feed_links_of.token(feed_links_of.UNSUBSCRIBE, gone.pk)
    subscribing.unsubscribe(subscription=gone)
    yield Scene("unsubscribed", page(f"feeds/unsubscribe/{token}/"))
