"""Polls and surveys of the demonstration: told once, the same everywhere, and counted like real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from participation.surveys.actions.counting import count_closed, recount
from participation.surveys.actions.lifecycle import destroy_due, remind_missing_outcomes
from participation.surveys.kinds import Phase
from participation.surveys.models import Ballot, Option, Population, Publication, Questionnaire, Tally
from participation.surveys.structure import load_structure
from portal.home.demo.people import ensure_people
from portal.home.demo.setting import ensure_setting
from portal.home.demo.surveys import tell_surveys
from portal.mail.models import OutgoingMail
from portal.organisations.models import Governorate
from tests.portal.home.conftest import kept_for_the_module


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[int]:
    with kept_for_the_module(django_db_blocker, tmp_path_factory.mktemp("surveys")):
        ensure_setting()
        ensure_people()
        yield tell_surveys()


@pytest.fixture
def told(made: int, db: None) -> int:
    return made


def test_it_tells_what_is_over_open_and_to_come(told: int) -> None:
    assert told == 9
    phases = {row.slug: row.phase() for row in Questionnaire.objects.all()}
    assert phases == {
        "social-media-use": Phase.PUBLISHED, "service-hours": Phase.PUBLISHED, "parking-payment": Phase.PUBLISHED,
        "licence-renewal": Phase.OPEN, "app-language": Phase.OPEN, "satisfaction": Phase.OPEN,
        "bus-information": Phase.PUBLISHED, "appointment-reminders": Phase.UPCOMING,
        "electricity-water-bills": Phase.UPCOMING,
    }  # fmt: skip


def test_a_second_time_adds_nothing_and_leaves_nothing_to_do(told: int) -> None:
    ballots = Ballot.objects.count()
    assert tell_surveys() == 0
    assert Ballot.objects.count() == ballots
    assert count_closed() == remind_missing_outcomes() == destroy_due() == 0
    assert not OutgoingMail.objects.exists()


def test_totals_agree_and_are_the_same_on_every_machine(told: int) -> None:
    for row in Questionnaire.objects.all():
        assert recount(row) == []
    survey = Questionnaire.objects.get(slug="social-media-use")
    assert survey.respondents == 3000
    daily = Option.objects.get(question__page__questionnaire=survey, label_en="Every day")
    assert sum(Tally.objects.filter(option=daily).values_list("count", flat=True)) == 2431
    months = Publication.objects.filter(questionnaire__slug="satisfaction")
    assert months.count() == 6


def test_findings_give_the_figures_of_the_totals(told: int) -> None:
    survey = Questionnaire.objects.get(slug="social-media-use")
    assert "**81 %**" in survey.findings_en
    assert "**81 %**" in survey.findings_ar
    for row in Questionnaire.objects.exclude(findings_published_at=None):
        assert not {"{", "}"} & set(row.findings_ar + row.findings_en)


def test_skip_logic_holds_for_every_ballot(told: int) -> None:
    survey = Questionnaire.objects.get(slug="licence-renewal")
    structure = load_structure(survey)
    assert len(structure.pages) == 5
    renewed, ease = structure.questions[0], structure.questions[1]
    online = renewed.options[0].pk
    asked = Ballot.objects.filter(questionnaire=survey, answers__option=online)
    rated = Ballot.objects.filter(questionnaire=survey, answers__question=ease.pk)
    assert set(rated.values_list("pk")) == set(asked.values_list("pk")) != set()


def test_the_survey_for_others_says_whose_it_is_and_every_governorate_has_its_people(told: int) -> None:
    bills = Questionnaire.objects.get(slug="electricity-water-bills")
    assert bills.on_behalf_of is not None
    assert bills.on_behalf_of.code == "public-services"
    assert bills.consent_ar
    assert set(Population.objects.values_list("governorate", flat=True)) == set(Governorate.values)
