"""Rows of cases as lists show them, with their working time left, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from django.db import models

from participation.feedback.models import Case
from participation.feedback.states import UNFINISHED
from portal.clocks.time_left import measure

UNSHOWN = ("search", "name", "email", "phone", "safety_reason", "secret_hash", "form_token", "fingerprint")


SHOWN = (
    "reference", "kind", "priority", "language", "text", "state", "escalation_level", "due_at", "assigned_until",
    "unit", "topic", "assignee",
)  # fmt: skip


def with_time_left(cases: Sequence[Case]) -> Sequence[Case]:
    """Give each case its `time_left`; None where it is finished. Wants `unit` to be joined."""
    measured = measure(
        (case.pk, case.due_at, case.unit.calendar_id if case.unit else None)
        for case in cases
        if case.state in UNFINISHED
    )
    for case in cases:
        case.time_left = measured.get(case.pk)  # type: ignore[attr-defined]
    return cases


QUEUE_ORDER = (models.F("queue_rank"), models.F("queue_at").asc(nulls_last=True), models.F("id"))


def first(parts: Sequence[models.QuerySet[Case]], size: int, order: Sequence[Any] = QUEUE_ORDER) -> list[Case]:
    """The first cases of several querysets, each of which an index answers by itself.

    One query over all of them would have to sort everything that waits.
    """
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0].only(*SHOWN).order_by(*order)[:size])
    cut = [rows.order_by(*order).values("pk")[:size] for rows in parts]
    found = reduce(lambda one, other: one.union(other, all=True), cut)
    ids = [row["pk"] for row in found]
    return list(Case.objects.filter(pk__in=ids).only(*SHOWN).order_by(*order)[:size])


def capped_count(rows: models.QuerySet[Case], most: int = 1000) -> str:
    """How many there are; counting stops at `most`, so that a long queue does not make the page slow."""
    number = rows.order_by().values("pk")[: most + 1].count()
    return f"{most:,}+" if number > most else str(number)
