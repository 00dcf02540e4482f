"""A ballot is cast: stored whole or not at all, once for each voter, and never where it could miss the count."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, astuple, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from participation.surveys.answers import Given, Problem, Profile, load_structure, problems
from participation.surveys.kinds import UNSAID
from participation.surveys.models import Ballot, Invitation, Questionnaire
from portal.digits import strip_bidi


class AlreadyVoted(Exception):
    """This voter's ballot is already there; nothing was stored."""


class NotOpen(Exception):
    """Not open yet, closed, withdrawn, a draft, or only for the invited; nothing was stored."""


class Changed(Exception):
    """What is asked changed after the form was shown; nothing was stored."""


class Unfit(Exception):
    """The answers do not fit what was asked; nothing was stored."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.question}: {problem.code}" for problem in found))
        self.problems = found


def cast_ballot(
    *,
    questionnaire: Questionnaire,
    voter_key: str,
    given: Sequence[Given],
    profile: Profile,
    language: str,
    source: str,
    version: int,
    invitation: Invitation | None = None,
) -> Ballot:
    """Store one voter's answers in one statement. `version` is the one whose form was filled in.

    Raises AlreadyVoted, NotOpen, Changed or Unfit, and then has stored nothing.
    """
    answers = [replace(answer, text=strip_bidi(answer.text).strip()) for answer in given]
    if version != questionnaire.version:
        raise Changed
    structure = load_structure(questionnaire)
    if found := problems(structure, answers, profile):
        raise Unfit(found)
    # Left out where it was asked: prefers not to say.
    told = {cut.value: getattr(profile, cut.value) or UNSAID for cut in structure.cuts}
    fields = asdict(Profile(**told)) | {"voter_key": voter_key, "source": source, "language": language}
    with nullcontext() if invitation is None else transaction.atomic():
        if invitation is not None:
            _use(invitation, questionnaire)
        return _store(questionnaire, version, fields, answers, is_invited=invitation is not None)


# Whoever counts, edits or withdraws locks the row of the questionnaire FOR UPDATE. Until a ballot is committed they
# wait, so that one let in is counted; and it waits for them, so that none is let in behind them. The foreign key alone
# would not do: it is checked at the commit, when the count may be over. The clock is read once the lock is held.
STORE = """
    WITH door AS MATERIALIZED (
        SELECT asked.*, clock_timestamp() AS entered_at
        FROM (SELECT * FROM surveys_questionnaire WHERE id = %(questionnaire)s FOR KEY SHARE) AS asked
    ),
    open_door AS (
        SELECT *, version = %(version)s AS is_same FROM door
        WHERE state = 'scheduled' AND counted_at IS NULL AND opens_at <= entered_at
        AND (closes_at IS NULL OR entered_at < closes_at) AND (access = 'anyone' OR %(is_invited)s)
    ),
    ballot AS (
        INSERT INTO surveys_ballot
            (questionnaire_id, voter_key, source, cast_hour, language, gender, age_group, governorate)
        SELECT id, %(voter_key)s, %(source)s, date_trunc('hour', entered_at, 'UTC'), %(language)s,
            %(gender)s, %(age_group)s, %(governorate)s
        FROM open_door WHERE is_same
        ON CONFLICT (questionnaire_id, voter_key) DO NOTHING RETURNING id, cast_hour
    ),
    answers AS (
        INSERT INTO surveys_answer (ballot_id, question_id, row_id, option_id, number, date, text)
        SELECT ballot.id, given.* FROM ballot, unnest(
            %(questions)s::bigint[], %(rows)s::bigint[], %(options)s::bigint[], %(numbers)s::numeric[],
            %(dates)s::date[], %(texts)s::text[]
        ) AS given
    ),
    freezing AS (
        UPDATE surveys_questionnaire SET frozen_at = entered_at FROM door, ballot
        WHERE surveys_questionnaire.id = %(questionnaire)s AND surveys_questionnaire.frozen_at IS NULL
    )
    SELECT is_same, ballot.id, cast_hour FROM open_door LEFT JOIN ballot ON true
"""
COLUMNS = ("questions", "rows", "options", "numbers", "dates", "texts")
"""The parts of Given, in its order."""


def _store(
    questionnaire: Questionnaire, version: int, fields: dict[str, Any], answers: list[Given], *, is_invited: bool
) -> Ballot:
    """The ballot, its answers and, with the first one, the moment from which nothing of what is asked may change."""
    columns = zip(*(astuple(answer) for answer in answers), strict=True)
    values = {"questionnaire": questionnaire.pk, "version": version, "is_invited": is_invited, **fields}
    with connection.cursor() as cursor:
        cursor.execute(STORE, values | dict(zip(COLUMNS, map(list, columns), strict=True)))
        row = cursor.fetchone()
    if row is None:
        raise NotOpen
    is_same, pk, cast_hour = row
    if not is_same:
        raise Changed
    if pk is None:
        raise AlreadyVoted
    ballot = Ballot(pk=pk, questionnaire=questionnaire, cast_hour=cast_hour, **fields)
    ballot._state.adding = False
    return ballot


def _use(invitation: Invitation, questionnaire: Questionnaire) -> None:
    """The link has done its work; that it was used is kept, to the day."""
    if invitation.questionnaire_id != questionnaire.pk:
        raise NotOpen
    if not Invitation.objects.filter(pk=invitation.pk, used_on=None).update(used_on=timezone.localdate()):
        raise AlreadyVoted
