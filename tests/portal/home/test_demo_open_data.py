"""The open data of the demonstration: complete, consistent, through the real pipeline, and told only once."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from itertools import islice
from typing import Any

import pytest

from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, LogEntry, Release, Reuse, Version
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from opendata.data_requests.choices import Outcome, State
from opendata.data_requests.models import Answer, DataRequest
from opendata.inventory.compliance import Standing, reports
from opendata.inventory.models import Agency, Asset, Snapshot
from portal.home.demo.content import load
from portal.home.demo.open_data.datasets import TABLES, described, tell_dataset, tell_datasets
from portal.home.demo.open_data.inventories import tell_inventories
from portal.home.demo.open_data.places import AREA
from portal.home.demo.open_data.requests import TOKEN, tell_requests, tell_reuses
from portal.home.demo.people import ensure_people
from portal.home.demo.setting import ensure_setting
from portal.mail.models import OutgoingMail

TODAY = date(2026, 11, 22)


@pytest.fixture
def setting(db: None, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    ensure_setting()
    ensure_people()


def test_six_agencies_hold_sixty_assets_in_all_states(setting: None) -> None:
    assert tell_inventories() == (6, 60)
    assert set(Asset.objects.values_list("state", flat=True)) == {"inventoried", "assessed", "scheduled", "withheld"}
    assert set(Asset.objects.values_list("access", flat=True)) == {"open", "restricted", "closed"}
    assert Asset.objects.exclude(hidden_ground="").count() == 3
    assert Asset.objects.late().count() >= 3
    assert Asset.objects.to_review().exists()
    assert {
        row.standing for found in reports(Agency.objects.select_related("organisation")) for row in found.duties
    } == set(Standing)
    assert Snapshot.objects.count() > 20
    assert tell_inventories() == (0, 0)


@pytest.mark.timeout(600)
def test_datasets_go_through_the_real_pipeline_once(setting: None) -> None:
    tell_inventories()
    assert tell_datasets() == 14
    stages = Counter(Release.objects.values_list("stage", flat=True))
    assert stages[Stage.PUBLISHED] == Version.objects.count() >= 16
    assert (stages[Stage.APPROVAL], stages[Stage.UNREADABLE]) == (1, 1)
    assert {version.number for version in Version.objects.all()} >= {"1.0.0", "1.0.1", "1.1.0", "1.1.1", "2.0.0"}
    assert Version.objects.filter(withdrawn_at__isnull=False).count() == 2
    assert not Dataset.objects.get(slug="bus-passengers").latest
    assert Dataset.objects.published().count() == 12
    assert all("تجريبية" in title for title in Dataset.objects.values_list("title_ar", flat=True))
    assert all("sample data" in title for title in Dataset.objects.values_list("title_en", flat=True))
    assert not list(findings())
    assert not OutgoingMail.objects.exists()
    _schools_are_readable()
    _landings_are_numbers()
    before = (Version.objects.count(), Release.objects.count(), LogEntry.objects.count())
    assert tell_datasets() == 0
    assert (Version.objects.count(), Release.objects.count(), LogEntry.objects.count()) == before


def _rows(slug: str) -> list[dict[str, str]]:
    version = Dataset.objects.get(slug=slug).latest
    assert version is not None
    content = store().path(version.files.get(format="csv").sha256).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def _schools_are_readable() -> None:
    """The file was Windows-1256; every school is inside Oman."""
    for row in _rows("school-directory"):
        assert row["school_name_ar"].startswith("مدرسة ")
        assert 16.6 < float(row["latitude"]) < 26.4
        assert 52.0 < float(row["longitude"]) < 59.9


def _landings_are_numbers() -> None:
    """The file had Arabic-Indic digits."""
    types = {one["name"]: one["type"] for one in Dataset.objects.get(slug="fisheries-landings").latest.columns}
    assert (types["landed_t"], types["value_omr"]) == ("decimal", "integer")
    assert all(float(row["landed_t"]) > 0 for row in _rows("fisheries-landings"))


def made(name: str, part: str = "last") -> list[dict[str, Any]]:
    return list(TABLES[name](TODAY, part))


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"register"}))
def test_tables_are_the_same_each_time_and_every_column_is_described(name: str) -> None:
    rows = made(name)
    assert rows == made(name)
    assert len({tuple(row) for row in rows}) == 1
    for column in rows[0]:
        words = described(column)
        assert all(words[f"{kind}_{code}"] for kind in ("title", "description") for code in ("ar", "en"))
    plan = next(plan for plan in load("open_data_datasets") if plan["table"] == name)
    keys = [tuple(row[column] for column in plan["key"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(row.get("governorate_code", "muscat") in AREA for row in rows)


def test_what_is_open_at_the_end_of_a_month_begins_the_next() -> None:
    open_now: dict[tuple[str, str], int] = {}
    for row in made("municipal_services"):
        place = (row["governorate_code"], row["service"])
        assert row["open_at_start"] == open_now.get(place, row["open_at_start"])
        assert row["open_at_end"] == row["open_at_start"] + row["received"] - row["completed"] >= 0
        open_now[place] = row["open_at_end"]


def test_population_adds_up_to_a_country_of_that_size() -> None:
    years = Counter({row["year"]: 0 for row in made("population")})
    for row in made("population"):
        years[row["year"]] += row["population"]
    assert all(4_000_000 < count < 5_600_000 for count in years.values())
    assert list(years.values()) == sorted(years.values())
    assert len(made("population", "first")) == len(made("population")) - 44
    differing = [old for old, new in zip(made("population"), made("population", "mended"), strict=True) if old != new]
    assert {row["governorate_code"] for row in differing} == {"adh-dhahirah"}


def test_prices_begin_at_100_and_weights_add_up() -> None:
    rows = made("prices")
    first_year = [float(row["index"]) for row in rows[:144] if row["group"] == 1]
    assert abs(sum(first_year) / 12 - 100) < 0.1
    assert round(sum(row["weight"] for row in rows[:12]), 1) == 100


def test_the_large_register_is_streamed_and_the_same_each_time() -> None:
    rows = TABLES["register"](TODAY, "last")
    some = list(islice(rows, 500))
    assert some == list(islice(TABLES["register"](TODAY, "last"), 500))
    assert len({row["registration"] for row in some}) == 500
    assert all(described(column)["title_ar"] for column in some[0])
    assert len(some[0]) == 12


@pytest.mark.timeout(600)
def test_requests_and_reuses_come_in_every_state(setting: None) -> None:
    """With the two datasets that answers link to."""
    tell_inventories()
    wanted = ("school-directory", "traffic-accidents")
    for plan in load("open_data_datasets"):
        if plan["slug"] in wanted:
            tell_dataset(plan, date.today())
    assert tell_requests() == 13
    assert set(DataRequest.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Answer.objects.values_list("kind", flat=True)) == set(Outcome.values)
    assert DataRequest.objects.get(form_token=f"{TOKEN}schools").support_count == 23
    assert tell_reuses() == 2
    assert set(Reuse.objects.values_list("state", flat=True)) == {"shown", "waiting"}
    assert (tell_requests(), tell_reuses()) == (0, 0)
    assert not OutgoingMail.objects.exists()
