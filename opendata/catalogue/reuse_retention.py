"""How long is kept what people sent of things they made."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Reuse
from opendata.catalogue.models.around import ReuseState
from portal.retention.registry import Rule, before, days, register

REFUSED_DAYS = days("catalogue.reuse", 90)


def refused_due(at: datetime) -> QuerySet[Reuse]:
    """What was not shown, long enough ago."""
    return Reuse.objects.filter(state=ReuseState.REFUSED, decided_at__lt=before(at, REFUSED_DAYS))


def delete(reuses: QuerySet[Reuse]) -> int:
    """Nothing refers to them."""
    return reuses.delete()[0]


FIELDS = ("title", "url", "description", "made_by", "refused_because")
BELONGS_TO = {
    "catalogue.dataset": "dataset",
    "organisations.unit": "dataset__asset__unit",
    "organisations.organisation": "dataset__asset__organisation",
}
SHOWN = Rule(
    "catalogue.reuse_shown", "catalogue.reuse", FIELDS,
    title=_("Something you made with open data, and the name you gave with it, while it is shown"),
    purpose=_("To show others what can be made with the data."),
    basis=_("You sent it to be shown. Write to us, and we take it down."),
    days=None, counted_from=_("the day it was sent"), within=BELONGS_TO,
)  # fmt: skip
REFUSED = Rule(
    "catalogue.reuse", "catalogue.reuse", FIELDS,
    title=_("Something you sent as made with open data that was not shown"),
    purpose=_("To be able to say why it was not shown."),
    basis=_("You sent it to be shown."),
    days=REFUSED_DAYS, counted_from=_("the day it was decided"), due=refused_due, dispose=delete, within=BELONGS_TO,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(SHOWN, REFUSED)
