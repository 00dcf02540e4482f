"""How long letters are kept after they were sent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.mail.models import MailState, OutgoingMail
from portal.retention.registry import Rule, before, days, register

LETTER_DAYS = days("mail.letters", 30)
EMPTIED = {"to": "", "subject": "", "text": "", "html": ""}
WITH_ADDRESS = r"[0-9a-f]{32}"
"""Keys that hold an address, as a keyed hash; the others only number what the letter was about."""


def letters_due(at: datetime) -> QuerySet[OutgoingMail]:
    """Letters sent, or given up, long enough ago. One that waits is not due before it was sent."""
    moment = before(at, LETTER_DAYS)
    over = Q(state=MailState.SENT, sent_at__lt=moment) | Q(state=MailState.FAILED, created_at__lt=moment)
    return not_emptied().filter(over)


def not_emptied() -> QuerySet[OutgoingMail]:
    """Every letter that says something, those that wait included."""
    return OutgoingMail.objects.exclude(**EMPTIED)


def empty(letters: QuerySet[OutgoingMail]) -> int:
    """Empty these letters. That one was sent, and when, stays: it must not be sent a second time. One that waits is
    deleted: what it is about is to be gone, so it is not to be sent either."""
    deleted, _by_model = letters.filter(state=MailState.WAITING).delete()
    letters.filter(dedupe_key__regex=WITH_ADDRESS).update(dedupe_key=None)
    return deleted + letters.update(**EMPTIED, headers={}, last_error="")


LETTERS = Rule(
    "mail.letters", "mail.outgoingmail", ("to", "subject", "text", "html", "headers", "dedupe_key", "last_error"),
    title=_("E-mails we sent you, with your address"),
    purpose=_("To try again when a mail server does not answer, and to find out why a letter did not arrive."),
    basis=_("You asked for the letter, or it answers what you sent."),
    days=LETTER_DAYS, counted_from=_("the day the letter was sent"),
    due=letters_due, dispose=empty, at_once=not_emptied, about=("about_kind", "about_id"),
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(LETTERS)
