"""How long the register keeps the name of a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from participation.social.models import Account
from participation.social.states import State
from portal.retention.registry import Rule

DAYS = 365


def due(at: datetime) -> QuerySet[Account]:
    """Accounts off the register, or proposed and never listed, for so long, whose holder is still named. One on the
    register has a named holder, also while its authorisation is over: somebody must take it off."""
    limit = at - timedelta(days=DAYS)
    over = Q(state=State.DELISTED, delisted_at__lte=limit) | Q(state=State.PROPOSED, proposed_at__lte=limit)
    return Account.objects.filter(over).exclude(holder_name="")


def dispose(rows: QuerySet[Account]) -> int:
    """Empty the name; job, resolution and dates stay."""
    return rows.update(holder_name="")


HOLDER = Rule(
    key="social.holder",
    model="social.account",
    fields=("holder_name",),
    title=_("Name of the employee who runs an official social-media account"),
    purpose=_("An account is run only by a named employee; the public reads the job, not the name."),
    basis=_("The resolution that authorises the account"),
    days=DAYS,
    counted_from=_("the day the account was taken off the register, or was proposed and never listed"),
    due=due,
    dispose=dispose,
)
