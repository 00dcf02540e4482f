"""Answers half given: kept under a link of their own until they are sent, or nobody comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import models, transaction
from django.utils import timezone

from participation.surveys.actions.voting import cast_ballot
from participation.surveys.models import Ballot, Draft, Questionnaire
from portal.retention.registry import unheld

SALT = "surveys.draft"
IDLE = timedelta(days=30)


def start_draft(*, questionnaire: Questionnaire, language: str, grant: str = "") -> Draft:
    """An empty draft; `grant` is the token of the link the person came with."""
    return Draft.objects.create(questionnaire=questionnaire, language=language, grant=grant)


def draft_token(draft: Draft) -> str:
    """What the address of a draft carries. Whoever has it reads and continues the answers."""
    return signing.dumps(draft.pk, salt=SALT)


def open_draft(token: str, questionnaire: Questionnaire) -> Draft | None:
    """The draft of a token; None where it was altered, sent, discarded, or belongs to another questionnaire."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    draft = Draft.objects.filter(pk=pk, questionnaire=questionnaire).first()
    if draft is not None:
        draft.questionnaire = questionnaire
    return draft


def read_draft(draft: Draft) -> dict[str, list[str]]:
    """What was typed so far, by field name, as forms want it."""
    kept: dict[str, list[str]] = json.loads(draft.answers or "{}")
    return kept


@transaction.atomic
def save_page(*, draft: Draft, names: Iterable[str], data: Mapping[str, Sequence[str]]) -> Draft:
    """Replace what is kept of the fields on one page by what was sent.

    `names` are the fields of the page; one called `q7` stands for `q7_text_3` and the like too. Whatever else is in
    `data` is left out. Two pages saved at the same moment are both kept.
    """
    fresh = Draft.objects.select_for_update().get(pk=draft.pk)
    stems = tuple(names)
    kept = {name: values for name, values in read_draft(fresh).items() if not _belongs(name, stems)}
    sent = {name: [str(value) for value in values] for name, values in data.items() if _belongs(name, stems)}
    draft.answers = json.dumps(kept | sent, ensure_ascii=False)
    draft.updated_at = timezone.now()
    draft.save(update_fields=["answers", "updated_at"])
    return draft


def _belongs(name: str, stems: tuple[str, ...]) -> bool:
    return any(name == stem or name.startswith(f"{stem}_") for stem in stems)


@transaction.atomic
def finish(*, draft: Draft, **ballot: Any) -> Ballot:
    """Cast the ballot (the arguments of cast_ballot) and let go of the draft, or neither."""
    cast = cast_ballot(questionnaire=draft.questionnaire, **ballot)
    Draft.objects.filter(pk=draft.pk).delete()
    return cast


@transaction.atomic
def discard_idle() -> int:
    """Delete drafts nobody came back to, and those that can no longer be sent; returns how many."""
    now = timezone.now()
    over = models.Q(questionnaire__closes_at__lte=now) | ~models.Q(questionnaire__state="scheduled")
    count, _by_model = unheld(Draft.objects.filter(models.Q(updated_at__lt=now - IDLE) | over)).delete()
    return count
