"""A year with an indicator of each kind, who fills it in, and who checks it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from policies.assessment.actions import Given, accept_assessment, save_answers, submit_assessment
from policies.assessment.asking import begin_set, open_set, save_indicator
from policies.assessment.models import Assessment, Indicator, IndicatorSet
from portal.organisations.models import Organisation, Role
from portal.staff.models import User
from tests.people import World, staff

FILLING = ("view_assessment", "change_assessment")
LIST = "/admin/assessment/assessment/"
KINDS = [
    ("D1", "data", "yes_no", 1, None),
    ("D2", "data", "share", 3, None),
    ("S1", "services", "level", 2, None),
    ("I1", "internal", "number", 2, Decimal(10)),
    ("I2", "internal", "text", 0, None),
]
FULL = {"D1": 1, "D2": 50, "S1": 3, "I1": 20}
"""Answers that earn 1 + 1.5 + 1.5 + 2 of 8."""


@pytest.fixture
def officer(world: World) -> User:
    return staff("nadia", world.licensing, Role.OFFICER, *FILLING)


@pytest.fixture
def lead(world: World) -> User:
    return staff("bader", world.licensing, Role.LEAD, *FILLING)


@pytest.fixture
def stranger(world: World) -> User:
    """Leads in another organisation."""
    return staff("fahad", world.other_unit, Role.LEAD, *FILLING)


@pytest.fixture
def reviewer(world: World) -> User:
    """Works for the authority, in a unit of another organisation."""
    return staff("rahma", world.other_unit, Role.OFFICER, "view_assessment", "review_assessment")


def make_set(world: World, year: int = 2026, *, days: int = 30, opened: bool = True) -> IndicatorSet:
    """A year whose deadline is so many days ahead."""
    by = world.administrator
    begun = begin_set(year=year, closes_on=timezone.localdate() + timedelta(days=days), by=by)
    if not begun.indicators.exists():
        for code, area, kind, weight, full_at in KINDS:
            texts = {"question_ar": f"سؤال {code}؟", "question_en": f"Question {code}?"}
            save_indicator(by=by, indicator=Indicator(indicator_set=begun, code=code, area=area, kind=kind,
                                                      weight=weight, full_at=full_at, **texts))  # fmt: skip
    if opened:
        open_set(indicator_set=begun, by=by)
    return begun


def assessment_of(asked: IndicatorSet, organisation: Organisation) -> Assessment:
    return Assessment.objects.select_related("organisation", "indicator_set").get(
        indicator_set=asked, organisation=organisation
    )


def fill_in(assessment: Assessment, by: User, **values: Any) -> Assessment:
    """Answer everything, with these values by code."""
    values = {**FULL, **values}
    for sheet in assessment.sheets.all():
        asked = assessment.indicator_set.indicators.filter(area=sheet.area)
        given = {
            one.pk: Given(Decimal(values[one.code])) if one.weight else Given(evidence="القرار 21") for one in asked
        }
        save_answers(assessment=assessment, area=sheet.area, given=given, version=sheet.version, by=by)
    return assessment


def accepted(asked: IndicatorSet, organisation: Organisation, by: User, reviewer: User, **values: Any) -> Assessment:
    """Filled in, submitted and accepted."""
    found = fill_in(assessment_of(asked, organisation), by, **values)
    submit_assessment(assessment=found, by=by)
    accept_assessment(assessment=found, by=reviewer)
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(assessment: Assessment, *parts: str) -> str:
    return f"{LIST}{assessment.pk}/" + "".join(f"{part}/" for part in parts or ("change",))


def words(response: Any) -> str:
    return response.content.decode()
