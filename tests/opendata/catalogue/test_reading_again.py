"""Reading an upload again with other choices: nothing is hidden by it, and nothing is a dead end."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from opendata.catalogue.actions import reviewing
from opendata.catalogue.choices import Stage
from opendata.catalogue.standing import obstacles
from tests.opendata import making

pytestmark = pytest.mark.django_db

CIVIL = "region,civil number\n" + "".join(f"r{n % 7},{12345678 + n * 7919}\n" for n in range(40))
MONTHS = "month,n\n" + "".join(f"{month}/1/2026,{month}\n" for month in range(1, 13))


def page(release, key: str = "") -> str:
    name = "catalogue_release_act" if key else "catalogue_release_change"
    return reverse(f"admin:{name}", args=[release.pk, key] if key else [release.pk])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_another_header_does_not_take_the_finding_away():
    release = making.read(making.make_release(data=CIVIL))
    house = making.house_of(release.dataset)
    assert [found["kind"] for found in release.report["personal"]] == ["civil_number"]
    reviewing.read_again(release=release, by=house.publisher, revision=release.revision, choices={"header_rows": 0})
    making.read(release)
    (kept,) = release.report["personal"]
    assert (kept["kind"], kept["column"], kept["where"]) == ("civil_number", -1, "civil number")
    assert "personal_data" in {reason.code for reason in obstacles(release)}
    shown = signed_in(house.approver).get(page(release)).content.decode()
    assert "civil number" in shown
    assert page(release, "clear") in shown
    reviewing.read_again(release=release, by=house.publisher, revision=release.revision, choices={})
    making.read(release)
    assert [(found["kind"], found["column"]) for found in release.report["personal"]] == [("civil_number", 1)]


def test_a_type_that_does_not_fit_is_no_dead_end():
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    words = {"type": "boolean", "title_ar": "السنة", "title_en": "Year"}
    reviewing.describe_columns(release=release, by=house.publisher, revision=release.revision, columns={"year": words})
    making.read(release)
    assert release.stage == Stage.REVIEW
    (year, *_others) = release.dictionary
    assert (year["type"], year["title_en"]) == ("integer", "Year")
    assert "asking_problems" in {reason.code for reason in obstacles(release)}
    answer = signed_in(house.publisher).post(page(release, "read_again"), {"revision": release.revision})
    assert answer.status_code == 302
    release.refresh_from_db()
    assert release.choices == {}


def test_the_order_of_day_and_month_is_chosen_where_it_matters():
    release = making.read(making.make_release(data=MONTHS))
    client = signed_in(making.house_of(release.dataset).publisher)
    assert "asking_problems" in {reason.code for reason in obstacles(release)}
    assert "Month first" in client.get(page(release, "read_again")).content.decode()
    answer = client.post(page(release, "read_again"), {"revision": release.revision, "date_order": "month"})
    assert answer.status_code == 302
    making.read(release)
    assert release.report["columns"][0]["greatest"] == "2026-12-01"
    plain = making.read(making.make_release())
    other = signed_in(making.house_of(plain.dataset).publisher)
    assert "Month first" not in other.get(page(plain, "read_again")).content.decode()
