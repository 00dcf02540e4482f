"""What the catalogue says in RDF: the same in Turtle, RDF/XML and JSON-LD, and as DCAT-AP 3.0.1 wants it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from pyshacl import validate
from rdflib import DCTERMS, FOAF, RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from opendata.catalogue.actions.datasets import edit_dataset
from opendata.dcat import paging
from opendata.inventory.choices import Frequency, Theme
from portal.organisations.models import Governorate
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.dcat.harvesters import HYDRA, get, graph, pages

pytestmark = pytest.mark.django_db

SHAPES = Path(__file__).parent / "dcat_ap_shapes.ttl"
KINDS = ("ttl", "rdf", "xml", "jsonld", "n3")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
"""All of version 3, of which rdflib knows a part."""
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = Namespace("http://publications.europa.eu/resource/authority/")
HOSTILE = {
    "title_ar": "عنوان \"مقتبس\" <b>وسم</b> & 'مفرد' \\ شرطة",
    "title_en": "A \"quoted\" <script>alert(1)</script> & 'single' \\ back \u202eslash ]]> --> 😀",
    "description_ar": "سطر أول\nسطر ثان\r\nثالث\tوعلامة 🇴🇲 " + "وصف " * 20,
    "description_en": "Line one\nline two\r\nthree\ttab \x01\x0b\x1f\ufffe bell \x07 \u2028 end \\n \\u0041 "
    + "x " * 20,
    "keywords_ar": "محمّد، تُعليم، صحة (عامة)، نقل/مواصلات، #️⃣",
    "keywords_en": 'a, C++, "quoted; keyword", 🚀, health, health',
    "methods_ar": "كما </rdf:RDF> هي",
    "methods_en": 'As """they""" are\\',
}


def validated(found: Graph) -> list[str]:
    """What the shapes find wrong, in words."""
    holds, _report, words = validate(found, shacl_graph=Graph().parse(SHAPES), allow_warnings=False)
    return [] if holds else [words]


def the_same(client, path: str) -> Graph:
    """The document in all its forms, found to say the same but for the addresses of its pages."""
    found = [graph(client, path.replace(".ttl", f".{kind}")) for kind in KINDS]
    bare = [_without_pages(one) for one in found]
    assert all(isomorphic(bare[0], other) for other in bare[1:])
    assert len(bare[0]) > 50
    return found[0]


def _without_pages(found: Graph) -> Graph:
    bare = Graph()
    for triple in found:
        if "/catalog." not in triple[0]:
            bare.add(triple)
    return bare


def dataset_in(found: Graph, of) -> URIRef:
    name = found.value(predicate=DCTERMS.identifier, object=Literal(str(of.uuid)))
    assert isinstance(name, URIRef)
    return name


def test_all_forms_of_a_page_say_the_same_and_keep_to_the_profile(client):
    version = making.published(key=["year", "governorate"])
    shown.version(shown.version().dataset)
    shown.version(shown.dataset(is_high_value=True, governorates=["muscat", "al-wusta"], covers_from=date(2020, 1, 1)))
    found = the_same(client, "/catalog.ttl")
    assert validated(found) == []
    one = the_same(client, f"/dataset/{version.dataset.uuid}.ttl")
    assert validated(one) == []
    assert all(triple in found for triple in one)


def test_a_dataset_says_everything_a_harvester_takes(client):
    version = shown.version(shown.dataset(theme="population", frequency="yearly"))
    dataset = version.dataset
    texts = {
        "keywords_en": "people, census",
        "keywords_ar": "سكان، تعداد",
        "methods_en": "Counted.",
        "methods_ar": "عدًّا.",
    }
    days = {"covers_from": date(2023, 1, 1), "covers_until": date(2024, 12, 31)}
    edit_dataset(dataset=dataset, by=None, revision=dataset.revision, governorates=["dhofar"], **texts, **days)
    second = shown.version(dataset, change_note_ar="أضيفت بيانات جديدة", change_note_en="New data was added")
    found = graph(client, f"/dataset/{dataset.uuid}.ttl")
    name = dataset_in(found, dataset)
    assert str(name).endswith(f"/dataset/{dataset.uuid}")
    assert set(found.objects(name, DCTERMS.title)) == {Literal(dataset.title_ar, "ar"), Literal(dataset.title_en, "en")}
    assert set(found.objects(name, DCAT.theme)) == {AUTHORITY["data-theme/SOCI"]}
    assert set(found.objects(name, DCAT.keyword)) == {
        Literal("people", "en"), Literal("census", "en"), Literal("Population and society", "en"),
        Literal("سكان", "ar"), Literal("تعداد", "ar"), Literal("السكان والمجتمع", "ar"),
    }  # fmt: skip
    assert found.value(name, DCTERMS.accrualPeriodicity) == AUTHORITY["frequency/ANNUAL"]
    assert found.value(name, DCTERMS.accessRights) == AUTHORITY["access-right/PUBLIC"]
    period = found.value(name, DCTERMS.temporal)
    assert [found.value(period, at).toPython() for at in (DCAT.startDate, DCAT.endDate)] == [
        date(2023, 1, 1), date(2024, 12, 31),
    ]  # fmt: skip
    place = found.value(name, DCTERMS.spatial)
    assert Literal("Dhofar", "en") in set(found.objects(place, SKOS.prefLabel))
    assert found.value(place, DCTERMS.identifier) == Literal("OM-ZU")
    assert found.value(place, DCTERMS.isPartOf) == AUTHORITY["country/OMN"]
    assert str(found.value(AUTHORITY["country/OMN"], DCAT.bbox)).startswith("POLYGON((51.9 16.6,")
    assert str(found.value(AUTHORITY["country/OMN"], DCAT.centroid)) == "POINT(56.1 20.6)"
    assert found.value(name, DCAT.version) == Literal(second.number)
    assert Literal("New data was added", "en") in set(found.objects(name, ADMS.versionNotes))
    previous = found.value(name, DCAT.previousVersion)
    assert found.value(previous, DCAT.version) == Literal("1.0.0")
    assert set(found.subjects(RDF.type, DCAT.Dataset)) == {name}, "no harvester may take a version for another dataset"
    assert found.value(name, DCTERMS.issued).toPython() == version.published_at


def test_each_file_has_its_address_size_checksum_formats_and_licence(client):
    version = making.published()
    found = graph(client, f"/dataset/{version.dataset.uuid}.ttl")
    name = dataset_in(found, version.dataset)
    files = {str(found.value(one, DCAT.downloadURL)): one for one in found.objects(name, DCAT.distribution)}
    rows = {one.name: one for one in version.files.exclude(format="datapackage")}
    assert len(files) == len(rows)
    assert {one.format for one in rows.values()} >= {"csv", "xlsx", "json", "xml", "parquet", "original"}
    for address, one in files.items():
        row = rows[address.rpartition("/")[2]]
        assert get(client, address).status_code == 200
        assert str(found.value(one, DCAT.accessURL)) == address
        assert found.value(one, DCAT.byteSize).toPython() == row.size
        assert found.value(found.value(one, SPDX.checksum), SPDX.checksumValue).toPython().hex() == row.sha256
        assert str(found.value(one, DCAT.mediaType)).endswith(f"/media-types/{row.media_type}")
        assert found.value(one, DCTERMS.format) == AUTHORITY[f"file-type/{row.name.rpartition('.')[2].upper()}"]
        assert found.value(one, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
        page = found.value(one, FOAF.page)
        assert (page, RDF.type, FOAF.Document) in found
        assert get(client, str(page)).status_code == 200


def test_a_file_keeps_its_name_in_the_next_version(client):
    version = shown.version()
    first = graph(client, f"/dataset/{version.dataset.uuid}.ttl")
    shown.version(version.dataset)
    second = graph(client, f"/dataset/{version.dataset.uuid}.ttl")
    named = [set(one.subjects(RDF.type, DCAT.Distribution)) for one in (first, second)]
    assert named[0] == named[1]
    assert set(first.objects(None, DCAT.downloadURL)).isdisjoint(second.objects(None, DCAT.downloadURL))


def test_the_catalogue_names_its_publisher_its_licence_and_its_api(client):
    version = shown.version()
    found = graph(client, "/catalog.ttl")
    catalogue = found.value(predicate=RDF.type, object=DCAT.Catalog)
    assert str(catalogue).endswith("/catalog")
    names = set(found.objects(found.value(catalogue, DCTERMS.publisher), FOAF.name))
    assert Literal("Ministry of Commerce, Industry and Investment Promotion", "en") in names
    service = found.value(catalogue, DCAT.service)
    assert str(found.value(service, DCAT.endpointURL)).endswith("/api/v1/")
    assert str(found.value(service, DCAT.endpointDescription)).endswith("/api/v1/openapi.json")
    assert set(found.objects(service, DCAT.servesDataset)) == {dataset_in(found, version.dataset)}
    assert found.value(catalogue, DCTERMS.modified).toPython() == version.dataset.modified_at


def test_whom_to_ask_comes_from_the_agency(client):
    house = making.make_house(
        contact_email="open data@body.example", contact_role_en="Data officer", contact_role_ar="مسؤول البيانات",
        contact_phone="+968 2400 0000",
    )  # fmt: skip
    version = shown.version(shown.dataset(house))
    found = graph(client, f"/dataset/{version.dataset.uuid}.ttl")
    contact = found.value(dataset_in(found, version.dataset), DCAT.contactPoint)
    assert found.value(contact, VCARD.hasEmail) == URIRef("mailto:open%20data@body.example")
    assert found.value(contact, VCARD.hasTelephone) == URIRef("tel:+96824000000")
    assert Literal(f"Data officer, {house.organisation.name_en}", "en") in set(found.objects(contact, VCARD.fn))


def test_a_dataset_with_a_point_of_contact_of_its_own_names_that(client):
    house = making.make_house(contact_email="data@body.example", contact_phone="+968 2400 0000")
    shared, own = shown.version(shown.dataset(house)).dataset, shown.version(shown.dataset(house)).dataset
    roles = {"contact_role_en": "Director of Statistics", "contact_role_ar": "مدير الإحصاء"}
    own.asset.__class__.objects.filter(pk=own.asset_id).update(contact_email="statistics@body.example", **roles)
    found = the_same(client, "/catalog.ttl")
    assert validated(found) == []
    contacts = [found.value(dataset_in(found, one), DCAT.contactPoint) for one in (shared, own)]
    assert [str(found.value(one, VCARD.hasEmail)) for one in contacts] == [
        "mailto:data@body.example", "mailto:statistics@body.example",
    ]  # fmt: skip
    assert found.value(contacts[1], VCARD.hasTelephone) is None
    assert Literal(f"مدير الإحصاء، {house.organisation.name_ar}", "ar") in set(found.objects(contacts[1], VCARD.fn))


def test_every_theme_rhythm_and_governorate_has_its_word(client):
    house = making.make_house()
    rhythms = list(Frequency.values)
    for number, theme in enumerate(Theme.values):
        shown.version(
            shown.dataset(house, theme=theme, frequency=rhythms[number % len(rhythms)], is_high_value=number % 2 == 0,
                          governorates=[Governorate.values[number % len(Governorate.values)]]),
            formats=("csv", "geojson"),
        )  # fmt: skip
    found = the_same(client, "/catalog.ttl")
    assert validated(found) == []
    assert len(set(found.subjects(DCTERMS.type, AUTHORITY["dataset-type/HVD"]))) == 8
    assert len(set(found.subjects(RDF.type, DCTERMS.Frequency))) == len(rhythms)


def test_hostile_texts_come_through_whole_in_every_form(client):
    version = shown.version(shown.dataset(**HOSTILE), change_note_ar='ملاحظة "</', change_note_en="Note <&>\\")
    for path in ("/catalog.ttl", f"/dataset/{version.dataset.uuid}.ttl"):
        found = the_same(client, path)
        assert validated(found) == []
        name = dataset_in(found, version.dataset)
        assert {str(title) for title in found.objects(name, DCTERMS.title)} == {
            HOSTILE["title_ar"],
            HOSTILE["title_en"],
        }
        described = {one.language: str(one) for one in found.objects(name, DCTERMS.description)}
        assert described["ar"] == HOSTILE["description_ar"]
        assert described["en"].startswith(
            "Line one\nline two\r\nthree\ttab \ufffd\ufffd\ufffd\ufffd bell \ufffd \u2028"
        )
    keywords = {str(one) for one in found.objects(name, DCAT.keyword)}
    assert keywords == {
        "محمد", "تعليم", "صحة عامة", "نقل مواصلات", "السكان والمجتمع",
        "quoted", "keyword", "health", "Population and society",
    }  # fmt: skip


def test_xml_is_well_formed_with_arabic_in_it(client):
    version = shown.version(shown.dataset(**HOSTILE))
    content = get(client, f"/dataset/{version.dataset.uuid}.rdf").content
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    ElementTree.fromstring(content)
    assert "عنوان" in content.decode()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("rdf", "application/rdf+xml; charset=utf-8"),
        ("xml", "application/rdf+xml; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("n3", "text/n3; charset=utf-8"),
    ],
)
def test_headers_tell_what_it_is_and_whether_it_changed(client, kind, media_type):
    version = shown.version()
    for path in (f"/catalog.{kind}", f"/dataset/{version.dataset.uuid}.{kind}"):
        whole, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head["Content-Type"] == whole["Content-Type"] == media_type
        assert head["ETag"] == whole["ETag"]
        assert head["Content-Length"] == str(len(whole.content))
        assert head["Access-Control-Allow-Origin"] == "*"
        assert head["Last-Modified"]
        assert "Vary" not in whole
        assert "Content-Language" not in whole
        assert client.get(path, headers={"If-None-Match": whole["ETag"]}).status_code == 304
        assert client.get(path, headers={"Accept-Language": "en", "Cookie": "a=b"}).content == whole.content
        assert client.post(path).status_code == 405
    making.house_of(version.dataset).agency.__class__.objects.update(contact_email="new@body.example")
    assert client.get(path, headers={"If-None-Match": whole["ETag"]}).status_code == 200


def test_the_catalogue_comes_in_pages(client, monkeypatch):
    assert paging.PAGE_SIZE == 100
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    house = making.make_house()
    made = [shown.version(shown.dataset(house)).dataset for _ in range(5)]
    found = pages(client, "/catalog.ttl")
    views = [one.value(predicate=RDF.type, object=HYDRA.PartialCollectionView) for one in found]
    assert [one.value(view, HYDRA.totalItems).toPython() for one, view in zip(found, views, strict=True)] == [5, 5, 5]
    assert [len(set(one.subjects(RDF.type, DCAT.Dataset))) for one in found] == [2, 2, 1]
    others = [str(found[1].value(views[1], name)) for name in (HYDRA.first, HYDRA.previous, HYDRA.last)]
    assert [other.rpartition("?")[2] for other in others] == ["page=1", "page=1", "page=3"]
    assert found[0].value(views[0], HYDRA.previous) is None
    assert found[2].value(views[2], HYDRA.next) is None
    listed = [str(name).rpartition("/")[2] for one in found for name in one.objects(None, DCAT.dataset)]
    assert sorted(listed) == sorted(str(one.uuid) for one in made)
    second = graph(client, "/catalog.jsonld?page=2")
    assert set(second.subjects(RDF.type, DCAT.Dataset)) == set(found[1].subjects(RDF.type, DCAT.Dataset))
    get(client, "/catalog.ttl?page=3")
    assert get(client, "/catalog.ttl?page=4", 404)["Content-Type"] == "application/problem+json"


def test_an_empty_catalogue_is_a_page_without_datasets(client):
    found = the_same(client, "/catalog.ttl?page=1")
    assert validated(found) == []
    assert not set(found.subjects(RDF.type, DCAT.Dataset))
    get(client, "/catalog.ttl?page=2", 404)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=", "page=1e3", "page=99999999999999999999", "page=٢", "after=x", "after=-1",
     "modified_since=yesterday", "modified_since=2026-13-01", "modified_since=2026-02-30T10:00:00Z",
     "modified_since=2026-01-01T99:00:00Z", "modified_since='%20OR%201=1", "q=roads", "fq=organization:roads"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(client, query):
    response = get(client, f"/catalog.ttl?{query}", 400)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("since", "is_in"),
    [(timedelta(days=-2), True), (timedelta(days=-1), True), (timedelta(days=1), False)],
    ids=["before", "at", "after"],
)
def test_only_what_changed_since_is_asked_for(client, since, is_in):
    now = timezone.now()
    changed = shown.version().dataset
    changed.__class__.objects.filter(pk=changed.pk).update(modified_at=now - timedelta(days=1))
    at = now + since
    for written in (at.isoformat(), at.isoformat().replace("+00:00", "Z"), f"{at:%Y-%m-%dT%H:%M:%S.%f}"):
        found = graph(client, f"/catalog.ttl?modified_since={written}")
        assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == is_in
        view = found.value(predicate=RDF.type, object=HYDRA.PartialCollectionView)
        assert found.value(view, HYDRA.totalItems).toPython() == is_in
        assert "modified_since=" in str(found.value(view, HYDRA.first))
    assert len(
        set(graph(client, "/catalog.ttl?modified_since=0001-01-01T00:00:00%2B14:00").subjects(RDF.type, DCAT.Dataset))
    )


def test_a_change_of_the_inventory_row_is_one_of_the_dataset(client):
    dataset = shown.version().dataset
    dataset.__class__.objects.update(modified_at=timezone.now() - timedelta(days=9))
    asset = dataset.asset.__class__.objects
    for days, is_in in ((9, False), (1, True)):
        asset.update(updated_at=timezone.now() - timedelta(days=days))
        found = graph(client, f"/catalog.ttl?modified_since={timezone.now() - timedelta(days=2):%Y-%m-%d}")
        assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == is_in


def test_what_was_withdrawn_is_gone_and_what_never_was_is_not_found(client):
    version = shown.version()
    making.withdrawn(version)
    for path in (f"/dataset/{version.dataset.uuid}.ttl", f"/dataset/{version.dataset.uuid}"):
        gone = get(client, path, 410).json()
        assert gone["detail"] == "The source was found to be wrong"
        assert gone["detail_ar"] == "تبين خطأ في المصدر"
        assert gone["manifest_sha256"] == version.manifest_sha256
        assert version.dataset.slug not in str(gone)
    for path in (
        f"/dataset/{making.make_dataset().uuid}.ttl", f"/dataset/{uuid.UUID(int=5)}.rdf",
        f"/dataset/{uuid.UUID(int=5)}", f"/dataset/{version.dataset.uuid}.exe", "/catalog.exe",
    ):  # fmt: skip
        assert get(client, path, 404)["Content-Type"] == "application/problem+json", path


def test_a_dataset_is_also_found_by_its_address(client):
    dataset = shown.version().dataset
    assert get(client, f"/dataset/{dataset.slug}.ttl").content == get(client, f"/dataset/{dataset.uuid}.ttl").content
    for slug in ("nothing", making.make_dataset().slug):
        assert get(client, f"/dataset/{slug}.ttl", 404)["Content-Type"] == "application/problem+json"


def test_names_lead_to_pages_and_to_documents(client):
    dataset = shown.version().dataset
    for name, page in ((f"/dataset/{dataset.uuid}", f"/ar/data/{dataset.slug}/"), ("/catalog", "/ar/data/")):
        response = get(client, name, 303)
        assert response["Location"] == page
        get(client, page)
        assert f'{name}.ttl>; rel="alternate"; type="text/turtle"' in response["Link"]


@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.rdf", "/catalog.jsonld"])
def test_three_datasets_cost_no_more_queries_than_one(client, django_assert_num_queries, path):
    house = making.make_house()
    shown.version(shown.version(shown.dataset(house)).dataset)
    with django_assert_num_queries(6):
        client.get(path)
    for _ in range(2):
        shown.version(shown.version(shown.dataset(making.make_house())).dataset)
    with django_assert_num_queries(6):
        client.get(path)
