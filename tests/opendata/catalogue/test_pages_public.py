"""What everybody sees of datasets and versions."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from opendata.catalogue.models import Change
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.opendata.catalogue.public_urls")]


def read(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    assert not response.cookies
    return response.content.decode()


def test_a_published_dataset_shows_files_rows_dictionary_and_signature(client):
    version = making.published(key=["year", "governorate"])
    dataset = version.dataset
    for language in ("ar", "en"):
        page = read(client, f"/{language}/data/{dataset.slug}/")
        assert f'href="/files/{dataset.slug}/1/datapackage.json"' in page
        for file in version.files.exclude(name="datapackage.json"):
            assert f"/files/{dataset.slug}/1/{file.name}" in page
            assert file.sha256 in page
        assert "1473000" in page
        assert version.key_id in page
    assert "Verified: the signature holds" in page
    assert "in 2024, by “" in page


def test_a_dataset_without_a_version_answers_like_nothing(client):
    dataset = making.make_dataset()
    read(client, f"/en/data/{dataset.slug}/", 404)
    read(client, f"/en/data/{dataset.slug}/v/1/", 404)
    read(client, f"/en/data/{dataset.slug}/reuse/", 404)
    assert dataset.slug not in read(client, "/en/data/")


def test_a_page_tells_that_a_dataset_is_late_by_its_own_rhythm(client):
    dataset = shown.dataset(frequency="monthly")
    shown.version(dataset, published_at=timezone.now() - timedelta(days=45))
    assert "This dataset is late" in read(client, f"/en/data/{dataset.slug}/")
    irregular = shown.dataset(frequency="irregular")
    shown.version(irregular, published_at=timezone.now() - timedelta(days=4500))
    assert "This dataset is late" not in read(client, f"/en/data/{irregular.slug}/")


def test_a_signature_that_does_not_hold_is_not_called_verified(client):
    version = shown.version(signature="a.b.c")
    page = read(client, f"/en/data/{version.dataset.slug}/")
    assert "could not be confirmed" in page
    assert "Verified: the signature holds" not in page


def test_a_version_keeps_its_own_page_and_leads_to_the_newest(client):
    first = shown.version()
    shown.version(first.dataset, columns=[shown.column("price", "decimal")], rows=[["1.5"]])
    old, new = (read(client, f"/en/data/{first.dataset.slug}/v/{n}/") for n in (1, 2))
    assert "1473000" in old
    assert f"/files/{first.dataset.slug}/1/data.csv" in old
    assert "There is a newer version" in old
    assert "1473000" not in new
    assert "There is a newer version" not in new


def test_a_withdrawn_version_leaves_a_tombstone_and_the_one_before_comes_back(client):
    first = making.published()
    second = making.published(first.dataset, making.CSV + "2025,Muscat,1600000\n")
    making.withdrawn(second)
    page = read(client, f"/en/data/{first.dataset.slug}/v/2/", 410)
    assert "The source was found to be wrong" in page
    assert second.manifest_sha256 in page
    assert "1600000" not in page
    dataset = read(client, f"/en/data/{first.dataset.slug}/")
    assert f"/files/{first.dataset.slug}/1/data.csv" in dataset
    read(client, f"/en/data/{first.dataset.slug}/v/2/changes/", 410)


def test_a_dataset_with_every_version_withdrawn_tells_its_story(client):
    version = making.withdrawn(making.published())
    page = read(client, f"/en/data/{version.dataset.slug}/", 410)
    assert "The source was found to be wrong" in page
    assert version.dataset.slug not in read(client, "/en/data/")


def test_differences_show_rows_of_both_versions(client):
    first = making.published(key=["year", "governorate"])
    changed = making.CSV.replace("541000", "545500") + "2025,Muscat,1600000\n"
    making.published(first.dataset, changed, key=["year", "governorate"])
    page = read(client, f"/en/data/{first.dataset.slug}/v/2/changes/")
    assert "545500" in page
    assert "541000" in page
    assert "1600000" in page
    assert "/files/" in page
    assert "difference.csv" in page
    read(client, f"/en/data/{first.dataset.slug}/v/1/changes/", 404)
    assert "See every difference in version 1.1.0" in read(client, f"/en/data/{first.dataset.slug}/")


def test_a_difference_from_a_withdrawn_version_is_gone_too(client):
    first = shown.version()
    second = shown.version(first.dataset)
    Change.objects.create(version=second, previous=first, added=1, removed=0, changed=0, unchanged=3,
                          sample=[{"op": "added", "values": {"year": "1999"}}], file_sha256="a" * 64)  # fmt: skip
    assert "1999" in read(client, f"/en/data/{first.dataset.slug}/v/2/changes/")
    making.withdrawn(first)
    assert "1999" not in read(client, f"/en/data/{first.dataset.slug}/v/2/changes/", 410)
    assert client.get(f"/files/{first.dataset.slug}/2/difference.csv").status_code == 410


def test_what_search_engines_read_cannot_end_the_script_element(client):
    dataset = shown.dataset(title_en="</script><b>x", description_en="Short & <i>")
    version = shown.version(dataset)
    page = read(client, f"/en/data/{dataset.slug}/")
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    found = json.loads(text)
    assert found["@type"] == "Dataset"
    assert found["name"] == "</script><b>x"
    assert 50 <= len(found["description"]) <= 5000
    assert found["distribution"][0]["sha256"] == version.files.first().sha256
    assert found["distribution"][0]["contentUrl"].startswith("http")
    assert "<b>x" not in page


def test_the_way_to_tell_us_names_this_dataset(client):
    version = shown.version()
    page = read(client, f"/en/data/{version.dataset.slug}/").replace("&amp;", "&")
    path = f"%2Fdata%2F{version.dataset.slug}%2F"
    assert f"kind=data_correction&page={path}" in page
    form = client.get(f"/en/contact/?kind=data_correction&page={path}").content.decode()
    assert f"/data/{version.dataset.slug}/" in form


def test_the_point_of_contact_of_the_agency_is_named(client):
    house = making.make_house(contact_email="open@body.example", contact_role_ar="منسق", contact_role_en="Coordinator")
    version = shown.version(shown.dataset(house))
    page = read(client, f"/en/data/{version.dataset.slug}/")
    assert "open@body.example" in page
    assert "Coordinator" in page


def test_a_missing_sheet_is_explained(client):
    version = shown.version(formats=("csv", "parquet"), rows=[["1"]], columns=[shown.column("a", "integer")])
    assert "There is no XLSX file" in read(client, f"/en/data/{version.dataset.slug}/")


@pytest.mark.parametrize("path", ["data/verify/", "data/verify/?key=unknown"])
def test_how_to_verify_can_be_read_before_and_after_the_first_dataset(client, path):
    read(client, f"/en/{path}")
    version = shown.version()
    page = read(client, f"/ar/{path}")
    assert "openssl pkeyutl -verify" in page
    assert version.key_id in page


def test_pages_take_the_same_number_of_queries_however_much_there_is(client):
    whole = ("csv", "xlsx", "original")
    house = making.make_house()
    version = shown.version(shown.dataset(house), formats=whole)
    paths = ["data/", f"data/{version.dataset.slug}/", f"data/{version.dataset.slug}/v/1/"]
    counts = {path: _count(client, path) for path in paths}
    for _n in range(2):
        shown.version(version.dataset, formats=whole)
        shown.version(shown.dataset(making.make_house()), formats=whole)
    assert {path: _count(client, path) for path in paths} == counts
    assert counts["data/"] <= 2
    assert counts[paths[1]] <= 6
    assert counts[paths[2]] <= 2


def _count(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(f"/en/{path}")
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/en/{path}").status_code == 200
    return len(found)
