"""Duties are computed from live rows: on constructed days round each deadline, by agency, with their proofs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from opendata.inventory import compliance, keeping, profile
from opendata.inventory.actions.agencies import describe_agency
from opendata.inventory.compliance import add_months, reports
from opendata.inventory.facts import inventoried_assets, open_data_agencies
from opendata.inventory.models import Agency, Asset, Snapshot
from opendata.inventory.overview import all_reports, tables
from opendata.inventory.tasks import note_duties, take_snapshots
from opendata.trust import signing
from tests.opendata.inventory.conftest import (
    PROFILE,
    agency,
    assessed,
    asset,
    published,
    scheduled,
    url,
    withheld,
    words,
)
from tests.people import World

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 1, 31)
DUE = {3: date(2026, 4, 30), 6: date(2026, 7, 31), 9: date(2026, 10, 31), 12: date(2027, 1, 31)}
GROUPS = {"contact": 3, "roles": 3, "publication": 3, "feedback": 3, "requests": 3, "inventory": 6, "schedule": 6,
          "listing": 9, "reasons": 12}  # fmt: skip


def standings(agency: Agency, day: date) -> dict[str, str]:
    found = Agency.objects.select_related("organisation").get(pk=agency.pk)
    return {kept.code: kept.standing.value for kept in reports([found], day)[0].duties}


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 1, 31), 3, date(2026, 4, 30)), (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)), (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 12, 31), 9, date(2027, 9, 30)),
    ],
)  # fmt: skip
def test_deadlines_are_counted_in_months(day: date, months: int, wanted: date) -> None:
    assert add_months(day, months) == wanted


@pytest.mark.parametrize("months", DUE)
def test_what_is_not_met_is_pending_until_the_deadline_and_missed_the_day_after(world: World, months: int) -> None:
    body = agency(world, counted_from=BEGAN)
    codes = [code for code, due in GROUPS.items() if due == months]
    for day, wanted in ((-1, "pending"), (0, "pending"), (1, "missed")):
        found = standings(body, DUE[months] + timedelta(days=day))
        assert {found[code] for code in codes} == {wanted}, day


@pytest.mark.parametrize("months", DUE)
@pytest.mark.parametrize(("days", "wanted"), [(-1, "met"), (0, "met"), (1, "late")])
def test_what_is_met_by_the_deadline_is_on_time_for_ever(world: World, months: int, days: int, wanted: str) -> None:
    body = agency(world, counted_from=BEGAN, **PROFILE)
    published(world)
    keeping.note_met(DUE[months] + timedelta(days=days))
    codes = [code for code, due in GROUPS.items() if due == months]
    for day in (DUE[months] + timedelta(days=days), date(2030, 1, 1)):
        found = standings(body, day)
        assert {found[code] for code in codes} == {wanted}


def test_the_first_day_is_kept_and_a_lapse_is_told(client: Client, world: World) -> None:
    body = agency(world, counted_from=BEGAN, **PROFILE)
    assert keeping.note_met(date(2026, 3, 1)) == 5
    assert keeping.note_met(date(2026, 4, 1)) == 0
    body.refresh_from_db()
    assert body.met["contact"] == "2026-03-01"
    describe_agency(agency=body, by=world.lead, revision=body.revision, contact_email="", contact_phone="")
    found = {kept.code: kept for kept in reports([body], date(2026, 5, 1))[0].duties}
    assert (found["contact"].standing, found["contact"].has_lapsed) == ("met", True)
    assert "not complete now" in words(client.get(url("agency", body.slug)))


def test_each_duty_wants_its_own_rows(world: World) -> None:
    body = agency(world, counted_from=BEGAN)

    def met() -> set[str]:
        found = Agency.objects.select_related("organisation").get(pk=body.pk)
        return {kept.code for kept in reports([found])[0].duties if kept.holds}

    assert met() == set()
    describe_agency(agency=body, by=None, revision=1, contact_role_ar="مسؤول", contact_role_en="Officer")
    assert met() == set()
    describe_agency(agency=body, by=None, revision=2, contact_phone="+96824000000")
    assert met() == {"contact"}
    entered = asset(world)
    assert met() == {"contact"}
    Asset.objects.filter(pk=entered.pk).update(state="assessed", assessed_at=timezone.now())
    assert met() == {"contact", "inventory", "reasons"}
    entered.refresh_from_db()
    from opendata.inventory.actions.steps import schedule

    schedule(asset=entered, by=None, release_on=timezone.localdate())
    assert met() == {"contact", "inventory", "schedule", "reasons"}
    published(world)
    assert met() == {"contact", "inventory", "schedule", "listing", "reasons"}
    asset(world)
    assert met() == {"contact", "inventory", "schedule", "listing"}
    assessed(world, unit=world.other_unit)
    assert met() == {"contact", "inventory", "schedule", "listing"}


def test_all_agencies_are_reported_on_in_two_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agency(world)
    with django_assert_num_queries(2):
        assert len(all_reports()) == 1
    agency(world, world.other_unit.organisation)
    agency(world, world.authority)
    with django_assert_num_queries(2):
        assert len(all_reports()) == 3


def test_the_pages_show_the_same_in_every_form(client: Client, world: World) -> None:
    body = agency(world, counted_from=timezone.localdate() - timedelta(days=400), **PROFILE)
    withheld(world)
    scheduled(world)
    asset(world, title_en="Not assessed at all")
    page = words(client.get(url("agencies")))
    assert "Met late" in page
    assert "Missed" in page
    rows = json.loads(words(client.get(url("agencies_file", "json"))))
    assert {row["duty"]: row["standing"] for row in rows} == standings(body, timezone.localdate())
    assert words(client.get(url("agencies_file", "csv"))).count("\r\n") == 10
    profile_page = words(client.get(url("agency", body.slug)))
    assert "opendata@ministry.example" in profile_page
    assert "1 entered and not assessed yet" in profile_page
    assert "Not assessed at all" not in profile_page
    assert f"{url('list')}?agency=ministry" in profile_page
    found = json.loads(words(client.get(url("agency_file", body.slug, "json"))))
    assert found["figures"]["withheld"] == 1
    assert {duty["code"] for duty in found["duties"]} == set(GROUPS)
    for language in ("ar", "en"):
        assert client.get(url("agency", body.slug, language=language)).status_code == 200
    assert client.get(url("agency", "nobody")).status_code == 404
    assert client.get(url("agency_file", body.slug, "xml")).status_code == 404


def test_snapshots_are_taken_once_a_day_signed_and_drawn(client: Client, world: World, settings: Any) -> None:
    body = agency(world, counted_from=BEGAN, **PROFILE)
    published(world)
    for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 31)):
        assert keeping.take_snapshots(day) == 1
        assert keeping.take_snapshots(day) == 0
    assert [one.day for one in profile.monthly(body)] == [date(2026, 3, 31), date(2026, 2, 28)]
    newest = body.snapshots.get(day=date(2026, 3, 31))
    verified = signing.verify(newest.signature, keeping._ring().jwks(), keeping.SIGNED_AS)
    assert verified.payload == keeping.payload(newest)
    newest.figures["published"] = 99
    assert verified.payload != keeping.payload(newest)
    page = words(client.get(url("agency", body.slug)))
    assert 'id="chart-trend-title"' in page
    assert "digitally signed" in page
    assert take_snapshots() == 1
    assert note_duties() == 0
    assert Snapshot.objects.count() == 4


def test_a_portal_that_cannot_sign_still_keeps_snapshots(world: World, settings: Any) -> None:
    settings.SIGNING_KEY = "not a key"
    agency(world)
    assert keeping.take_snapshots() == 1
    assert Snapshot.objects.get().signature == ""
    settings.SIGNING_KEY = ""
    assert keeping.take_snapshots() == 0
    late = Snapshot.objects.get()
    assert signing.verify(late.signature, keeping._ring().jwks(), keeping.SIGNED_AS).payload == keeping.payload(late)


@pytest.mark.parametrize("changes", [{"figures": {}}, {"duties": {}}, {"day": date(2020, 1, 1)}, {"signature": "x"}])
def test_the_database_lets_nobody_change_a_snapshot(world: World, changes: dict[str, Any]) -> None:
    agency(world)
    keeping.take_snapshots()
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.all().delete()


def test_policies_and_datasets_are_given_the_figures(world: World) -> None:
    assert open_data_agencies()
    agency(world, counted_from=BEGAN)
    published(world)
    assert "/data/agencies/ministry/" in open_data_agencies()
    assert "/data/inventory/" in inventoried_assets()
    [table] = tables()
    rows = list(table.rows())
    assert len(rows) == len(compliance.DUTIES)
    assert all(len(row) == len(table.columns) for row in rows)
