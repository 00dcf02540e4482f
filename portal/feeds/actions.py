"""Subscribing by e-mail: asking, confirming, choosing topics, ending it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from portal.audit.actions import record
from portal.encryption import blind_index, normalise_email
from portal.feeds.letters import ask_to_confirm, forget_letters
from portal.feeds.models import Choice, Subscription, SubscriptionRequest

LIFETIME = timedelta(days=7)
"""How long a request waits to be confirmed."""
MOST_LETTERS = 3
"""Letters an address gets in a day from people who may not be its owner."""
WITHIN = timedelta(days=1)
PAUSE = timedelta(minutes=5)
"""The same request again within this time is a double click, not a lost letter."""


@transaction.atomic
def request_subscription(*, email: str, language: str, topics: Sequence[str]) -> SubscriptionRequest | None:
    """Keep the request and ask the address to confirm it; None, and nothing written, where it had letters enough.

    What is known of the address makes no difference: whoever types it learns nothing.
    """
    index = blind_index(normalise_email(email))
    _one_at_a_time(index)
    now = timezone.now()
    recent = list(SubscriptionRequest.objects.waiting_of(index, now - WITHIN))
    wanted = sorted(set(topics))
    again = any(
        each.requested_at > now - PAUSE and each.language == language and each.topics == wanted for each in recent
    )
    if again or len(recent) >= MOST_LETTERS:
        return None
    request = SubscriptionRequest.objects.create(email=email, email_index=index, language=language, topics=wanted)
    record(verb="subscription.requested", subject=request, data={"language": language, "topics": wanted})
    ask_to_confirm(request)
    return request


@transaction.atomic
def confirm_subscription(*, request: SubscriptionRequest) -> Subscription | None:
    """Start the subscription, or add to the one the address has; a second time changes nothing.

    None where the request is gone meanwhile. The letters come in the language of the request from now on.
    """
    _one_at_a_time(request.email_index)
    fresh = SubscriptionRequest.objects.select_related("subscription").filter(pk=request.pk).first()
    if fresh is None or fresh.is_confirmed:
        return fresh.subscription if fresh else None
    subscription, is_new = Subscription.objects.get_or_create(
        email_index=fresh.email_index,
        defaults={
            "email": fresh.email,
            "language": fresh.language,
            "looked_on": timezone.localdate() - timedelta(days=1),
        },
    )
    if not is_new:
        Subscription.objects.filter(pk=subscription.pk).update(language=fresh.language)
        subscription.language = fresh.language
    _add(subscription, fresh.topics)
    SubscriptionRequest.objects.filter(pk=fresh.pk).update(subscription=subscription, email="", email_index="")
    data = {"language": fresh.language, "topics": fresh.topics, "is_new": is_new}
    record(verb="subscription.confirmed", subject=subscription, data=data)
    return subscription


@transaction.atomic
def choose_topics(*, subscription: Subscription, topics: Sequence[str]) -> None:
    """Replace the topics. A kept one goes on where it was; an added one starts now, without what came before."""
    if not topics:
        raise ValueError("A subscription without topics is ended, not emptied.")
    _one_at_a_time(subscription.email_index)
    if not Subscription.objects.filter(pk=subscription.pk).exists():
        return
    subscription.choices.exclude(topic__in=topics).delete()
    _add(subscription, topics)
    record(verb="subscription.changed", subject=subscription, data={"topics": sorted(topics)})


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> None:
    """End a subscription and delete the address wherever it stands, letters on their way included.

    No legal hold keeps it: it is not the portal that disposes here, but the owner who takes the address back.
    """
    _one_at_a_time(subscription.email_index)
    # Whoever writes its digest at this moment goes first, and what they note is then deleted as well.
    list(Subscription.objects.select_for_update().filter(pk=subscription.pk).values_list("pk"))
    requests = models.Q(subscription=subscription.pk) | models.Q(email_index=subscription.email_index)
    forget_requests(SubscriptionRequest.objects.filter(requests).values_list("pk", flat=True))
    deleted, _by_model = Subscription.objects.filter(pk=subscription.pk).delete()
    forget_letters(Subscription, [subscription.pk])
    if deleted:
        record(verb="subscription.ended", subject=subscription)


def forget_requests(pks: Iterable[int]) -> int:
    """Delete requests with the letters that asked to confirm them; returns how many requests."""
    ids = list(pks)
    forget_letters(SubscriptionRequest, ids)
    deleted, _by_model = SubscriptionRequest.objects.filter(pk__in=ids).delete()
    return deleted


def _add(subscription: Subscription, topics: Iterable[str]) -> None:
    Choice.objects.bulk_create(
        (Choice(subscription=subscription, topic=topic) for topic in topics), ignore_conflicts=True
    )


def _one_at_a_time(email_index: str) -> None:
    """Wait until nobody else changes what there is of this address; in a statement of its own, because a statement
    does not see what was committed while it waited."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [email_index])
