"""How long subscriptions by e-mail are kept. portal.feeds.upkeep does it, or whoever ends theirs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.feeds.actions import LIFETIME
from portal.retention.registry import Rule, register

YOUR_WISH = _(
    "You asked for it yourself, and confirmed it. When you end it, it is deleted at once, even under a legal hold."
)
LETTERS = _("To send you what you chose, and nothing twice.")

SUBSCRIPTION = Rule(
    "feeds.subscription", "feeds.subscription", ("email", "email_index"),
    title=_("Your e-mail address, while you subscribe to news by e-mail"),
    purpose=LETTERS, basis=YOUR_WISH, days=0, counted_from=_("the moment you end the subscription"),
)  # fmt: skip
CHOICE = Rule(
    "feeds.choice", "feeds.choice", ("topic",),
    title=_("The topics you subscribed to"),
    purpose=LETTERS, basis=YOUR_WISH, days=0, counted_from=_("the moment you end the subscription"),
    within={"feeds.subscription": "subscription"},
)  # fmt: skip
DELIVERY = Rule(
    "feeds.delivery", "feeds.delivery", ("entry_key",),
    title=_("Which news you were sent"),
    purpose=LETTERS, basis=YOUR_WISH, days=0, counted_from=_("the moment you end the subscription"),
    within={"feeds.subscription": "subscription"},
)  # fmt: skip
REQUEST = Rule(
    "feeds.request", "feeds.subscriptionrequest", ("email", "email_index", "topics"),
    title=_("An e-mail address that was typed in to subscribe, until it is confirmed"),
    purpose=_("To ask whoever reads the mailbox whether they want it."),
    basis=_("Somebody typed it in; without a confirmation nothing else is sent to it."),
    days=LIFETIME.days, counted_from=_("the day it was typed in"),
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(SUBSCRIPTION, CHOICE, DELIVERY, REQUEST)
