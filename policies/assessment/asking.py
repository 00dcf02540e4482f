"""Making up the questions of a year and putting them to the organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies.assessment.models import Assessment, Indicator, IndicatorSet, Sheet
from policies.assessment.states import Area
from portal.audit.actions import record
from portal.organisations.models import Organisation

COPIED = ("area", "code", "position", "question_ar", "question_en", "help_ar", "help_en", "kind", "weight", "full_at")


@transaction.atomic
def begin_set(*, year: int, closes_on: date, by: Any) -> IndicatorSet:
    """Begin the set of a year with the indicators of the latest one before it, to be changed until it is opened."""
    before = IndicatorSet.objects.filter(year__lt=year).order_by("-year").first()
    begun = IndicatorSet.objects.create(year=year, closes_on=closes_on)
    if before is not None:
        rows = before.indicators.order_by("position", "code").values(*COPIED)
        Indicator.objects.bulk_create(Indicator(indicator_set=begun, **row) for row in rows)
    record(verb="indicatorset.written", subject=begun, by=by, data={"year": year})
    return begun


@transaction.atomic
def move_deadline(*, indicator_set: IndicatorSet, closes_on: date, by: Any) -> bool:
    """Set another last day; False where it is that day already."""
    if not IndicatorSet.objects.filter(pk=indicator_set.pk).exclude(closes_on=closes_on).update(closes_on=closes_on):
        return False
    indicator_set.refresh_from_db()
    record(verb="indicatorset.edited", subject=indicator_set, by=by, data={"closes_on": closes_on})
    return True


class NothingAsked(Exception):
    """A set without indicators that count cannot be opened."""


@transaction.atomic
def open_set(*, indicator_set: IndicatorSet, by: Any) -> bool:
    """Freeze the indicators and ask every organisation with staff here; False where it is open already."""
    if not indicator_set.indicators.filter(weight__gt=0).exists():
        raise NothingAsked
    rows = IndicatorSet.objects.filter(pk=indicator_set.pk, opened_at=None)
    if not rows.update(opened_at=timezone.now(), opened_by=by):
        return False
    indicator_set.refresh_from_db()
    count = _ask_the_rest(indicator_set)
    record(verb="indicatorset.opened", subject=indicator_set, by=by, data={"organisations": count})
    return True


@transaction.atomic
def ask_new_organisations(*, indicator_set: IndicatorSet, by: Any) -> int:
    """Ask the organisations that came after the set was opened; returns how many."""
    if not indicator_set.is_open:
        return 0
    if count := _ask_the_rest(indicator_set):
        record(verb="indicatorset.asked", subject=indicator_set, by=by, data={"organisations": count})
    return count


def _ask_the_rest(indicator_set: IndicatorSet) -> int:
    """An assessment and its sheets for each organisation that has none; two who ask at once make one of each."""
    asked = Assessment.objects.filter(indicator_set=indicator_set).values("organisation")
    rest = list(Organisation.objects.filter(is_external=False).exclude(pk__in=asked))
    rows = [Assessment(indicator_set=indicator_set, organisation=one) for one in rest]
    Assessment.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(Assessment.objects.filter(indicator_set=indicator_set, sheets=None))
    sheets = [Sheet(assessment=row, area=area) for row in made for area in Area.values]
    Sheet.objects.bulk_create(sheets, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def save_indicator(*, indicator: Indicator, by: Any) -> Indicator:
    """Store an indicator of a set that is not open yet; the database refuses any other."""
    verb = "indicator.edited" if indicator.pk else "indicator.written"
    indicator.save()
    record(verb=verb, subject=indicator, by=by, data={"code": indicator.code})
    return indicator


@transaction.atomic
def remove_indicator(*, indicator: Indicator, by: Any) -> None:
    """Take an indicator out of a set that is not open yet."""
    record(verb="indicator.removed", subject=indicator, by=by, data={"code": indicator.code})
    indicator.delete()
