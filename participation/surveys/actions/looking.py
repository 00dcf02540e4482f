"""Looking at results while answers are still taken."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from participation.surveys.actions.counting import live_tallies
from participation.surveys.actions.editing import Conflict
from participation.surveys.kinds import Kind, Phase
from participation.surveys.models import EarlyLook, Questionnaire
from participation.surveys.results.cubes import totals_of
from participation.surveys.results.publishing import decide
from portal.audit.actions import record
from portal.figures.suppression import Publication


@transaction.atomic
def look_early(*, questionnaire: Questionnaire, reason: str, by: Any) -> EarlyLook:
    """Let somebody see results while answers are still taken. The results page tells it for ever, with the reason.

    What is seen is kept with the look. Where too few answered since the look before, the same is seen again: two
    looks must not single out who answered in between. Raises Conflict where it cannot be looked at early.
    """
    row = Questionnaire.objects.select_for_update(no_key=True).get(pk=questionnaire.pk)
    if row.kind == Kind.SATISFACTION or row.phase() not in (Phase.OPEN, Phase.COUNTING) or not reason.strip():
        raise Conflict
    looks = list(row.early_looks.order_by("at", "pk"))
    earlier = [Publication.from_record(look.results["figures"]) for look in looks]
    results = decide(row, totals_of(row, live_tallies(row)), cuts=False, earlier=earlier)
    if results["repeated"]:
        results = looks[-1].results
    look = EarlyLook.objects.create(questionnaire=row, by=by, reason=reason.strip(), results=results)
    record(verb="questionnaire.early_look", subject=row, by=by, data={"early_look": look.pk})
    return look
