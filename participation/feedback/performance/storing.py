"""Keeping the table up to date: what is missing or not final yet is counted, what is final is left alone."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from participation.feedback.models import Case, MonthlyFigures
from participation.feedback.performance.counting import figures
from participation.feedback.performance.facts import Facts, facts_of
from participation.feedback.performance.months import month_of, months_between, plus
from participation.feedback.performance.withholding import withheld_parts

logger = logging.getLogger(__name__)

OPEN_MONTHS = 2
"""So many of the months that are over are counted again each day: a closure announced late excuses, a message turns out
to be out of scope. Then a month is final."""


def compute_figures(now: datetime | None = None) -> int:
    """Count every month that is over and not final; returns how many were looked at. A second run changes nothing."""
    last = plus(month_of(now or timezone.now()), -1)
    counted = 0
    for month in _to_count(last):
        try:
            _count_month(month, is_final=month <= plus(last, -OPEN_MONTHS))
            counted += 1
        except Exception:  # one month that cannot be counted must not hold up the others
            logger.exception("figures of %s could not be counted", month)
    return counted


def _to_count(last: date) -> list[date]:
    first = Case.objects.aggregate(at=Min("received_at"))["at"]
    if first is None:
        return []
    final = set(MonthlyFigures.objects.overall().filter(is_final=True).values_list("month", flat=True))
    return [month for month in months_between(month_of(first), last) if month not in final]


@transaction.atomic
def _count_month(month: date, *, is_final: bool) -> None:
    with connection.cursor() as cursor:  # two workers at once would both insert
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('feedback.figures', 0))")
    kept = {row.unit_id: row for row in MonthlyFigures.objects.filter(month=month)}
    if None in kept and kept[None].is_final:
        return
    wanted = _rows(month, is_final)
    gone = [row.pk for unit, row in kept.items() if unit not in wanted]
    MonthlyFigures.objects.filter(pk__in=gone).delete()
    for unit, row in wanted.items():
        _store(row, kept.get(unit))


def _rows(month: date, is_final: bool) -> dict[int | None, MonthlyFigures]:
    by_unit = {unit: facts for unit, facts in facts_of(month).items() if facts.cases}
    together = Facts()
    for facts in by_unit.values():
        together.add(facts)
    counted: dict[int | None, dict[str, int | None]] = {None: figures(together)}
    counted |= {unit: figures(facts) for unit, facts in by_unit.items()}
    parts = withheld_parts(counted)
    now = timezone.now()
    return {
        unit: MonthlyFigures(
            unit_id=unit, month=month, withheld=parts[unit], is_final=is_final, changed_at=now, **columns
        )
        for unit, columns in counted.items()
    }


def _store(row: MonthlyFigures, kept: MonthlyFigures | None) -> None:
    """Write what differs. `changed_at` follows the figures only, so that nothing seems new each morning."""
    if kept is not None:
        row.pk = kept.pk
        if _values(row) == _values(kept):
            row.changed_at = kept.changed_at
            if row.is_final == kept.is_final:
                return
    row.save(force_insert=kept is None, force_update=kept is not None)


def _values(row: MonthlyFigures) -> list[object]:
    own = ("id", "is_final", "changed_at")
    return [getattr(row, column.attname) for column in row._meta.concrete_fields if column.name not in own]
