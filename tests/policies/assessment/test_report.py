"""The public report: only what was accepted, who did not submit by name, both languages, the files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from policies.assessment import actions
from policies.assessment.finding import documents, latest_assessment, pages
from policies.assessment.models import IndicatorSet
from policies.assessment.open_figures import tables
from portal.bilingual import in_language
from portal.organisations.models import Organisation
from portal.staff.models import User
from tests.people import World
from tests.policies.assessment.conftest import accepted, assessment_of, fill_in, make_set, words

pytestmark = pytest.mark.django_db


def over(asked: IndicatorSet) -> None:
    """Its deadline was yesterday."""
    IndicatorSet.objects.filter(pk=asked.pk).update(closes_on=timezone.localdate() - timedelta(days=1))


def test_without_a_year_it_says_so(client: Client) -> None:
    page = words(client.get("/en/e-transformation/"))
    assert "No assessment has been opened yet" in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_a_year_in_preparation_is_not_there(world: World, client: Client) -> None:
    make_set(world, 2026, opened=False)
    for path in ("2026/", "2026.csv", "2026/ministry/", "99999/", "0/"):
        assert client.get(f"/en/e-transformation/{path}").status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_accepted_figures_are_public_and_evidence_is_not(
    world: World, client: Client, lead: User, reviewer: User, language: str
) -> None:
    asked = make_set(world)
    accepted(asked, world.ministry, lead, reviewer)
    year = words(client.get(f"/{language}/e-transformation/2026/"))
    own = words(client.get(f"/{language}/e-transformation/2026/ministry/"))
    for page in (year, own):
        html5lib.HTMLParser(strict=True).parse(page)
        assert "75.0%" in page
        assert "القرار 21" not in page
        assert "I2" not in page
    assert {"en": "3: mostly done", "ar": "3"}[language] in own
    assert not client.cookies


def test_before_the_deadline_nobody_is_named_and_no_figure_escapes(
    world: World, client: Client, lead: User, reviewer: User
) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)
    page = words(client.get("/en/e-transformation/2026/"))
    assert "75.0%" not in page
    assert "Not submitted" not in page
    assert page.count("In progress") == 2
    assert client.get("/en/e-transformation/2026/ministry/").status_code == 404


def test_after_the_deadline_everybody_is_told_as_they_stand(
    world: World, client: Client, lead: User, reviewer: User
) -> None:
    asked = make_set(world)
    mine = fill_in(assessment_of(asked, world.ministry), lead)
    over(asked)
    page = words(client.get("/en/e-transformation/2026/"))
    assert "2 organisations did not submit their assessments by the deadline" in page
    actions.submit_assessment(assessment=mine, by=lead)
    page = words(client.get("/en/e-transformation/2026/"))
    assert "1 organisation did not submit its assessment" in page
    assert "Submitted, being checked" in page
    actions.return_assessment(assessment=mine, by=reviewer, reason="Secret reason")
    page = words(client.get("/en/e-transformation/2026/"))
    assert "Returned for correction" in page
    assert "Secret reason" not in page
    assert "Not submitted" in page


def test_the_years_stand_beside_each_other(world: World, client: Client, lead: User, reviewer: User) -> None:
    for year, share in ((2025, 0), (2026, 100)):
        accepted(make_set(world, year), world.ministry, lead, reviewer, D2=share)
    for path in ("", "2026/ministry/"):
        page = words(client.get(f"/en/e-transformation/{path}"))
        html5lib.HTMLParser(strict=True).parse(page)
        assert 'id="chart-years"' in page
    page = words(client.get("/en/e-transformation/"))
    assert "56.3%" in page
    assert "93.8%" in page


def test_the_file_has_a_line_for_everybody_and_no_formula(
    world: World, client: Client, lead: User, reviewer: User
) -> None:
    Organisation.objects.filter(pk=world.ministry.pk).update(name_en="=1+1")
    accepted(make_set(world), world.ministry, lead, reviewer)
    response = client.get("/en/e-transformation/2026.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:6] == ["Year", "Organisation code", "Organisation in Arabic", "Organisation in English", "State",
                           "Progress in per cent"]  # fmt: skip
    line = next(row for row in rows if row[1] == "ministry")
    assert line[3:] == ["'=1+1", "Accepted", "75.0", "62.5", "75.0", "100.0", ""]
    other = next(row for row in rows if row[1] == "other")
    assert other[4:] == ["In progress", "", "", "", "", ""]


@pytest.mark.parametrize("path", ["", "2026/"])
def test_it_asks_as_often_for_three_as_for_one(
    world: World, client: Client, lead: User, reviewer: User, django_assert_max_num_queries: Any, path: str
) -> None:
    accepted(make_set(world), world.ministry, lead, reviewer)
    counts = []
    client.get(f"/en/e-transformation/{path}")  # the hours in the footer are asked for once
    for _round in range(2):
        with django_assert_max_num_queries(10) as queries:
            assert client.get(f"/en/e-transformation/{path}").status_code == 200
        counts.append(len(queries))
        if not _round:
            accepted(IndicatorSet.objects.get(), world.other_unit.organisation, world.administrator, reviewer)
    assert counts[0] == counts[1]


def test_it_is_found_by_search_site_map_policies_and_data_users(world: World, lead: User, reviewer: User) -> None:
    asked = make_set(world)
    with in_language("en"):
        assert latest_assessment() == "No assessment has been accepted yet."
    mine = accepted(asked, world.ministry, lead, reviewer)
    found = list(documents(None))
    assert [(row.language, row.path) for row in found] == [
        ("ar", "/e-transformation/2026/ministry/"), ("en", "/e-transformation/2026/ministry/")
    ]  # fmt: skip
    assert found[1].title == "E-transformation 2026: Ministry"
    assert list(documents([mine.pk + 1000])) == []
    with in_language("en"):
        assert "their mean is 75.0%" in latest_assessment()
        (mapped,) = pages()
    assert [page.path for page in (mapped, *mapped.children)] == ["/e-transformation/", "/e-transformation/2026/"]
    (table,) = tables()
    rows = list(table.rows())
    assert all(len(row) == len(table.columns) for row in rows)
    assert len(rows) == 2
