"""Two years of the e-transformation assessment: one over, one open, with organisations in every state."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from policies.assessment.actions import Given, accept_assessment, return_assessment, save_answers, submit_assessment
from policies.assessment.asking import ask_new_organisations, begin_set, save_indicator
from policies.assessment.models import Assessment, Indicator, IndicatorSet
from policies.assessment.states import Area, Kind, State
from portal.home.demo.content import load
from portal.organisations.models import Membership, Role
from portal.staff.models import User

TEXTS = ("question_ar", "question_en", "help_ar", "help_en")


def tell_assessments(now: datetime | None = None) -> int:
    """Tell the years that are not there yet; returns how many assessments they have."""
    now = now or timezone.now()
    content = load("assessment")
    reviewer = User.objects.filter(is_superuser=True).first()
    known = set(IndicatorSet.objects.values_list("year", flat=True))
    count = 0
    for plan in content["years"]:
        year = timezone.localdate(now).year - plan["years_ago"]
        if year in known or reviewer is None:
            continue
        opened = _open(year, plan, content["indicators"], now, reviewer)
        for row in opened.assessments.select_related("organisation", "indicator_set"):
            if body := plan["bodies"].get(row.organisation.code):
                _fill_in(row, body, content, now, reviewer)
                count += 1
    return count


def _open(year: int, plan: dict[str, Any], indicators: list[dict[str, Any]], now: datetime, by: User) -> IndicatorSet:
    closes_on = timezone.localdate(now) - timedelta(days=plan["closed_days_ago"])
    begun = begin_set(year=year, closes_on=closes_on, by=by)
    if not begun.indicators.exists():
        for position, row in enumerate(indicators, start=1):
            texts = {name: row[name] for name in TEXTS}
            full_at = Decimal(row["full_at"]) if "full_at" in row else None
            asked = Indicator(
                indicator_set=begun, area=row["area"], code=row["code"], kind=row["kind"], weight=row["weight"],
                full_at=full_at, position=position * 10, **texts,
            )  # fmt: skip
            save_indicator(indicator=asked, by=by)
    opened_at = now - timedelta(days=plan["opened_days_ago"])
    IndicatorSet.objects.filter(pk=begun.pk).update(opened_at=opened_at, opened_by=by)
    begun.refresh_from_db()
    ask_new_organisations(indicator_set=begun, by=by)
    return begun


def _fill_in(row: Assessment, body: dict[str, Any], content: dict[str, Any], now: datetime, reviewer: User) -> None:
    dice = Random(f"assessment {row.organisation.code} {row.indicator_set.year}")  # noqa: S311 - dice, no secrets
    lead = _lead(row) or reviewer
    areas = Area.values if body["state"] != State.DRAFT else Area.values[:2]
    for area in areas:
        indicators = row.indicator_set.indicators.filter(area=area)
        given = {one.pk: _answer(one, body["level"], dice, content["evidence_ar"]) for one in indicators}
        save_answers(assessment=row, area=area, given=given, version=1, by=lead)
    if body["state"] == State.DRAFT:
        return
    submit_assessment(assessment=row, by=lead)
    if lead != reviewer and body["state"] == State.ACCEPTED:
        accept_assessment(assessment=row, by=reviewer)
    elif lead != reviewer and body["state"] == State.RETURNED:
        return_assessment(assessment=row, by=reviewer, reason=content["reason_ar"])
    _date(row, now - timedelta(days=body["days_ago"]))


def _lead(row: Assessment) -> User | None:
    members = Membership.objects.filter(unit__organisation=row.organisation, role=Role.LEAD).select_related("user")
    member = members.order_by("unit__code").first()
    return member.user if member else None


def _answer(indicator: Indicator, level: float, dice: Random, evidence: str) -> Given:
    """An answer near the level of the organisation."""
    reached = min(1.0, max(0.0, dice.gauss(level, 0.12)))
    match indicator.kind:
        case Kind.YES_NO:
            return Given(Decimal(int(dice.random() < level + 0.25)))
        case Kind.LEVEL:
            return Given(Decimal(round(4 * reached)))
        case Kind.SHARE:
            return Given(Decimal(round(100 * reached)))
        case Kind.NUMBER:
            return Given(Decimal(round(reached * float(indicator.full_at or 1))))
    return Given(evidence=evidence)


def _date(row: Assessment, decided_at: datetime) -> None:
    """As if it had been decided then and submitted four days before."""
    dates = {"submitted_at": decided_at - timedelta(days=4)}
    if row.decided_at is not None:
        dates["decided_at"] = decided_at
    Assessment.objects.filter(pk=row.pk).update(**dates)
