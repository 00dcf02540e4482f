"""What organisations and the authority do with an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.assessment.models import Answer, Assessment, Indicator, Sheet
from policies.assessment.states import FILLED_IN, Kind, State
from portal.audit.actions import record
from portal.audit.models import AuditEvent


class Conflict(Exception):
    """It is no longer what the caller saw: somebody else saved it first, or it was submitted meanwhile."""

    message = _("Somebody else changed this part in the meantime. See what is new, then save again.")


class NotReady(Exception):
    """Indicators that still have to be answered before it can be submitted."""

    def __init__(self, indicators: list[Indicator]) -> None:
        super().__init__([indicator.code for indicator in indicators])
        self.indicators = indicators


class OwnWork(Exception):
    """Whoever filled in an assessment, or submitted it, does not decide on it."""


@dataclass(frozen=True)
class Given:
    """What somebody wrote about one indicator."""

    value: Decimal | None = None
    evidence: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        return self.value is None and not self.evidence and not self.link


@transaction.atomic
def save_answers(*, assessment: Assessment, area: str, given: dict[int, Given], version: int, by: Any) -> bool:
    """Store what was written about the indicators (by id) of one area; False where nothing differs.

    Nothing has to be complete. Raises Conflict where the area is no longer of `version`, or the organisation may no
    longer change it.
    """
    _locked(assessment, *FILLED_IN)
    stored = {row.indicator_id: row for row in Answer.objects.filter(assessment=assessment, indicator__area=area)}
    indicators = {row.pk: row for row in assessment.indicator_set.indicators.filter(area=area)}
    changed = [pk for pk, one in given.items() if pk in indicators and _given(stored.get(pk)) != one]
    if not changed:
        return False
    sheets = Sheet.objects.filter(assessment=assessment, area=area, version=version)
    if not sheets.update(version=F("version") + 1, saved_at=timezone.now(), saved_by=by):
        raise Conflict
    for pk in changed:
        _store(assessment, indicators[pk], given[pk], stored.get(pk))
    Assessment.objects.filter(pk=assessment.pk).update(version=F("version") + 1)
    assessment.refresh_from_db(fields=["version"])
    codes = sorted(indicators[pk].code for pk in changed)
    record(
        verb="assessment.saved",
        subject=assessment,
        by=by,
        data={"area": area, "indicators": codes, "sheet": version + 1},
    )
    return True


def _given(row: Answer | None) -> Given:
    return Given(row.value, row.evidence, row.link) if row else Given()


def _store(assessment: Assessment, indicator: Indicator, given: Given, row: Answer | None) -> None:
    row = row or Answer(assessment=assessment, indicator=indicator)
    row.value, row.evidence, row.link = given.value, given.evidence, given.link
    row.save()


def unanswered(assessment: Assessment) -> list[Indicator]:
    """Indicators that still need a value, or words where words are asked."""
    answers = {row.indicator_id: row for row in assessment.answers.all()}
    return [one for one in assessment.indicator_set.indicators.all() if not _is_answered(one, answers.get(one.pk))]


def _is_answered(indicator: Indicator, answer: Answer | None) -> bool:
    if answer is None:
        return False
    return bool(answer.evidence) if indicator.kind == Kind.TEXT else answer.value is not None


@transaction.atomic
def submit_assessment(*, assessment: Assessment, by: Any, version: int | None = None) -> bool:
    """Send it to the authority; from then on its answers are locked. False where it was sent already.

    Raises NotReady where something is unanswered; Conflict where answers changed after `version` was read.
    """
    stored = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if stored.state not in FILLED_IN:
        return False
    if version is not None and stored.version != version:
        raise Conflict
    if missing := unanswered(stored):
        raise NotReady(missing)
    return _move(assessment, "submitted", *FILLED_IN, by=by, state=State.SUBMITTED, submitted_at=timezone.now(),
                 submitted_by=by, decided_at=None, decided_by=None)  # fmt: skip


@transaction.atomic
def return_assessment(*, assessment: Assessment, reason: str, by: Any, version: int | None = None) -> bool:
    """Give it back to the organisation for correction; False where somebody decided before.

    Raises OwnWork for whoever worked on it, Conflict where it is another submission than `version` was read of.
    """
    _check_reader(assessment, by, version)
    return _move(assessment, "returned", State.SUBMITTED, by=by, state=State.RETURNED, decided_at=timezone.now(),
                 decided_by=by, reason=reason)  # fmt: skip


@transaction.atomic
def accept_assessment(*, assessment: Assessment, by: Any, version: int | None = None) -> bool:
    """Take its figures into the public report; False where somebody decided before.

    Raises OwnWork for whoever worked on it, Conflict where it is another submission than `version` was read of.
    """
    _check_reader(assessment, by, version)
    return _move(assessment, "accepted", State.SUBMITTED, by=by, state=State.ACCEPTED, decided_at=timezone.now(),
                 decided_by=by)  # fmt: skip


def has_worked_on(user: Any, assessment: Assessment) -> bool:
    """Whether the user ever saved answers of it or submitted it; the history knows all who did."""
    if user.pk == assessment.submitted_by_id or assessment.sheets.filter(saved_by=user.pk).exists():
        return True
    work = AuditEvent.objects.about(assessment).filter(verb__in=["assessment.saved", "assessment.submitted"])
    return work.filter(actor=user).exists()


def _check_reader(assessment: Assessment, by: Any, version: int | None) -> None:
    """Another person than those who worked on it decides, on what they read. The row stays locked meanwhile."""
    rows = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk, state=State.SUBMITTED)
    if (stored := rows.first()) is None:
        return
    if version not in (None, stored.version):
        raise Conflict
    if has_worked_on(by, stored):
        raise OwnWork


def _locked(assessment: Assessment, *states: str) -> Assessment:
    """The stored row under lock; Conflict where it is in none of these states any more."""
    rows = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk, state__in=states)
    if (stored := rows.first()) is None:
        raise Conflict
    return stored


def _move(assessment: Assessment, verb: str, *sources: str, by: Any, **changes: Any) -> bool:
    rows = Assessment.objects.filter(pk=assessment.pk, state__in=sources)
    if not rows.update(version=F("version") + 1, **changes):
        return False
    assessment.refresh_from_db()
    data = {"organisation": assessment.organisation.code, "year": assessment.indicator_set.year}
    record(verb=f"assessment.{verb}", subject=assessment, by=by, data=data)
    return True
