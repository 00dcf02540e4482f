"""Datasets, resources, organisations and tags in CKAN's shapes: what its importer and udata's schema ask for."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opendata.catalogue.actions import datasets
from opendata.catalogue.models import Dataset, Version
from opendata.ckan import texts
from opendata.ckan.texts import moment
from opendata.inventory.actions.agencies import describe_agency
from opendata.inventory.actions.writing import edit_asset
from opendata.inventory.models import Asset
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.opendata.ckan.asking_ckan import body, get, listed, names, post, refused

pytestmark = pytest.mark.django_db
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
TAG = re.compile(r"[\w \-.]*")
PACKAGE_KEYS = {
    "id", "name", "title", "notes", "url", "version", "author", "author_email", "maintainer", "maintainer_email",
    "license_id", "license_title", "license_url", "isopen", "state", "type", "private", "creator_user_id", "owner_org",
    "organization", "groups", "tags", "extras", "resources", "num_resources", "num_tags", "relationships_as_subject",
    "relationships_as_object", "metadata_created", "metadata_modified",
}  # fmt: skip
RESOURCE_KEYS = {
    "id", "package_id", "position", "name", "description", "format", "mimetype", "mimetype_inner", "size", "hash",
    "created", "last_modified", "url", "url_type", "resource_type", "state", "cache_url", "cache_last_updated",
    "datastore_active",
}  # fmt: skip
ORGANISATION = {"type": "organization", "description": "", "image_url": "", "is_organization": True,
                "approval_status": "approved", "state": "active"}  # fmt: skip


def check_package(package: Any) -> None:
    """What CKAN's importer and udata's strict schema want of a dataset; unknown lists of objects CKAN refuses."""
    assert package.keys() >= PACKAGE_KEYS
    extra = {name: value for name, value in package.items() if name not in PACKAGE_KEYS}
    assert not [name for name, value in extra.items() if isinstance(value, list)]
    assert str(uuid.UUID(package["id"])) == package["id"]
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", package["name"])
    assert package["name"] not in ("new", "edit", "search")
    for name in ("title", "notes", "license_id", "license_title", "author"):
        assert isinstance(package[name], str), name
        assert package[name]
    assert (package["state"], package["type"], package["private"]) == ("active", "dataset", False)
    for name in ("maintainer_email", "author_email"):
        assert package[name] is None or "@" in package[name]
    assert MOMENT.fullmatch(package["metadata_created"])
    assert MOMENT.fullmatch(package["metadata_modified"])
    check_organisation(package["organization"])
    assert package["owner_org"] == package["organization"]["id"]
    keys = [extra["key"] for extra in package["extras"]]
    assert len(keys) == len(set(keys))
    assert all(set(extra) == {"key", "value"} and isinstance(extra["value"], str) for extra in package["extras"])
    assert len({tag["name"] for tag in package["tags"]}) == package["num_tags"]
    for tag in package["tags"]:
        assert TAG.fullmatch(tag["name"])
        assert 2 <= len(tag["name"]) <= 100
        assert uuid.UUID(tag["id"])
    assert package["num_resources"] == len(package["resources"]) > 0
    for position, resource in enumerate(package["resources"]):
        check_resource(resource, package["id"], position)


def check_organisation(organisation: Any) -> None:
    assert organisation.items() >= ORGANISATION.items()
    assert uuid.UUID(organisation["id"])
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", organisation["name"])
    assert organisation["title"]
    assert MOMENT.fullmatch(organisation["created"])


def check_resource(resource: Any, package: str, position: int) -> None:
    assert resource.keys() >= RESOURCE_KEYS
    assert str(uuid.UUID(resource["id"])) == resource["id"]
    assert (resource["package_id"], resource["position"], resource["state"]) == (package, position, "active")
    assert resource["format"]
    assert resource["name"]
    assert MOMENT.fullmatch(resource["created"])
    assert resource["url"].startswith("http://testserver/files/")
    assert (resource["url_type"], resource["resource_type"]) == (None, None)
    assert isinstance(resource["size"], int)
    assert re.fullmatch(r"[0-9a-f]{64}", resource["hash"])
    assert isinstance(resource["datastore_active"], bool)


def test_a_published_dataset_is_a_package_with_everything_importers_ask_for():
    house = making.make_house(
        "health-body", contact_email="data@health.example", contact_role_en="Data officer", contact_role_ar="مسؤول"
    )
    dataset = making.make_dataset(house, slug="hospitals", title_en="Hospitals", title_ar="المستشفيات",
                                  keywords_ar="محمّد، تُعليم", keywords_en="beds")  # fmt: skip
    version = making.published(dataset, key=["year", "governorate"])
    package = get("package_show", id="hospitals")
    check_package(package)
    assert package["id"] == str(dataset.uuid)
    assert (package["title"], package["title_translated"]["ar"]) == ("Hospitals", "المستشفيات")
    assert (package["maintainer"], package["maintainer_email"]) == ("Data officer", "data@health.example")
    assert (package["license_id"], package["version"]) == ("cc-by", "1.0.0")
    assert package["url"] == "http://testserver/en/data/hospitals/"
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert extras["title_ar"] == "المستشفيات"
    assert extras["manifest_sha256"] == version.manifest_sha256
    assert [tag["name"] for tag in package["tags"]] == ["beds", "محمد", "تعليم", "Population and society",
                                                        "السكان والمجتمع"]  # fmt: skip
    assert post("package_show", {"id": str(dataset.uuid)})[1]["result"] == package
    formats = [resource["format"] for resource in package["resources"]]
    assert formats == ["CSV", "XLSX", "JSON", "XML", "Parquet", "CSV", "JSON"]
    assert [one["datastore_active"] for one in package["resources"]] == [True, *[False] * 6]
    for resource in package["resources"]:
        content = body(Client().get(resource["url"].removeprefix("http://testserver")))
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (resource["hash"], resource["size"])
        assert get("resource_show", id=resource["id"]) == resource
        assert get("resource_show", id=resource["version_resource_id"])["url"] == resource["url"]
        assert get("resource_view_list", id=resource["id"]) == []
    assert get("package_activity_list", id="hospitals") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الصحة", "الصحة"), ("محمّد", "محمد"), ("تُعليم", "تعليم"), ("النقل، المواصلات", "النقل المواصلات"),
        ("صحة (عامة)", "صحة عامة"), ("نقل/مواصلات", "نقل مواصلات"), ("الـــصحة", "الصحة"), ("R&D", "R D"), ("a", ""),
        ("و", ""), ("C#", ""), ("\u200fمسقط\u200f", "مسقط"), ("ﺍﻟﺼﺤﺔ", "الصحة"),
        ("x" * 300, "x" * 100), ("٢٠٢٦", "٢٠٢٦"),
        ("a\u00a0b\tc", "a b c"), ("- x -", ""), ("😀 نقل", "نقل"), ("é" + "\u0301", ""),
        ("under_score.v-1", "under_score.v-1"),
    ],
)  # fmt: skip
def test_a_tag_is_one_that_ckan_takes(text, expected):
    assert texts.tag(text) == expected
    assert TAG.fullmatch(expected)


def test_keywords_are_parted_at_every_comma_and_each_is_a_tag_once():
    assert texts.tags("صحة، تعليم,صِحّة؛ نقل;x\nbeds") == ("صحة", "تعليم", "نقل", "beds")


def test_moments_are_utc_with_microseconds_so_that_they_compare_as_texts():
    muscat = timezone.get_default_timezone()
    assert moment(datetime(2026, 1, 2, 3, 0, 0, tzinfo=muscat)) == "2026-01-01T23:00:00.000000"
    times = [datetime(2026, 1, 2, 3, 4, 5, number * 1000, tzinfo=UTC) for number in range(3)]
    assert [moment(at) for at in times] == sorted(moment(at) for at in times)


def test_only_published_datasets_are_there():
    listed("roads")
    making.make_dataset(slug="drafted")
    making.make_asset(making.make_house(), title_en="Only inventoried")
    Asset.objects.filter(dataset=None).update(state="scheduled", release_on=timezone.localdate())
    gone = shown.version(shown.dataset(slug="gone"))
    making.withdrawn(gone)
    for found in (get("package_list"), names(), [one["name"] for one in get("current_package_list_with_resources")]):
        assert found == ["roads"]
    assert "Only inventoried" not in str(get("package_search"))
    for slug in ("drafted", "gone", str(gone.dataset.uuid)):
        assert refused("package_show", id=slug)[0] == 404
    assert len(get("organization_list")) == 1


def test_after_a_withdrawal_the_version_before_stands_under_the_same_ids():
    dataset = shown.dataset(slug="roads")
    shown.version(dataset)
    first = get("package_show", id="roads")
    second_version = shown.version(dataset)
    second = get("package_show", id="roads")
    assert [one["id"] for one in first["resources"]] == [one["id"] for one in second["resources"]]
    assert {one["url"] for one in first["resources"]}.isdisjoint(one["url"] for one in second["resources"])
    making.withdrawn(second_version)
    third = get("package_show", id="roads")
    assert third["resources"] == first["resources"]
    assert third["metadata_modified"] > second["metadata_modified"]
    assert refused("resource_show", id=second["resources"][0]["version_resource_id"])[0] == 404
    assert (
        get("resource_show", id=first["resources"][0]["version_resource_id"])["hash"] == third["resources"][0]["hash"]
    )


def test_ids_of_resources_are_their_own():
    dataset = listed("roads", formats=("csv", "xlsx", "json", "xml", "parquet", "geojson", "original", "datapackage"))
    listed("schools")
    shown.version(dataset)
    packages = get("package_search")["results"]
    found = [one[key] for package in packages for one in package["resources"] for key in ("id", "version_resource_id")]
    found += [package["id"] for package in packages]
    assert len(found) == len(set(found))
    for package in packages:
        assert refused("resource_show", id=package["id"])[0] == 404
        near = uuid.UUID(int=uuid.UUID(package["id"]).int ^ 0xFF_FFFF_FF01)
        assert refused("resource_show", id=str(near))[0] == 404


def test_everything_public_moves_the_moment_of_modification():
    dataset = making.make_dataset(slug="roads")
    making.published(dataset)
    house = making.house_of(dataset)
    seen = [get("package_show", id="roads")["metadata_modified"]]

    def moved() -> bool:
        seen.append(get("package_show", id="roads")["metadata_modified"])
        found = get("package_search", fq=f"metadata_modified:{{{seen[-2]}Z TO *]")["results"]
        assert [one["metadata_modified"] for one in found] == [seen[-1]]
        return seen[-1] > seen[-2]

    datasets.edit_dataset(dataset=dataset, by=house.publisher, revision=dataset.revision,
                          title_en="Roads and bridges")  # fmt: skip
    assert moved()
    asset = Asset.objects.get(dataset=dataset)
    edit_asset(asset=asset, by=house.publisher, revision=asset.revision, theme="transport")
    assert moved()
    describe_agency(agency=house.agency, by=house.publisher, revision=house.agency.revision,
                    contact_email="new@example.com")  # fmt: skip
    assert moved()
    assert get("package_show", id="roads")["maintainer_email"] == "new@example.com"
    making.published(dataset, making.CSV + "2025,Muscat,1\n")
    assert moved()


def test_a_package_names_the_point_of_contact_of_its_own_asset():
    house = making.make_house(contact_email="data@health.example", contact_role_en="Officer", contact_role_ar="مسؤول")
    own = listed("roads", house).asset
    listed("schools", house)
    roles = {"contact_role_en": "Director of Statistics", "contact_role_ar": "مدير الإحصاء"}
    Asset.objects.filter(pk=own.pk).update(contact_email="statistics@health.example", **roles)
    found = {one["name"]: (one["maintainer"], one["maintainer_email"]) for one in get("package_search")["results"]}
    assert found == {
        "roads": ("Director of Statistics", "statistics@health.example"), "schools": ("Officer", "data@health.example"),
    }  # fmt: skip


def test_organisations_are_those_with_published_datasets():
    one, other = making.make_house("health-body", slug="health"), making.make_house("education")
    listed("hospitals", one)
    listed("clinics", one)
    listed("schools", other)
    making.make_house("nothing-yet")
    assert get("organization_list") == ["education", "health"]
    whole = get("organization_list", all_fields="true", sort="package_count desc")
    assert [(found["name"], found["package_count"]) for found in whole] == [("health", 2), ("education", 1)]
    shown_one = get("organization_show", id="health", include_datasets="true")
    check_organisation(shown_one)
    assert [package["name"] for package in shown_one.pop("packages")] == ["clinics", "hospitals"]
    assert shown_one == whole[0] == get("organization_show", id=shown_one["id"])
    assert (shown_one["title_translated"]["ar"], shown_one["users"]) == ("جهة health-body", [])
    assert names(fq="organization:health-body") == []
    assert len(names(fq="organization:health")) == 2
    assert get("organization_list", organizations="health,x") == ["health"]
    assert get("organization_list", limit=1, offset=1, sort="name desc") == ["education"]
    assert get("group_list") == []


def test_two_organisations_never_share_a_name():
    listed("hospitals", making.make_house("health-body", slug="shared"))
    house = making.make_house("shared-body", slug="unused")
    listed("schools", house)
    house.agency.delete()
    house.organisation.code = "Shared"
    house.organisation.save()
    found = get("organization_list")
    assert found == ["shared", f"shared-{house.organisation.pk}"]
    assert [names(fq=f"organization:{name}") for name in found] == [["hospitals"], ["schools"]]


def test_lists_of_names_and_tags():
    listed("schools", keywords_ar="تعليم", keywords_en="Teachers")
    listed("roads", theme="transport", keywords_ar="", keywords_en="")
    assert get("package_list") == ["roads", "schools"]
    assert get("package_list", limit=1, offset=1) == ["schools"]
    tags = get("tag_list")
    assert tags == sorted(tags)
    assert {"Teachers", "تعليم"} < set(tags)
    assert get("tag_list", query="تعلِيم") == ["تعليم"]
    assert get("tag_list", query="teach", all_fields="true")[0]["name"] == "Teachers"
    assert get("tag_list", vocabulary_id="x") == []
    changed = [one["name"] for one in get("current_package_list_with_resources", limit=1)]
    assert changed == ["roads"]
    assert [one["name"] for one in get("current_package_list_with_resources", limit=1, page=2)] == ["schools"]


def test_licences_carry_the_ids_of_ckan():
    found = {one["id"]: one for one in get("license_list")}
    assert set(found) == {"cc-by", "cc-zero", "odc-by", "odc-odbl", "odc-pddl"}
    assert found["cc-by"]["url"] == "https://creativecommons.org/licenses/by/4.0/"
    listed("roads", licence="ODbL-1.0")
    assert get("package_show", id="roads")["license_id"] == "odc-odbl"


def test_the_status_says_what_answers():
    assert get("status_show")["extensions"] == ["datastore"]
    assert get("status_show")["site_url"] == "http://testserver"


QUESTIONS = {
    "package_list": {}, "package_search": {"q": "rows", "facet.field": '["tags"]'}, "organization_list": {},
    "tag_list": {}, "current_package_list_with_resources": {}, "package_show": {"id": "d-1"},
    "organization_show": {"id": "busy", "include_datasets": "true"},
}  # fmt: skip


@pytest.mark.parametrize("action", sorted(QUESTIONS))
def test_the_number_of_statements_does_not_grow(action):
    house = making.make_house("busy")
    counted = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            listed(f"d-{number}", house if number < 3 else None)
        get(action, **QUESTIONS[action])
        with CaptureQueriesContext(
            connection,
        ) as found:
            get(action, **QUESTIONS[action])
        counted.append(len(found))
    assert counted[0] == counted[1] <= 8


def test_a_thousand_datasets_are_streamed_in_few_statements():
    first = listed("d-0")
    many(first, 249)
    with CaptureQueriesContext(connection) as found:
        response = Client().get("/api/3/action/package_search?rows=1000")
        assert response.streaming
        assert len(found) == 3, "only what says which fit is read before the first byte"
        content = body(response)
    assert content.count(b'"relationships_as_object"') == 250
    assert len(found) == 3 + 2 * 3, "two statements for each hundred"


def many(first: Dataset, count: int) -> None:
    """So many more datasets like this one, each with a version and its files."""
    version, asset = first.latest, first.asset
    assert version is not None
    files = list(version.files.all())
    for number in range(1, count + 1):
        copied = Asset.objects.get(pk=asset.pk)
        copied.pk, copied.code = None, f"{asset.code}-{number}"
        copied.save()
        again = Dataset.objects.get(pk=first.pk)
        again.pk, again.uuid, again.slug, again.asset, again.latest = None, uuid.uuid4(), f"d-{number}", copied, None
        again.save()
        put(again, version, files)


def put(dataset: Dataset, like: Version, files: Any) -> None:
    copied = Version.objects.get(pk=like.pk)
    release = like.release
    release.pk, release.dataset, release.claim = None, dataset, None
    release.save()
    copied.pk, copied.dataset, copied.release = None, dataset, release
    copied.manifest_sha256 = hashlib.sha256(dataset.slug.encode()).hexdigest()
    copied.save()
    for file in files:
        file.pk, file.version = None, copied
        file.save()
    dataset.latest = copied
    dataset.save(update_fields=["latest"])
