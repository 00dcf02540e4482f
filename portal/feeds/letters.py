"""What subscribers are sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models

from portal.feeds import links
from portal.feeds.collecting import known
from portal.feeds.models import Subscription, SubscriptionRequest
from portal.mail.actions import compose, write_mail
from portal.mail.models import OutgoingMail

DIGEST = "feeds/digest"
MANAGE_HERE, UNSUBSCRIBE_HERE = f"manage-{secrets.token_hex(8)}", f"unsubscribe-{secrets.token_hex(8)}"
"""Stand for the links of a reader. Random, so that nothing that is published can hold them."""


def ask_to_confirm(request: SubscriptionRequest) -> None:
    """Write to the address that was typed. The letter repeats nothing that was typed, for it may be anybody's."""
    write_mail(
        to=request.email,
        language=request.language,
        template="feeds/confirm",
        context={"topics": known(request.topics), "confirm_url": links.confirm_address(request)},
        about=request,
    )


def print_digest(language: str, *, html: str, text: str, count: int) -> OutgoingMail:
    """The letter of everybody who gets the same list, without an address and with placeholders for their links."""
    return compose(
        to="",
        language=language,
        template=DIGEST,
        context={
            "list_html": html,
            "list_text": text,
            "count": count,
            "manage_url": MANAGE_HERE,
            "unsubscribe_url": UNSUBSCRIBE_HERE,
        },
    )


def addressed(printed: OutgoingMail, subscription: Subscription, *, dedupe_key: str) -> OutgoingMail:
    """The unsaved letter of one subscriber. Rendering it anew for each would take most of a run's time."""
    manage_url, unsubscribe_url = links.manage_address(subscription), links.unsubscribe_address(subscription)

    def own(body: str) -> str:
        return body.replace(MANAGE_HERE, manage_url).replace(UNSUBSCRIBE_HERE, unsubscribe_url)

    return OutgoingMail(
        to=subscription.email,
        language=printed.language,
        template=printed.template,
        subject=printed.subject,
        text=own(printed.text),
        html=own(printed.html),
        about_kind=subscription._meta.label_lower,
        about_id=str(subscription.pk),
        dedupe_key=dedupe_key,
        headers={
            # RFC 8058: the mail program shows a button of its own and posts to the address, with no page in between.
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<digest.{urlsplit(settings.SITE_URL).hostname}>",
        },
    )


def forget_letters(model: type[models.Model], pks: Iterable[int]) -> None:
    """Delete every letter about these rows, also those that wait to be sent: each holds the address."""
    about = [str(pk) for pk in pks]
    OutgoingMail.objects.filter(about_kind=model._meta.label_lower, about_id__in=about).delete()
