"""How long readers' opinions on answers are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from participation.faq.models import Vote
from portal.retention.registry import Rule, before, days, register

VOTE_DAYS = days("faq.opinions", 180)
FORGOTTEN = "disposed-"


def opinions_due(at: datetime) -> QuerySet[Vote]:
    """Opinions given long enough ago."""
    return Vote.objects.filter(at__lt=before(at, VOTE_DAYS)).exclude(key__startswith=FORGOTTEN)


def forget(votes: QuerySet[Vote]) -> int:
    """Forget the words and what told readers apart; yes or no, and the reason chosen, stay counted."""
    return votes.update(text="", key=Concat(Value(FORGOTTEN), Cast("pk", models.TextField())))


OPINIONS = Rule(
    "faq.opinions", "faq.vote", ("text", "key"),
    title=_("Why an answer did not help you, in your words"),
    purpose=_("To write better answers, and to count each reader once."),
    basis=_("You wrote it of your own free will, without a name."),
    days=VOTE_DAYS, counted_from=_("the day you told us"), due=opinions_due, dispose=forget,
    within={"organisations.unit": "entry__unit", "organisations.organisation": "entry__unit__organisation"},
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(OPINIONS)
