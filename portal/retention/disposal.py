"""Disposing of what is due, a batch at a time. May run twice, beside itself, and be killed at any moment: a batch is
one transaction, and what was not reached is still due."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from portal.audit.actions import record
from portal.retention import holds, registry
from portal.retention.models import DisposalRun, EarlyDisposal

logger = logging.getLogger(__name__)

BATCH = 200
MOST_FAILURES = 20
"""So many rows a rule may fail with in a run; with more it is the rule that is wrong, and it ends for the night."""
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
"""What is due then is everything a rule could ever dispose of: finished, whatever its age."""


def obeyed() -> list[registry.Rule]:
    """The rules this task carries out."""
    return [rule for rule in registry.rules() if rule.due is not None and rule.dispose is not None]


def dispose_due(now: datetime | None = None, *, only: str = "", seconds: float | None = None) -> bool:
    """Carry out every rule (or `only` one) until nothing is due. False where `seconds` were over before the end.

    What fails is noted on the run of its rule, and holds up neither the other rows nor the other rules.
    """
    now = now or timezone.now()
    deadline = time.monotonic() + seconds if seconds is not None else float("inf")
    in_time = [_obey(rule, now, deadline) for rule in obeyed() if only in ("", rule.key)]
    return all(in_time)


def _obey(rule: registry.Rule, now: datetime, deadline: float) -> bool:
    run = DisposalRun.objects.create(rule=rule.key, started_at=timezone.now())
    in_time, held = True, 0
    failures: list[str] = []
    try:
        for _batch in _batches(rule, now, run, failures):
            if time.monotonic() > deadline:
                in_time = False
                break
        held = _held(rule, now)
    except Exception as error:
        failures.append(_kind(error))
    failure = failures[-1] if failures else ""
    if failure:
        logger.error("retention rule %s failed %s times: %s", rule.key, len(failures), failure)
    DisposalRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), held=held, failure=failure)
    return in_time


def _kind(error: Exception) -> str:
    """What may be told of an error: its words may quote the row."""
    return type(error).__name__


def _batches(rule: registry.Rule, now: datetime, run: DisposalRun, failures: list[str]) -> Iterator[list[Any]]:
    """Dispose of one batch after the other, in the order of the key; rows another worker has are left to it."""
    assert rule.due is not None
    rows = rule.due(now)
    while ids := _batch(rule, rows, run, failures):
        yield ids
        rows = rule.due(now).filter(pk__gt=ids[-1])


def _batch(rule: registry.Rule, rows: QuerySet[Any], run: DisposalRun, failures: list[str]) -> list[Any]:
    """Dispose of the first of these rows; one by one where they fail together. The keys of those tried."""
    ids: list[Any] = []
    try:
        with transaction.atomic():
            if ids := _locked(rows, BATCH):
                _dispose(rule, ids, run)
    except Exception:
        if not ids:
            raise
        _one_by_one(rule, rows, ids, run, failures)
    return ids


def _one_by_one(
    rule: registry.Rule, rows: QuerySet[Any], ids: list[Any], run: DisposalRun, failures: list[str]
) -> None:
    """Dispose of each of these for itself, so that one that fails keeps no other. Raises the last of too many."""
    for pk in ids:
        try:
            with transaction.atomic():
                if _locked(rows.filter(pk=pk), 1):
                    _dispose(rule, [pk], run)
        except Exception as error:
            if len(failures) + 1 >= MOST_FAILURES:
                raise
            failures.append(_kind(error))


def _locked(rows: QuerySet[Any], most: int | None) -> list[Any]:
    """Keys of rows that are still due and not held, locked. PostgreSQL looks at each row again once it has it."""
    rows = registry.unheld(rows).order_by("pk").only("pk")
    return [row.pk for row in rows.select_for_update(skip_locked=True, of=("self",))[:most]]


def _dispose(rule: registry.Rule, ids: list[Any], run: DisposalRun) -> int:
    assert rule.due is not None
    assert rule.dispose is not None
    model = rule.due(END_OF_TIME).model
    count = rule.dispose(model._base_manager.filter(pk__in=ids))
    DisposalRun.objects.filter(pk=run.pk).update(rows=F("rows") + count)
    return count


def _held(rule: registry.Rule, now: datetime) -> int:
    """How many rows would have gone but for a hold."""
    assert rule.due is not None
    held = holds.active_holds()
    return holds.only(rule.due(now), held).count() if held else 0


def preview(now: datetime | None = None, *, only: str = "") -> list[tuple[registry.Rule, int, int]]:
    """For each rule how many rows would go, and how many a hold keeps."""
    now, held = now or timezone.now(), holds.active_holds()
    rows = [(rule, rule.due(now)) for rule in obeyed() if rule.due is not None and only in ("", rule.key)]
    return [(rule, holds.without(due, held).count(), holds.only(due, held).count()) for rule, due in rows]


# Before its time -----------------------------------------------------------------------------------------


def can_go(kind: str, key: str) -> bool:
    """Whether anything of a subject could be disposed of now: it is finished, and not disposed of already."""
    return any(_rows_of(rule, kind, key).exists() for rule in _own(kind))


def _own(kind: str) -> list[registry.Rule]:
    return [rule for rule in obeyed() if rule.model == kind]


def _rows_of(rule: registry.Rule, kind: str, key: str) -> QuerySet[Any]:
    assert rule.due is not None
    return holds.belonging(rule, rule.at_once() if rule.at_once else rule.due(END_OF_TIME), kind, key)


def carry_out_approved() -> int:
    """Carry out what two people decided; what a hold keeps goes on waiting. Returns how many were done."""
    return sum(map(carry_out, list(EarlyDisposal.objects.to_do().order_by("pk").values_list("pk", flat=True))))


def carry_out(pk: int) -> bool:
    """Dispose of one subject with all that belongs to it, or of nothing: a hold on it, its being taken up again, or
    somebody at work on a part of it keeps the whole, and so does a failure, of which only the kind is logged."""
    try:
        return _carry_out(pk)
    except Exception as error:
        logger.error("early disposal %s failed: %s", pk, _kind(error))
        return False


@transaction.atomic
def _carry_out(pk: int) -> bool:
    holds.lock_shared()
    early = EarlyDisposal.objects.to_do().select_for_update(skip_locked=True).filter(pk=pk).first()
    if early is None or not _is_free(early):
        return False
    for rule in obeyed():
        ids = _locked(_rows_of(rule, early.subject_kind, early.subject_id), None)
        if ids:
            run = DisposalRun.objects.create(rule=rule.key, early=early)
            _dispose(rule, ids, run)
            DisposalRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    EarlyDisposal.objects.filter(pk=pk).update(done_at=timezone.now())
    record(verb="early_disposal.done", subject=early)
    return True


def _is_free(early: EarlyDisposal) -> bool:
    """Whether its own row, and all that belongs to it, can be had now: finished, not held, in nobody else's hands.

    Asked before anything goes, because the contents of a file do not come back with a rollback.
    """
    kind, key = early.subject_kind, early.subject_id
    own = any(_locked(_rows_of(rule, kind, key), None) for rule in _own(kind))
    return own and all(_is_locked_whole(_rows_of(rule, kind, key)) for rule in obeyed())


def _is_locked_whole(rows: QuerySet[Any]) -> bool:
    """Lock these rows; False where one is held, or somebody else has it."""
    return not rows.exclude(pk__in=_locked(rows, None)).exists()
