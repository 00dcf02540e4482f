"""Finding datasets in the catalogue: words, facets with counts, order, pages, nothing found."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from opendata.catalogue.downloads import count_download
from opendata.catalogue.listing import Catalogue
from opendata.catalogue.models import Dataset, Version
from portal.search.indexing import index
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db


def found(query: str = "") -> Catalogue:
    return Catalogue(QueryDict(query))


def slugs(query: str = "") -> list[str]:
    return [dataset.slug for dataset in found(query).page]


def options(query: str, name: str) -> dict[str, int]:
    """Value and count of each option of a facet."""
    [facet] = [one for one in found(query).facets if one.facet.name == name]
    return {option.value: option.count for option in facet.options}


def published(slug: str, house: making.House | None = None, *, formats: Any = ("csv",), **fields: Any) -> Dataset:
    dataset = shown.dataset(house, slug, **fields)
    shown.version(dataset, formats=formats)
    index("dataset", [str(dataset.pk)])
    return dataset


@pytest.fixture
def three(in_english: None) -> making.House:
    """Three datasets of two agencies."""
    house = making.make_house("health-body")
    published("hospitals", house, theme="health", frequency="yearly", title_ar="المستشفيات في سلطنة عُمان",
              title_en="Hospitals in Oman", formats=("csv", "xlsx"), governorates=["muscat", "dhofar"])  # fmt: skip
    published("clinics", house, theme="health", frequency="monthly", title_ar="العيادات الخاصة", is_high_value=True,
              title_en="Private clinics", governorates=["muscat"])  # fmt: skip
    published("schools", theme="education", title_ar="دليل المدارس", title_en="School directory", licence="CC0-1.0")
    return house


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("مستشفى", ["hospitals"]),
        ("المستشفيات", ["hospitals"]),
        ("مستشفيات", ["hospitals"]),
        ("والمستشفيات عمان", ["hospitals"]),
        ("hospital", ["hospitals"]),
        ("SCHOOL directory", ["schools"]),
        ("مدارس", ["schools"]),
        ("المدرسه", []),
        ("xyzzy", []),
        ("؟!", []),
    ],
)
def test_words_are_found_in_both_languages_however_they_are_written(three, words, expected):
    assert slugs(f"q={words}") == expected


def test_columns_are_found_by_their_titles(three):
    assert set(slugs("q=population")) == {"hospitals", "clinics", "schools"}


def test_what_stands_in_the_title_comes_first(three):
    published("beds", title_en="Beds", description_en="How many beds the private clinics have, counted every year.")
    assert slugs("q=private clinics") == ["clinics", "beds"]
    assert slugs("q=private clinics&sort=newest") == ["beds", "clinics"]


def test_counts_say_what_another_choice_would_lead_to(three):
    assert options("", "theme") == {"health": 2, "education": 1}
    assert options("", "governorate") == {"muscat": 2, "dhofar": 1}
    assert options("", "format") == {"csv": 3, "xlsx": 1}
    assert options("", "value") == {"yes": 1}
    assert options("", "licence") == {"CC-BY-4.0": 2, "CC0-1.0": 1}
    assert options("theme=health", "theme") == {"health": 2, "education": 1}
    assert options("theme=health", "format") == {"csv": 2, "xlsx": 1}
    assert options("theme=health&format=xlsx", "theme") == {"health": 1}
    assert options("theme=health&format=xlsx", "format") == {"csv": 2, "xlsx": 1}
    assert options("q=clinics", "theme") == {"health": 1}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("body=health-body", {"hospitals", "clinics"}),
        ("governorate=dhofar", {"hospitals"}),
        ("updated=monthly", {"clinics"}),
        ("value=yes", {"clinics"}),
        ("licence=CC0-1.0", {"schools"}),
        ("format=xlsx&theme=health", {"hospitals"}),
        ("theme=nonsense", set()),
        ("page=99", {"hospitals", "clinics", "schools"}),
        ("sort=nonsense&page=-1", {"hospitals", "clinics", "schools"}),
    ],
)
def test_it_is_narrowed_by_what_was_chosen(three, query, expected):
    assert set(slugs(query)) == expected


def test_a_choice_is_taken_off_by_its_chip_and_the_others_stay(three):
    chips = found("q=clinics&theme=health&sort=name").chips
    assert [chip["url"] for chip in chips] == ["?theme=health&sort=name", "?q=clinics&sort=name"]
    assert [option.url for one in found("theme=health").facets for option in one.options if option.is_chosen] == ["?"]


def test_it_is_sorted_by_name_age_and_downloads(three):
    assert slugs("sort=name") == ["hospitals", "clinics", "schools"]
    with translation.override("ar"):
        assert slugs("sort=name") == ["clinics", "hospitals", "schools"]
    assert slugs() == ["schools", "clinics", "hospitals"]
    for slug, times in (("hospitals", 2), ("schools", 1)):
        for _n in range(times):
            count_download(Dataset.objects.get(slug=slug).pk, "csv")
    assert slugs("sort=downloads") == ["hospitals", "schools", "clinics"]


def test_the_page_leads_everywhere_without_a_script(client, three):
    page = client.get("/en/data/?theme=health").content.decode()
    assert "2 datasets" in page
    assert 'href="/en/data/?theme=education"' in page
    assert 'name="theme" value="health"' in page
    assert "/en/feeds/data.rss" in page
    assert "<script" not in page.replace('<script type="application/ld+json">', "")


def test_nothing_found_leads_on(client, three):
    page = client.get("/en/data/?q=unheard-of-thing").content.decode()
    assert "No dataset fits all of this" in page
    assert "unheard-of-thing" in page
    empty = client.get("/ar/data/?page=7&theme=%00&q=%00").status_code
    assert empty == 200


def test_an_empty_catalogue_says_what_is_coming(client):
    assert "No dataset is published yet" in client.get("/en/data/").content.decode()


def test_what_is_not_published_is_in_no_list_count_or_search(client, three):
    making.make_dataset(slug="secret-draft", title_en="Hospitals of tomorrow")
    assert "secret-draft" not in client.get("/en/data/").content.decode()
    assert slugs("q=hospitals") == ["hospitals"]
    making.withdrawn(Version.objects.get(dataset__slug="hospitals"))
    assert slugs("q=hospitals") == []
    assert options("", "theme") == {"health": 1, "education": 1}


def test_many_datasets_take_as_many_queries_as_few(client, in_english):
    house = making.make_house()
    shown.many_datasets(house, 3)
    _queries(client)  # the first page of all asks for what a process then remembers
    few = _queries(client)
    shown.many_datasets(house, 60)
    assert _queries(client) == few
    assert found().total == 63


def _queries(client: Client) -> list[int]:
    asked = []
    for query in ("", "theme=health", "sort=downloads", "q=statistics"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/data/?{query}").status_code == 200
        asked.append(len(queries))
    return asked


def test_every_address_on_the_page_is_one_of_ours(client, three):
    page = client.get("/en/data/?theme=health&format=csv").content.decode()
    for address in re.findall(r'href="(/en/data/[^"]*)"', page):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
