"""What search engines for data read in the pages: schema.org JSON-LD, links to the other forms, the site map."""

from __future__ import annotations

import json
import re

import html5lib
import pytest

from opendata.catalogue.structured import LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.dcat.harvesters import get, graph

pytestmark = pytest.mark.django_db


def data_in(client, path: str) -> dict:
    """The one block of data in a page, which is valid HTML and has a policy that runs no script of its own."""
    response = get(client, path)
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    blocks = re.findall(r"<script([^>]*)>(.*?)</script>", response.content.decode(), re.DOTALL)
    [(attributes, text)] = [one for one in blocks if "src=" not in one[0]]
    assert attributes == ' type="application/ld+json"'
    return dict(json.loads(text))


def test_a_dataset_tells_search_engines_what_it_is(client, settings):
    version = making.published()
    dataset = version.dataset
    for language in ("ar", "en"):
        found = data_in(client, f"/{language}/data/{dataset.slug}/")
        assert found["@context"] == "https://schema.org/"
        assert found["@type"] == "Dataset"
        assert found["@id"] == f"{settings.SITE_URL}/dataset/{dataset.uuid}"
        assert found["name"] == getattr(dataset, f"title_{language}")
        assert SHORTEST_DESCRIPTION <= len(found["description"]) <= LONGEST_DESCRIPTION
        assert found["url"] == f"{settings.SITE_URL}/{language}/data/{dataset.slug}/"
        assert found["license"].startswith("https://")
        assert found["includedInDataCatalog"]["@id"] == f"{settings.SITE_URL}/catalog"
        sums = {one.sha256 for one in version.files.exclude(format="datapackage")}
        assert {one["sha256"] for one in found["distribution"]} == sums
        assert all(one["contentUrl"].startswith(f"{settings.SITE_URL}/files/") for one in found["distribution"])


def test_all_faces_know_a_file_by_one_checksum(client):
    version = making.published()
    path = f"/en/data/{version.dataset.slug}/"
    sums = {one.sha256 for one in version.files.exclude(format="datapackage")}
    page = get(client, path).content.decode()
    rdf = graph(client, f"/dataset/{version.dataset.uuid}.rdf").serialize(format="nt").lower()
    inventory = b"".join(client.get("/data.json").streaming_content).decode()
    for digest in sums:
        assert all(digest in face for face in (page, rdf, inventory, version.manifest))


def test_descriptions_are_as_long_as_search_engines_want_them(client):
    short = shown.version(
        shown.dataset(title_en="T", title_ar="ع", description_ar="قصير", description_en="Short")
    ).dataset
    long = shown.version(shown.dataset(description_ar="طويل " * 999, description_en="Long " * 999)).dataset
    for dataset in (short, long):
        for language in ("ar", "en"):
            found = data_in(client, f"/{language}/data/{dataset.slug}/")
            assert SHORTEST_DESCRIPTION <= len(found["description"]) <= LONGEST_DESCRIPTION
            assert ".." not in found["description"]


def test_no_text_ends_the_block(client):
    awkward = '</script><script>alert(1)</script><!-- "\\ \u2028 & 😀'
    dataset = shown.version(shown.dataset(title_en=awkward, title_ar=awkward, keywords_en=awkward)).dataset
    assert data_in(client, f"/en/data/{dataset.slug}/")["name"] == awkward


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_catalogue_tells_search_engines_what_it_is(client, language, settings):
    shown.version()
    found = data_in(client, f"/{language}/data/")
    assert found["@type"] == "DataCatalog"
    assert found["@id"] == f"{settings.SITE_URL}/catalog"
    assert found["name"] == {"ar": "البيانات المفتوحة", "en": "Open data"}[language]
    assert found["publisher"]["name"] == settings.ENTITY_NAME[language]
    assert found["url"] == f"{settings.SITE_URL}/{language}/data/"


def test_pages_lead_to_their_other_forms(client):
    dataset = shown.version().dataset
    for path in ("/ar/data/", f"/ar/data/{dataset.slug}/"):
        links = dict(re.findall(r'<link rel="alternate" type="([^"]+)" title="DCAT[^"]*" href="([^"]+)">',
                                get(client, path).content.decode()))  # fmt: skip
        assert links.keys() >= {"text/turtle", "application/rdf+xml", "application/ld+json"}
        for media_type, address in links.items():
            assert get(client, address)["Content-Type"].partition(";")[0] == media_type


def test_the_site_map_lists_what_is_published(client):
    stands, gone = shown.version(), shown.version()
    making.withdrawn(gone)
    found = get(client, "/sitemap.xml").content.decode()
    assert all(f"/{language}/data/{stands.dataset.slug}/" in found for language in ("ar", "en"))
    assert gone.dataset.slug not in found
