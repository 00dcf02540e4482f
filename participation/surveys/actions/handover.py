"""Single answers given to the organisation they were collected for, and its receipt."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.surveys import letters
from participation.surveys.actions.editing import Conflict
from participation.surveys.models import HandOver, Questionnaire
from participation.surveys.raw import ballots_of, checksum, raw_file
from portal.audit.actions import record


@transaction.atomic
def hand_over(*, questionnaire: Questionnaire, by: Any) -> HandOver:
    """Note that the answers are ready for the organisation, and tell it; its own staff fetch them.

    The checksum is that of `raw_file(questionnaire)`, which stays the same as long as the answers are kept. Raises
    Conflict where it is on nobody's behalf, not counted yet, or the answers are destroyed.
    """
    row = Questionnaire.objects.select_for_update(of=("self",)).select_related("on_behalf_of").get(pk=questionnaire.pk)
    if row.on_behalf_of is None or row.counted_at is None or row.raw_destroyed_at is not None:
        raise Conflict
    with raw_file(row) as file:
        sha256 = checksum(file)
    given = HandOver.objects.create(
        questionnaire=row, organisation=row.on_behalf_of, made_by=by, ballots=ballots_of(row).count(), sha256=sha256
    )
    data = {"hand_over": given.pk, "organisation": row.on_behalf_of.code, "ballots": given.ballots}
    record(verb="questionnaire.handed_over", subject=row, by=by, data=data)
    letters.handed_over(given)
    return given


@transaction.atomic
def acknowledge_receipt(*, given: HandOver, received_by: str, by: Any) -> HandOver:
    """The organisation has the file and its checksum fits; `received_by` is who says so. Once."""
    rows = HandOver.objects.filter(pk=given.pk, received_at=None)
    if not received_by.strip() or not rows.update(received_at=timezone.now(), received_by=received_by.strip()):
        raise Conflict
    given.refresh_from_db()
    record(verb="questionnaire.received", subject=given.questionnaire, by=by, data={"hand_over": given.pk})
    return given
