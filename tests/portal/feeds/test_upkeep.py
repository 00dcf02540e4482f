"""What no longer matters is deleted, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.feeds import actions, upkeep
from portal.feeds.models import Delivery, Subscription
from portal.mail.models import OutgoingMail
from portal.retention.actions import lift_hold, place_hold
from tests.people import World
from tests.portal.feeds.shelf import Shelf, ago
from tests.portal.feeds.subscribers import run, sent, subscribed

pytestmark = pytest.mark.django_db


def test_what_was_sent_is_forgotten_when_it_cannot_come_again(news: Shelf) -> None:
    subscribed("news", since=ago(days=60))
    old, current = news.add(published_at=ago(hours=5)), news.add(published_at=ago(hours=1))
    run()
    assert upkeep.prune_deliveries(timezone.now()) == 0
    Delivery.objects.update(day=ago(days=40).date())
    news.replace(old, published_at=ago(days=41))
    assert upkeep.prune_deliveries(timezone.now()) == 1
    assert Delivery.objects.get().entry_key == current.key
    assert run(days_on=1) == 0


def test_a_legal_hold_keeps_what_was_sent_until_the_reader_ends_the_subscription(news: Shelf, world: World) -> None:
    subscription, other = subscribed("news", since=ago(days=60)), subscribed("news", since=ago(days=60))
    news.add(published_at=ago(days=30))
    for each in (subscription, other):
        Delivery.objects.create(subscription=each, entry_key="gone", day=ago(days=40).date())
    hold = place_hold(reason="File 12/2026", by=world.administrator)
    upkeep.tidy(timezone.now())
    assert Delivery.objects.count() == 2
    actions.unsubscribe(subscription=subscription)
    assert list(Subscription.objects.all()) == [other]
    assert Delivery.objects.get().subscription == other
    lift_hold(hold=hold, by=world.administrator)
    assert upkeep.prune_deliveries(timezone.now()) == 1


def test_nothing_is_forgotten_while_a_topic_cannot_be_read(news: Shelf) -> None:
    subscribed("news")
    news.add()
    run()
    Delivery.objects.update(day=ago(days=40).date())
    news.is_broken = True
    with pytest.raises(RuntimeError):
        upkeep.prune_deliveries(timezone.now())
    assert Delivery.objects.count() == 1


def test_requests_nobody_confirmed_go_with_their_letters(news: Shelf) -> None:
    for number in range(3):
        actions.request_subscription(email=f"a{number}@citizen.example", language="en", topics=["news"])
    assert upkeep.discard_requests(timezone.now() + timedelta(days=6)) == 0
    assert upkeep.discard_requests(timezone.now() + timedelta(days=8)) == 3
    assert not OutgoingMail.objects.exists()


def test_a_confirmed_request_goes_too_and_leaves_the_subscription(news: Shelf) -> None:
    asked = actions.request_subscription(email="a@citizen.example", language="en", topics=["news"])
    assert asked is not None
    actions.confirm_subscription(request=asked)
    upkeep.tidy(timezone.now() + timedelta(days=8))
    assert Subscription.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_digests_are_kept_a_week_after_they_were_sent(news: Shelf) -> None:
    for _number in range(3):
        subscribed("news")
    news.add()
    run()
    mails = sent()
    OutgoingMail.objects.filter(pk=mails[0].pk).update(state="sent", sent_at=ago(days=8))
    OutgoingMail.objects.filter(pk=mails[1].pk).update(state="failed", created_at=ago(days=8))
    assert upkeep.delete_old_letters(timezone.now()) == 1
    assert {mail.pk for mail in sent()} == {mails[1].pk, mails[2].pk}


@pytest.mark.django_db(transaction=True)
def test_the_tasks_are_there_and_on_the_schedule(settings: Any, news: Shelf) -> None:
    from portal.feeds import tasks

    scheduled = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
    for task in (tasks.send_digests, tasks.tidy):
        assert task.name in scheduled
        task()


def test_the_keys_of_the_addresses_can_be_changed(news: Shelf, settings: Any) -> None:
    from cryptography.fernet import Fernet

    subscription = subscribed("news")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    call_command("rotate_keys", verbosity=0)
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert Subscription.objects.get().email == subscription.email
