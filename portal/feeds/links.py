"""Signed links in letters. Each opens one thing of one subscription; they hold nothing about the person."""

from __future__ import annotations

from django.core import signing

from portal.feeds.addresses import absolute
from portal.feeds.models import Subscription, SubscriptionRequest

CONFIRM, MANAGE, UNSUBSCRIBE = "feeds.confirm", "feeds.manage", "feeds.unsubscribe"


def token(purpose: str, pk: int) -> str:
    """A token for one purpose. It stays valid as long as the row is there: an old letter must still unsubscribe."""
    return signing.Signer(salt=purpose).sign(str(pk))


def read_token(purpose: str, text: str) -> int | None:
    """The row a token was made for; None where it was made for another purpose, altered or cut short."""
    try:
        return int(signing.Signer(salt=purpose).unsign(text))
    except (signing.BadSignature, ValueError):
        return None


def confirm_address(request: SubscriptionRequest) -> str:
    """Where the owner of the address confirms, in the language of the request."""
    return absolute("feeds:confirm", request.language, token(CONFIRM, request.pk))


def manage_address(subscription: Subscription) -> str:
    """Where the topics of a subscription are changed."""
    return absolute("feeds:subscription", subscription.language, token(MANAGE, subscription.pk))


def unsubscribe_address(subscription: Subscription) -> str:
    """Where a subscription is ended, by a person or by a mail program."""
    return absolute("feeds:unsubscribe", subscription.language, token(UNSUBSCRIBE, subscription.pk))
