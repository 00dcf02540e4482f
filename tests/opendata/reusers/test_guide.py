"""The guide for reusers: what it shows with and without datasets, its notices and its status."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opendata.catalogue.choices import Licence
from opendata.catalogue.storage import store
from opendata.inventory.models import Asset
from opendata.reusers.notices import MOST, notices
from opendata.reusers.sample import FEW, sample
from opendata.reusers.standing import standing
from portal.site_map import sections
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db
GUIDE = "/{}/data/reusers/"


def opened(client: Client, language: str = "en") -> str:
    response = client.get(GUIDE.format(language))
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("is_filled", [False, True])
def test_it_is_a_sound_page_with_and_without_datasets(client: Client, language: str, is_filled: bool) -> None:
    if is_filled:
        making.withdrawn(shown.version(shown.dataset(slug="gone")))
        shown.version(shown.dataset(slug="here"), query_sha256="a" * 64)
    text = opened(client, language)
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {"start", "spreadsheet", "verify", "licences", "notices", "status"} <= set(ids)
    assert {"curl", "python", "r"}.issubset(ids) is is_filled
    assert ("/files/here/latest/data.csv" in text) is is_filled
    assert all(code in text for code in Licence)


def test_it_names_the_source_in_both_languages_on_each_page(client: Client) -> None:
    version = shown.version(shown.dataset(slug="here"))
    for language in ("ar", "en"):
        text = opened(client, language)
        for said in ("مجموعة بيانات here", "Dataset here", "/ar/data/here/v/1/", "/en/data/here/v/1/"):
            assert said in text
        assert f"version {version.number}" in text


def test_examples_are_about_a_dataset_that_fits_them_all() -> None:
    assert sample() is None
    texts = shown.version(shown.dataset(), columns=[shown.column("name")], rows=[["أ"]])
    found = sample()
    assert found is not None
    assert (found.version, found.text, found.number) == (texts, "name", "")
    fitting = shown.version(shown.dataset(), query_sha256="b" * 64, published_at=timezone.now() - timedelta(days=9))
    found = sample()
    assert found is not None
    assert (found.version, found.text, found.number) == (fitting, "governorate", "population")


def test_examples_add_up_figures_and_neither_places_nor_one_thing_each() -> None:
    of = [
        shown.column("code"),
        shown.column("kind"),
        shown.column("beds", "integer"),
        shown.column("latitude", "decimal"),
    ]
    things = shown.version(shown.dataset(), columns=of, rows=[["a", "b", "1", "23.5"]], key=["code"],
                           query_sha256="c" * 64)  # fmt: skip
    found = sample()
    assert found is not None
    assert (found.version, found.text, found.number) == (things, "kind", "beds")
    named = [shown.column("name"), shown.column("place"), shown.column("number", "integer")]
    before = timezone.now() - timedelta(days=9)
    figures = shown.version(shown.dataset(), columns=named, rows=[["a", "b", "1"]], key=["place", "year"],
                            query_sha256="d" * 64, published_at=before)  # fmt: skip
    found = sample()
    assert found is not None
    assert (found.version, found.text, found.number) == (figures, "place", "number")
    wide = [*named, *(shown.column(f"more_{n}", "integer") for n in range(FEW))]
    shown.version(shown.dataset(), columns=wide, key=["place", "year"], query_sha256="e" * 64)
    own = shown.dataset(figures_slug="own")
    shown.version(own, columns=named, key=["place", "year"], query_sha256="f" * 64)
    found = sample()
    assert found is not None
    assert found.version == figures


def test_what_programs_have_to_follow_is_listed_newest_first(client: Client) -> None:
    now = timezone.now()
    first = shown.version(shown.dataset(slug="moved"), published_at=now - timedelta(days=30))
    second = shown.version(first.dataset, published_at=now - timedelta(days=20))
    shown.version(first.dataset, major=2, minor=1, published_at=now - timedelta(days=10))
    gone = making.withdrawn(shown.version(shown.dataset(slug="gone"), published_at=now - timedelta(days=40)))
    found = [(one.kind, one.version) for one in notices() if one.kind != "interface"]
    assert found == [("withdrawn", gone), ("major", second)]
    text = opened(client)
    assert "The source was found to be wrong" in text
    assert "built differently" in text
    assert "تبين خطأ في المصدر" in opened(client, "ar")


def test_a_version_that_changed_its_columns_names_them(client: Client) -> None:
    dataset = making.published(data="year,governorate,population\n2023,Muscat,1\n").dataset
    making.published(dataset, "year,population\n2024,1\n")
    [found] = [one for one in notices() if one.kind == "major"]
    assert list(found.removed) == ["governorate"]
    assert "Columns that are gone:" in opened(client)


def test_a_title_that_must_not_be_shown_is_not_shown(client: Client) -> None:
    version = making.withdrawn(shown.version(shown.dataset(slug="gone", title_en="Something secret")))
    assert "Something secret" in opened(client)
    Asset.objects.filter(pk=version.dataset.asset_id).update(
        access="closed", hidden_ground="security", reason="law", legal_basis_ar="مرسوم", legal_basis_en="Decree",
        decided_by_role_ar="مدير", decided_by_role_en="Director", decided_on="2026-01-01", review_on="2030-01-01",
    )  # fmt: skip
    assert "Something secret" not in opened(client)


def test_there_are_never_more_notices_than_a_page_takes() -> None:
    for n in range(MOST // 2 + 1):
        dataset = shown.dataset(slug=f"set-{n}")
        shown.version(dataset)
        shown.version(dataset)
        making.withdrawn(shown.version(dataset))
    assert len(notices()) == MOST


def test_the_status_is_what_was_found_just_now(client: Client) -> None:
    assert standing().queries is None
    assert "Nothing published yet" in opened(client)
    version = making.published()
    found = standing()
    assert (found.queries, found.downloads, found.newest, found.datasets) == (True, True, version, 1)
    assert "Not working" not in opened(client)
    place = store().path(version.query_sha256)
    place.rename(place.with_suffix(".away"))
    assert standing().queries is False
    place.with_suffix(".away").rename(place)
    csv = store().path(version.files.get(format="csv").sha256)
    csv.rename(csv.with_suffix(".away"))
    assert standing().downloads is False
    assert "Not working" in opened(client)
    csv.with_suffix(".away").rename(csv)


def test_the_statements_are_as_many_however_many_datasets(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in (1, 3):
        while shown.Version.objects.count() < number * 3:
            dataset = shown.dataset()
            shown.version(dataset)
            shown.version(dataset)
            making.withdrawn(shown.version(dataset))
        with django_assert_max_num_queries(8):
            opened(client)


def test_it_is_found_in_the_site_map_and_from_the_catalogue(client: Client) -> None:
    [section] = [one for one in sections() if one.key == "reusers"]
    assert [page.path for page in section.pages()] == ["/data/reusers/"]
    assert reverse("reusers_pages:guide") in client.get("/ar/data/").content.decode()


def test_what_it_links_to_is_there(client: Client) -> None:
    making.published()
    page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(opened(client, "ar"))
    main = next(one for one in page.iter("main"))
    links = {one.get("href", "") for one in main.iter("a")}
    ids = {one.get("id") for one in page.iter()}
    assert len(links) > 15
    for link in sorted(links):
        if link.startswith("#"):
            assert link[1:] in ids
        elif link.startswith("/"):
            response = client.get(link)
            assert response.status_code == 200, link
            assert b"".join(response), link  # an archive holds its place until it is read
