"""The public inventory and schedule: what they list, how they are narrowed, and what never leaks."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from opendata.inventory import finding
from opendata.inventory.actions.steps import redact_title, schedule
from opendata.inventory.models import Asset
from portal.search.indexing import refresh
from portal.search.models import SearchEntry
from portal.site_map import sections
from tests.opendata.inventory.conftest import (
    GIVEAWAYS,
    agency,
    assessed,
    asset,
    published,
    redacted,
    scheduled,
    url,
    withheld,
    words,
)
from tests.people import World

pytestmark = pytest.mark.django_db


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(words(response).lstrip("\ufeff"))))


def test_the_list_shows_what_was_assessed_with_its_reasons(client: Client, world: World) -> None:
    agency(world)
    entered, closed, planned = asset(world), withheld(world), scheduled(world)
    page = words(client.get(url("list")))
    assert closed.title_en in page
    assert planned.title_en in page
    assert entered.title_en not in page
    assert "It holds personal data" in page
    assert "Personal Data Law" in page
    assert "2 data assets" in page
    arabic = words(client.get(url("list", language="ar")))
    assert closed.title_ar in arabic
    assert "قانون البيانات الشخصية" in arabic
    assert client.get(url("asset", entered.pk)).status_code == 404
    detail = words(client.get(url("asset", closed.pk)))
    assert "Director of Legal Affairs" in detail
    assert f'href="{url("agency", "ministry")}"' in detail


def test_every_page_is_designed_while_it_is_empty(client: Client, db: None) -> None:
    for language in ("ar", "en"):
        for name in ("list", "schedule", "agencies"):
            response = client.get(url(name, language=language))
            assert response.status_code == 200
            assert 'class="empty"' in words(response)
    assert rows_of(client.get(url("list_file", "csv"))) == []
    assert json.loads(words(client.get(url("list_file", "json")))) == []


def test_it_is_narrowed_by_every_choice_and_by_words_in_any_form(client: Client, world: World) -> None:
    agency(world)
    agency(world, world.other_unit.organisation)
    schools = assessed(world, title_ar="بيانات المدارس", title_en="Schools", theme="education", is_high_value=True)
    roads = scheduled(world, title_ar="حوادث الطرق", title_en="Road accidents", theme="transport",
                      unit=world.other_unit)  # fmt: skip
    files = withheld(world, title_ar="ملفات المرضى", title_en="Patient files", theme="health")
    every = {schools: "Schools", roads: "Road accidents", files: "Patient files"}
    for query, wanted in (
        ("?agency=ministry", {schools, files}), ("?agency=other", {roads}), ("?access=closed", {files}),
        ("?access=open", {schools, roads}), ("?state=scheduled", {roads}), ("?state=withheld", {files}),
        ("?theme=education", {schools}), ("?high=1", {schools}), ("?q=مدارس", {schools}), ("?q=accident", {roads}),
        ("?q=nothing-like-it", set()), ("?agency=ministry&access=closed", {files}), ("?q=المرضي&theme=health", {files}),
    ):  # fmt: skip
        page = words(client.get(url("list") + query))
        assert {found for found, title in every.items() if f"<bdi>{title}</bdi>" in page} == wanted, query
        listed = {row["id"] for row in json.loads(words(client.get(url("list_file", "json") + query)))}
        assert listed == {found.pk for found in wanted}, query
    page = words(client.get(url("list") + "?q=nothing-like-it"))
    assert "No data asset fits all of this" in page
    assert 'class="chip info"' in page
    for query in ("?agency=nobody", "?access=x", "?state=inventoried", "?theme=x", "?high=2"):
        assert client.get(url("list") + query).status_code == 404
        assert client.get(url("list_file", "csv") + query).status_code == 404


def test_a_hidden_title_leaks_nowhere(client: Client, world: World) -> None:
    body = agency(world)
    secret, plain = redacted(world), withheld(world, code="PLAIN", title_en="Plain title")
    addresses = [url("list"), url("asset", secret.pk), url("schedule"), url("agencies"), url("agency", body.slug)]
    addresses += [url("list_file", kind) for kind in ("csv", "json")]
    addresses += [url("agency_file", body.slug, kind) for kind in ("csv", "json")]
    addresses += ["/en/sitemap/", "/sitemap.xml", "/en/search/?q=submarine", "/ar/search/?q=الغواصة"]
    refresh()
    for address in addresses:
        for path in (address, address.replace("/en/", "/ar/", 1)):
            text = words(client.get(path, follow=True)).replace("?q=submarine", "").replace("الغواصة</", "")
            if "/search/" in path:
                assert "investigation" not in text
                continue
            assert not [word for word in GIVEAWAYS if word in text], path
    page = words(client.get(url("list")))
    assert "Title not shown: The title would reveal an investigation" in page
    assert "Plain title" in page
    detail = words(client.get(url("asset", secret.pk)))
    assert "A data asset whose title is not shown" in detail
    assert "Personal Data Law" in detail
    for asked in ("submarine", "الغواصة", "BLUE"):
        found = json.loads(words(client.get(url("list_file", "json") + f"?q={asked}")))
        assert found == []
    [hidden] = [row for row in rows_of(client.get(url("list_file", "csv"))) if row["Identifier in the portal"] ==
                str(secret.pk)]  # fmt: skip
    assert (hidden["Title in Arabic"], hidden["Title in English"], hidden["Description in Arabic"]) == ("", "", "")
    assert hidden["Why the title is not shown"] == "investigation"
    assert {document.pk for document in finding.documents(None)} == {plain.pk}
    assert set(SearchEntry.objects.filter(kind="data-asset").values_list("key", flat=True)) == {str(plain.pk)}
    told = str([list(section.pages()) for section in sections() if section.key == "data-inventory"])
    assert not [word for word in GIVEAWAYS if word in told]


def test_the_place_in_the_list_tells_nothing_of_a_hidden_number(client: Client, world: World) -> None:
    hidden = redacted(world, code="M-5")
    first, last = assessed(world, code="A-1"), assessed(world, code="Z-9")
    response = client.get(url("list"))
    assert [one.pk for one in response.context["assets"]] == [first.pk, last.pk, hidden.pk]


def test_hiding_a_title_takes_it_out_of_the_search_at_once(client: Client, world: World) -> None:
    found = withheld(world, title_en="Blue lagoon survey", title_ar="مسح البحيرة الزرقاء")
    refresh()
    assert "Blue" in words(client.get("/en/search/?q=lagoon"))
    redact_title(asset=found, by=world.lead, ground="security")
    assert "lagoon survey" not in words(client.get("/en/search/?q=lagoon")).lower()


def test_exports_hold_both_languages_and_nothing_a_spreadsheet_would_run(client: Client, world: World) -> None:
    evil = assessed(world, title_en="=HYPERLINK(1)", title_ar="+SUM(1)", description_en="@x", description_ar="-x")
    [row] = rows_of(client.get(url("list_file", "csv")))
    assert row["Title in English"] == "'=HYPERLINK(1)"
    assert row["Title in Arabic"] == "'+SUM(1)"
    assert row["Page"].endswith(f"/en/data/inventory/{evil.pk}/")
    [found] = json.loads(words(client.get(url("list_file", "json"))))
    assert (found["title_en"], found["access"], found["reason"]) == ("=HYPERLINK(1)", "open", None)
    response = client.get(url("list_file", "json"))
    assert response["Cache-Control"] == "public, no-cache"
    assert client.get(url("list_file", "exe")).status_code == 404
    arabic = words(client.get(url("list_file", "csv", language="ar")))
    assert "العنوان بالعربية" in arabic.partition("\r\n")[0]


def test_the_schedule_goes_by_quarters_and_marks_what_is_late(client: Client, world: World) -> None:
    today = timezone.localdate()
    late = scheduled(world, today - timedelta(days=3))
    due = scheduled(world, today)
    later = scheduled(world, date(today.year + 1, 2, 1))
    assessed(world)
    page = words(client.get(url("schedule")))
    assert f"Quarter 1 of {today.year + 1}" in page
    assert page.index(late.title_en) < page.index(due.title_en) < page.index(later.title_en)
    assert "1 planned release is late." in page
    assert page.count('class="chip danger"') == 1
    assert "This release is late" in words(client.get(url("asset", late.pk)))
    schedule(asset=late, by=world.lead, release_on=today)
    assert "planned release is late" not in words(client.get(url("schedule")))


def test_it_links_to_the_dataset_and_to_a_request(client: Client, world: World) -> None:
    from opendata.catalogue.models import Dataset

    out, waiting = published(world), withheld(world)
    Dataset.objects.create(asset=out, slug="out", title_ar="مجموعة", title_en="Out", description_ar="وصف" * 30,
                           description_en="What it holds" * 10)  # fmt: skip
    Dataset.objects.create(asset=assessed(world, code="DRAFT"), slug="draft-only", title_ar="مسودة", title_en="Draft",
                           description_ar="وصف" * 30, description_en="What it holds" * 10)  # fmt: skip
    page = words(client.get(url("list")))
    assert "/en/data/out/" in page
    assert "draft-only" not in page
    from opendata.inventory.showing import ask_url

    if address := ask_url(waiting):
        assert address.endswith(f"?asset={waiting.pk}")
        assert ask_url(out) == ""


@pytest.mark.parametrize("name", ["list", "schedule"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client: Client, world: World, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agency(world)
    scheduled(world)
    client.get(url(name))
    with django_assert_num_queries(5, exact=False) as first:
        client.get(url(name))
    scheduled(world)
    redacted(world, unit=world.other_unit)
    scheduled(world)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(url(name))


def test_pages_of_a_long_list_follow_each_other(client: Client, world: World) -> None:
    for _turn in range(26):
        assessed(world)
    page = words(client.get(url("list") + "?access=open"))
    assert "access=open&page=2" in page
    assert "26 data assets" in page
    assert words(client.get(url("list") + "?access=open&page=2")).count('class="card"') == 1
    assert Asset.objects.count() == 26
