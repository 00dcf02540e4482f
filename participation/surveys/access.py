"""Who may build a questionnaire, see its results before the public does, and read single answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from participation.surveys.kinds import Kind, Phase, State
from participation.surveys.models import Ballot, Questionnaire, QuestionnaireQuerySet
from participation.surveys.months import month_of, started_at
from portal.organisations.access import unit_ids
from portal.organisations.models import Membership


def editable_by(user: Any) -> QuestionnaireQuerySet:
    """The questionnaires of the user's units; all of them for an administrator of the portal."""
    rows = Questionnaire.objects.all()
    return rows if user.is_superuser else rows.of_units(unit_ids(user))


def visible_to(user: Any) -> QuestionnaireQuerySet:
    """Those the user may build, and those asked on behalf of an organisation the user belongs to."""
    own = Membership.objects.filter(user=user).values("unit__organisation")
    return editable_by(user) | Questionnaire.objects.filter(on_behalf_of__in=own)


def belongs_to(user: Any, organisation_id: int | None) -> bool:
    """Does the user work in a unit of this organisation?"""
    return Membership.objects.filter(user=user, unit__organisation=organisation_id).exists()


def looked_early(user: Any, questionnaire: Questionnaire) -> bool:
    """Did this user give a reason for looking at results before closing? What the reason is, everybody sees later."""
    return bool(user.is_authenticated) and questionnaire.early_looks.filter(by=user).exists()


def may_look_early(user: Any, questionnaire: Questionnaire) -> bool:
    """May the user ask for results before closing, giving a reason that is published?"""
    return bool(
        user.has_perm("surveys.look_early")
        and questionnaire.kind != Kind.SATISFACTION
        and questionnaire.phase() in (Phase.OPEN, Phase.COUNTING)
        and (user.is_superuser or questionnaire.unit_id in unit_ids(user))
    )


def sees_results(user: Any, questionnaire: Questionnaire) -> bool:
    """Results are for everybody once they are counted, and for nobody before, but for who looked early."""
    return questionnaire.phase() == Phase.PUBLISHED or looked_early(user, questionnaire)


def may_read_answers(user: Any, questionnaire: Questionnaire) -> bool:
    """Single answers are for members of the organisation they were collected for, never before they are counted.

    Being an administrator of the portal is no membership.
    """
    if questionnaire.raw_destroyed_at is not None or not user.has_perm("surveys.read_answers"):
        return False
    is_member = Membership.objects.filter(
        user=user, unit__organisation=questionnaire.reader_organisation_id
    ).exists()  # fmt: skip
    if not is_member:
        return False
    if questionnaire.kind == Kind.SATISFACTION:
        return questionnaire.state == State.SCHEDULED
    return questionnaire.phase() == Phase.PUBLISHED  # an early look is at totals only


def readable_ballots(user: Any, questionnaire: Questionnaire) -> QuerySet[Ballot]:
    """The ballots whose answers the user may read; of the standing survey those of months that are over."""
    if not may_read_answers(user, questionnaire):
        return Ballot.objects.none()
    rows = Ballot.objects.filter(questionnaire=questionnaire)
    is_over = questionnaire.phase() == Phase.PUBLISHED
    return rows if is_over else rows.filter(cast_hour__lt=started_at(month_of()))
