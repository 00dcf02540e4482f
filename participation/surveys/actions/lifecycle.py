"""What staff do with a questionnaire as a whole."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.actions.copying import copy_questionnaire
from participation.surveys.actions.destruction import destroy_due, destroy_raw
from participation.surveys.actions.editing import Conflict, Frozen, frozen_fields, lock_for_edit
from participation.surveys.actions.handover import acknowledge_receipt, hand_over
from participation.surveys.actions.invitations import BadAddresses, invite, send_invitations
from participation.surveys.actions.looking import look_early
from participation.surveys.actions.readiness import NotReady, shortcomings
from participation.surveys.actions.reminders import remind_missing_outcomes
from participation.surveys.kinds import Phase, State
from participation.surveys.models import Answer, Question, Questionnaire, Quote
from portal.audit.actions import record

__all__ = [
    "BadAddresses",
    "Conflict",
    "Frozen",
    "NotReady",
    "NotSaid",
    "acknowledge_receipt",
    "approve_quote",
    "copy_questionnaire",
    "destroy_due",
    "destroy_raw",
    "frozen_fields",
    "hand_over",
    "invite",
    "lock_for_edit",
    "look_early",
    "publish_findings",
    "remind_missing_outcomes",
    "schedule",
    "send_invitations",
    "shortcomings",
    "take_back_quote",
    "withdraw",
]


@transaction.atomic
def schedule(*, questionnaire: Questionnaire, version: int, by: Any) -> Questionnaire:
    """From now on it opens and closes by itself. Raises NotReady, or Conflict where it is no draft any more."""
    lock_for_edit(questionnaire, version)
    if questionnaire.state != State.DRAFT:
        raise Conflict
    questionnaire.refresh_from_db()
    if codes := shortcomings(questionnaire):
        raise NotReady(codes)
    return _become(questionnaire, State.SCHEDULED, "scheduled", by)


@transaction.atomic
def withdraw(*, questionnaire: Questionnaire, version: int, by: Any) -> Questionnaire:
    """It leaves the public pages and takes no more answers. Raises Conflict for a draft, and once it is counted."""
    lock_for_edit(questionnaire, version, structure=False)
    if questionnaire.state != State.SCHEDULED or questionnaire.counted_at is not None:
        raise Conflict
    return _become(questionnaire, State.WITHDRAWN, "withdrawn", by)


def _become(questionnaire: Questionnaire, state: State, verb: str, by: Any) -> Questionnaire:
    """Change the state of a locked questionnaire."""
    Questionnaire.objects.filter(pk=questionnaire.pk).update(state=state)
    questionnaire.refresh_from_db()
    record(verb=f"questionnaire.{verb}", subject=questionnaire, by=by)
    return questionnaire


@transaction.atomic
def publish_findings(*, questionnaire: Questionnaire, findings_ar: str, findings_en: str, version: int, by: Any) -> Any:
    """Put what was learned beside the results, in both languages; later calls correct it. Raises Conflict."""
    lock_for_edit(questionnaire, version, structure=False)
    is_standing = questionnaire.phase() == Phase.OPEN and questionnaire.closes_at is None
    if not (findings_ar.strip() and findings_en.strip()):
        raise Conflict
    if questionnaire.phase() != Phase.PUBLISHED and not is_standing:
        raise Conflict
    Questionnaire.objects.filter(pk=questionnaire.pk).update(
        findings_ar=findings_ar, findings_en=findings_en,
        findings_published_at=questionnaire.findings_published_at or timezone.now(),
    )  # fmt: skip
    questionnaire.refresh_from_db()
    record(verb="questionnaire.findings", subject=questionnaire, by=by)
    return questionnaire


class NotSaid(Exception):
    """The words of a quote stand in no answer to its question."""

    message = _("Nobody wrote this. Copy the words as they are; leave words out with “…”.")


@transaction.atomic
def approve_quote(*, question: Question, text: str, language: str, by: Any) -> Quote:
    """Publish words of a free answer that somebody has read: nothing in them may tell who wrote them.

    What is stored is what the reader approved, which may be shorter than what was written ("…" stands for what is
    left out), and not from which ballot. Raises Conflict before the results are published, and NotSaid.
    """
    questionnaire = question.page.questionnaire
    if questionnaire.phase() != Phase.PUBLISHED or not text.strip():
        raise Conflict
    written = Answer.objects.filter(question=question)
    for piece in filter(None, (piece.strip() for piece in re.split(r"…|\.\.\.|\n", text))):
        written = written.filter(text__contains=piece)
    if not written.exists():
        raise NotSaid
    quote = Quote.objects.create(question=question, text=text.strip(), language=language, approved_by=by)
    record(verb="questionnaire.quoted", subject=questionnaire, by=by, data={"quote": quote.pk})
    return quote


@transaction.atomic
def take_back_quote(*, quote: Quote, by: Any) -> None:
    """A quote leaves the results at once; that there was one stays in the history."""
    record(verb="questionnaire.unquoted", subject=quote.question.page.questionnaire, by=by, data={"quote": quote.pk})
    quote.delete()
