"""The inventory as DCAT-US 1.1: what is open with its files, what is not with why, titles that are hidden nowhere."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from opendata.inventory.choices import Access, Ground, Reason, State
from opendata.inventory.models import Agency, Asset
from portal.organisations.models import Organisation
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.dcat.dcat_us_schema import CATALOGUE
from tests.opendata.dcat.harvesters import data_json, get
from tests.opendata.dcat.withheld import NOT_OPEN

pytestmark = pytest.mark.django_db


def records(client) -> dict[str, dict]:
    """Valid records by their identifier."""
    found = data_json(client)
    Draft202012Validator(CATALOGUE).validate(found)
    by_name = {one["identifier"]: one for one in found["dataset"]}
    assert len(by_name) == len(found["dataset"])
    return by_name


def record_of(client, asset: Asset) -> dict:
    return records(client)[f"http://testserver/data/inventory/{asset.pk}/"]


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "http://testserver"


def test_a_published_dataset_has_its_files_and_their_checksums(client):
    house = making.make_house(contact_email="data@body.example", contact_role_en="Officer", contact_role_ar="مسؤول")
    version = making.published(
        making.make_dataset(house, keywords_en="people", keywords_ar="سكان", covers_from=date(2023, 1, 1),
                            covers_until=date(2024, 12, 31), governorates=["muscat", "dhofar"])
    )  # fmt: skip
    found = record_of(client, version.dataset.asset)
    assert found["title"] == version.dataset.title_en
    assert found["title_ar"] == version.dataset.title_ar
    assert found["accessLevel"] == "public"
    assert "rights" not in found
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["temporal"] == "2023-01-01/2024-12-31"
    assert found["spatial"] == "Muscat, Dhofar, Oman"
    assert found["accrualPeriodicity"] == "R/P1Y"
    assert found["keyword"] == ["people", "Population and society", "سكان", "السكان والمجتمع"]
    assert found["contactPoint"] == {"@type": "vcard:Contact", "fn": "Officer", "hasEmail": "mailto:data@body.example"}
    files = {one["downloadURL"].rpartition("/")[2]: one for one in found["distribution"]}
    rows = {one.name: one for one in version.files.exclude(format="datapackage")}
    assert files.keys() == rows.keys()
    for name, one in files.items():
        answer = get(client, one["downloadURL"])
        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == one["checksum"]["checksumValue"] == rows[name].sha256
        assert len(content) == one["byteSize"]
        assert answer["Content-Type"].partition(";")[0] == one["mediaType"]
    get(client, found["describedBy"])
    get(client, found["landingPage"])


def test_what_is_not_open_says_why(client):
    house = making.make_house()
    closed = making.make_asset(house, **NOT_OPEN)
    restricted = making.make_asset(
        house, **{**NOT_OPEN, "access": Access.RESTRICTED, "reason": Reason.PERSONAL, "legal_basis_en": "Law " * 74}
    )
    found = record_of(client, closed)
    assert found["accessLevel"] == "non-public"
    assert found["rights"] == "It is classified for national security. Legal basis: Royal Decree 118/2011"
    assert "118/2011" in found["rights_ar"]
    assert found["title"] == closed.title_en
    found = record_of(client, restricted)
    assert found["accessLevel"] == "restricted public"
    assert found["rights"].startswith("It holds personal data. Legal basis: Law")
    assert len(found["rights"]) == 255


def test_a_title_that_is_not_shown_is_nowhere(client):
    house = making.make_house()
    secret = {"title_ar": "عملية الصقر", "title_en": "Operation Falcon", "description_ar": "وصف سري",
              "description_en": "Plans of it", "code": "FALCON-1"}  # fmt: skip
    asset = making.make_asset(house, **NOT_OPEN, **secret, hidden_ground=Ground.SECURITY)
    found = record_of(client, asset)
    assert found["title"] == "Title not shown"
    assert found["description"] == "The title itself is classified. Nothing more is said of this data asset."
    assert found["rights"].startswith("It is classified")
    whole = json.dumps(found, ensure_ascii=False)
    assert not [value for value in secret.values() if value in whole]


def test_what_nobody_assessed_is_not_listed_and_what_is_planned_is(client):
    house = making.make_house()
    unknown = making.make_asset(house, state=State.INVENTORIED, assessed_at=None)
    planned = making.make_asset(house, state=State.SCHEDULED, release_on=date(2027, 1, 1))
    found = records(client)
    assert not [name for name in found if name.endswith(f"/{unknown.pk}/")]
    planned_record = record_of(client, planned)
    assert planned_record["accessLevel"] == "public"
    assert "distribution" not in planned_record


def test_what_was_withdrawn_is_an_asset_without_files_again(client):
    version = shown.version()
    asset = version.dataset.asset
    Asset.objects.filter(pk=asset.pk).update(state=State.PUBLISHED, published_at=version.published_at)
    before = record_of(client, asset)
    making.withdrawn(version)
    after = record_of(client, asset)
    assert after["identifier"] == before["identifier"]
    assert "distribution" in before
    assert "distribution" not in after
    assert after["title"] == asset.title_en


def test_an_agency_without_an_address_is_reached_through_who_runs_the_portal(client, settings):
    settings.DEFAULT_FROM_EMAIL = "Open data <opendata@portal.example>"
    version = shown.version()
    contact = record_of(client, version.dataset.asset)["contactPoint"]
    assert contact["hasEmail"] == "mailto:opendata@portal.example"
    assert contact["fn"] == settings.ENTITY_NAME["en"]


def test_an_asset_with_a_point_of_contact_of_its_own_names_that(client):
    roles = {"contact_role_en": "Director of Statistics", "contact_role_ar": "مدير الإحصاء"}
    house = making.make_house(contact_email="data@body.example")
    own = {"contact_email": "statistics@body.example", **roles}
    shown_one = making.make_asset(house, **own)
    hidden = making.make_asset(house, **NOT_OPEN, **own, hidden_ground=Ground.SECURITY)
    assert record_of(client, shown_one)["contactPoint"] == {
        "@type": "vcard:Contact", "fn": "Director of Statistics", "hasEmail": "mailto:statistics@body.example",
    }  # fmt: skip
    assert "Statistics" not in str(record_of(client, hidden))
    assert record_of(client, hidden)["contactPoint"]["hasEmail"] == "mailto:data@body.example"


def test_hostile_texts_stay_texts(client):
    awkward = 'A "quote" </script> \\ \x01 \u2028 \u202e 😀 & <b>'
    version = shown.version(shown.dataset(title_en=awkward, title_ar="عنوان «" + awkward))
    assert record_of(client, version.dataset.asset)["title"] == awkward


def test_an_empty_inventory_is_an_empty_list(client):
    assert data_json(client)["dataset"] == []


def test_a_copy_is_known_until_something_changes(client, settings):
    version = shown.version(shown.dataset(making.make_house(contact_email="a@body.example")))
    dataset = version.dataset

    def etag() -> str:
        head = client.head("/data.json")
        assert head.status_code == 200
        assert b"".join(head) == b""
        assert "Content-Length" not in head
        assert head["Content-Type"] == "application/json"
        assert head["Access-Control-Allow-Origin"] == "*"
        assert client.get("/data.json", headers={"If-None-Match": head["ETag"]}).status_code == 304
        return head["ETag"]

    tags = [etag()]
    Asset.objects.filter(pk=dataset.asset_id).update(revision=2)
    tags.append(etag())
    dataset.__class__.objects.filter(pk=dataset.pk).update(revision=5)
    tags.append(etag())
    Agency.objects.update(contact_email="b@body.example")
    tags.append(etag())
    Organisation.objects.filter(pk=dataset.asset.organisation_id).update(name_en="Another name")
    tags.append(etag())
    making.make_asset(making.house_of(dataset))
    tags.append(etag())
    settings.DEFAULT_FROM_EMAIL = "another@portal.example"
    tags.append(etag())
    assert len(set(tags)) == len(tags)
    assert client.head("/data.json")["Last-Modified"]


def test_three_assets_cost_no_more_queries_than_one(client, django_assert_num_queries):
    shown.version()
    for more in (2, 0):
        with django_assert_num_queries(6):
            data_json(client)
        for _ in range(more):
            shown.version()
            making.make_asset(making.make_house(), **NOT_OPEN)
