"""The read API told by a program that reads it: datasets, versions, dictionaries, figures, errors, headers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opendata.api import examples
from opendata.api.endpoints import ENDPOINTS
from opendata.api.machine_urls import urlpatterns
from opendata.api.openapi import document
from opendata.api.wrong import KINDS
from opendata.catalogue.models import Dataset
from portal.search.indexing import index
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


def closed(schema: Any) -> Any:
    """The same shape, in which nothing may stand that is not described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        found.setdefault("additionalProperties", False)
    return found


def fits(told: Any, shape: str) -> Any:
    """What was told, where it has this shape and nothing beside it."""
    described = document("http://testserver", examples.Sample())
    schema = {"$ref": f"#/components/schemas/{shape}", "components": closed(described["components"])}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(told)
    return told


def asked(client: Client, path: str, shape: str = "", status: int = 200, **query: Any) -> Any:
    response = client.get(ROOT + path, query)
    assert response.status_code == status, response.content
    if status >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    return fits(response.json(), shape or "Problem")


def wrong(client: Client, path: str, status: int = 400, **query: Any) -> Any:
    return asked(client, path, "Problem", status, **query)


@pytest.fixture
def dataset() -> Dataset:
    """A dataset with two versions."""
    made = shown.dataset(slug="water-use", theme="environment", title_ar="استهلاك المياه", title_en="Use of water",
                         keywords_ar="مياه، أفلاج", keywords_en="water, aflaj", governorates=["muscat"],
                         covers_from=timezone.localdate() - timedelta(days=365))  # fmt: skip
    shown.version(made)
    shown.version(made, kind="correction", change_note_ar="تصحيح", change_note_en="Mended")
    index("dataset", [str(made.pk)])
    return made


def test_the_root_tells_every_address_and_the_limit(client):
    told = asked(client, "", "Index")
    assert told["endpoints"]["rows"] == "http://testserver/api/v1/datasets/{slug}/rows"
    assert set(told["endpoints"]) == {one.name for one in ENDPOINTS}
    assert told["limit"] == {"points": 600, "seconds": 60}
    assert client.get("/api/v1").json() == told


def test_a_dataset_is_told_whole_in_both_languages(client, dataset):
    told = asked(client, "datasets/water-use", "WholeDataset")
    assert told["title"] == {"ar": "استهلاك المياه", "en": "Use of water"}
    assert told["keywords"] == {"ar": ["مياه", "أفلاج"], "en": ["water", "aflaj"]}
    assert told["coverage"]["governorates"] == ["muscat"]
    assert told["coverage"]["until"] is None
    assert told["licence"] == {"id": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    assert [one["sequence"] for one in told["versions"]] == [2, 1]
    assert [one["name"] for one in told["columns"]] == ["year", "governorate", "population"]
    latest = dataset.versions.get(sequence=2)
    assert told["manifest_sha256"] == latest.manifest_sha256
    assert {one["name"]: (one["sha256"], one["bytes"]) for one in told["files"]} == {
        one.name: (one.sha256, one.size) for one in latest.files.all()
    }
    assert told["files"][0]["url"] == "http://testserver/files/water-use/2/data.csv"
    assert "استهلاك المياه".encode() in client.get(f"{ROOT}datasets/water-use").content


def test_a_version_is_told_with_its_files(client, dataset):
    told = asked(client, "datasets/water-use/versions/1", "WholeVersion")
    assert (told["sequence"], told["dataset"], told["changes"]) == (1, "water-use", None)
    assert told["urls"]["rows"] == "http://testserver/api/v1/datasets/water-use/versions/1/rows"
    assert asked(client, "datasets/water-use/versions/2", "WholeVersion")["change_note"]["en"] == "Mended"


def test_the_dictionary_says_which_operators_a_column_takes(client, dataset):
    told = asked(client, "datasets/water-use/columns", "Columns")
    operators = {one["name"]: one["operators"] for one in told["columns"]}
    assert "contains" in operators["governorate"]
    assert "contains" not in operators["year"]
    assert "gte" in operators["year"]


def test_versions_come_page_by_page_and_withdrawn_ones_say_why(client, dataset):
    making.withdrawn(dataset.versions.get(sequence=1))
    first = asked(client, "datasets/water-use/versions", "Versions", limit=1)
    assert (first["total"], [one["sequence"] for one in first["versions"]]) == (2, [2])
    second = fits(client.get(first["next"]).json(), "Versions")
    [old] = second["versions"]
    assert old["withdrawn"]["because"]["ar"] == "تبين خطأ في المصدر"
    assert second["next"] is None


def test_what_was_withdrawn_is_gone_and_says_why(client, dataset):
    for path in ("rows", "versions/2/rows"):
        assert wrong(client, f"datasets/water-use/{path}", 404)["code"] == "no-rows"
    making.withdrawn(dataset.versions.get(sequence=2))
    told = wrong(client, "datasets/water-use/versions/2", 410)
    assert told["code"] == "withdrawn"
    assert told["detail_ar"] == "تبين خطأ في المصدر"
    assert told["manifest_sha256"]
    assert wrong(client, "datasets/water-use/versions/2/rows", 410)["sequence"] == 2
    assert asked(client, "datasets/water-use", "WholeDataset")["version"]["sequence"] == 1
    making.withdrawn(dataset.versions.get(sequence=1))
    for below in ("", "/columns", "/rows", "/versions/1"):
        assert wrong(client, f"datasets/water-use{below}", 410)["code"] == "withdrawn"
    assert asked(client, "datasets/water-use/versions", "Versions")["total"] == 2
    assert asked(client, "datasets", "Datasets")["total"] == 0


def test_what_was_never_published_is_not_found(client):
    draft = making.make_dataset(slug="a-draft")
    for below in ("", "/columns", "/rows", "/versions", "/versions/1", "/versions/1/rows"):
        for slug in (draft.slug, "nothing"):
            assert wrong(client, f"datasets/{slug}{below}", 404)["code"] == "not-found"


@pytest.mark.parametrize(
    "path",
    ["nothing", "datasets/", "datasets/x/y", "datasets/x/versions/-1", "datasets/x/versions/1x/rows", "datasets/ا/rows",
     "datasets/x/rows/", "openapi.yaml", "datasets/a%0Ab", "%0a", "datasets/%00", "datasets/x/versions/" + "9" * 5000,
     "datasets/x/versions/99999999999999999"],
    ids=range(13),
)  # fmt: skip
def test_an_address_that_is_none_says_so_and_leads_nowhere(client, path):
    response = client.get(ROOT + path)
    assert response.status_code == 404
    assert fits(response.json(), "Problem")["code"] == "not-found"


def test_there_is_nothing_under_a_language(client):
    assert client.get("/en/api/v1/").status_code == 404
    assert client.get("/ar/api/docs/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["", "datasets", "datasets/x/rows", "openapi.json"])
def test_it_only_reads(method, path):
    response = getattr(Client(enforce_csrf_checks=True), method)(ROOT + path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert fits(response.json(), "Problem")["code"] == "method-not-allowed"


@pytest.mark.parametrize("path", ["", "datasets", "datasets/x/rows", "openapi.json"])
def test_a_page_of_another_site_may_ask(client, path):
    asking = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET",
              "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    response = client.options(ROOT + path, headers=asking)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "*"
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    exposed = client.get(ROOT + path).headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Link", "Retry-After"} <= set(exposed.split(", "))


@pytest.mark.parametrize("path", ["", "openapi.json", "datasets", "datasets/water-use", "datasets/water-use/versions"])
def test_who_has_it_is_told_so_and_head_says_the_same(client, dataset, path):
    got = client.get(ROOT + path)
    again = client.get(ROOT + path, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == got.headers["ETag"]
    assert "Content-Type" not in again.headers
    head = client.head(ROOT + path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == got.headers[name]
    dataset.title_en = "Other"
    dataset.modified_at = timezone.now()
    dataset.save()
    changed = client.get(ROOT + path).headers["ETag"] != got.headers["ETag"]
    assert changed == (path in ("datasets", "datasets/water-use"))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("limit=all", "limit"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=١٠", "limit"),
     ("limit=" + "9" * 400, "limit"), ("theme=cooking", "theme"), ("modified_since=yesterday", "modified_since"),
     ("modified_since=0001-01-01T00:00:00%2B14:00", "modified_since"), ("cursor=abc", "cursor"),
     ("cursor=%25", "cursor"), ("cursor=بسم", "cursor"), ("q=a&q=b", "q"), ("offset=3", "offset"),
     ("q=" + "a" * 300, "q"), ("%00=1", "\ufffd"),
     ("q=%ff", ""), ("&".join(f"a{n}=1" for n in range(200)), ""), ("q=" + "a" * 20_000, "")],
    ids=range(18),
)  # fmt: skip
def test_a_parameter_that_means_nothing_is_named(client, query, parameter):
    response = client.get(f"{ROOT}datasets?{query}")
    told = fits(response.json(), "Problem")
    assert (response.status_code, told["code"], told["parameter"]) == (400, "bad-parameter", parameter)
    assert told["detail"]


def test_the_error_shown_as_an_example_is_the_real_one(client):
    assert client.get(f"{ROOT}datasets?{examples.PROBLEM_ASKED}").json() == examples.PROBLEM


def test_datasets_are_found_by_words_however_they_are_spelt(client, dataset):
    shown.version(shown.dataset(slug="schools", title_ar="المدارس", title_en="Schools and their use of water",
                                theme="education"))  # fmt: skip
    index("dataset", [str(one.pk) for one in Dataset.objects.all()])
    for words in ("استهلاك المياة", "إستهلاك مياه", "use of WATER"):
        told = asked(client, "datasets", "Datasets", q=words)
        assert told["datasets"][0]["slug"] == "water-use", words
    assert [one["slug"] for one in asked(client, "datasets", q="water", shape="Datasets")["datasets"]] == [
        "water-use", "schools",
    ]  # fmt: skip
    for words in ("xyzzy", "...", "في"):
        assert asked(client, "datasets", "Datasets", q=words)["total"] in (0, 2)
    assert asked(client, "datasets", "Datasets", q="xyzzy")["datasets"] == []


def test_datasets_are_narrowed(client, dataset):
    other = shown.version(shown.dataset(slug="schools", theme="education")).dataset
    code = other.asset.organisation.code

    def slugs(**query: Any) -> list[str]:
        return [one["slug"] for one in asked(client, "datasets", "Datasets", **query)["datasets"]]

    assert slugs(theme="education") == ["schools"]
    assert slugs(organisation=code) == ["schools"]
    assert slugs(organisation="nobody") == []
    Dataset.objects.filter(pk=dataset.pk).update(modified_at=timezone.now() - timedelta(days=40))
    assert slugs(modified_since=(timezone.localdate() - timedelta(days=10)).isoformat()) == ["schools"]
    assert slugs(modified_since=(timezone.now() + timedelta(hours=1)).isoformat()) == []
    modified = asked(client, "datasets/schools", "WholeDataset")["modified_at"]
    assert slugs(modified_since=modified) == ["schools"]


@pytest.mark.parametrize("words", ["", "بيانات"])
def test_pages_neither_repeat_nor_skip_while_datasets_change(client, words):
    made = [shown.version(shown.dataset(slug=f"set-{n}")).dataset for n in range(7)]
    index("dataset", [str(one.pk) for one in made])
    query = {"limit": 3, **({"q": words} if words else {})}
    seen, told = [], asked(client, "datasets", "Datasets", **query)
    while True:
        assert told["total"] == 7
        seen += [one["slug"] for one in told["datasets"]]
        if not told["next"]:
            break
        Dataset.objects.filter(slug=seen[-1]).update(modified_at=timezone.now())
        response = client.get(told["next"])
        told = fits(response.json(), "Datasets")
    assert sorted(seen) == [f"set-{n}" for n in range(7)]


def test_the_next_page_stands_in_the_header_too(client, dataset):
    shown.version(shown.dataset())
    response = client.get(f"{ROOT}datasets?limit=1")
    assert response.headers["Link"] == f'<{response.json()["next"]}>; rel="next"'
    assert "Link" not in client.get(response.json()["next"]).headers


def test_figures_are_the_datasets_of_the_portals_own_records(client, dataset):
    own = shown.dataset(slug="performance")
    Dataset.objects.filter(pk=own.pk).update(figures_slug="service-levels")
    shown.version(own)
    [told] = asked(client, "figures", "Datasets")["datasets"]
    assert (told["slug"], told["figures"]) == ("performance", "service-levels")
    assert asked(client, "datasets", "Datasets")["total"] == 2


@pytest.mark.parametrize(
    ("path", "most"),
    [("datasets", 3), ("datasets?q=بيانات", 5), ("figures", 3), ("datasets/set-0", 4), ("datasets/set-0/columns", 1),
     ("datasets/set-0/versions", 2), ("datasets/set-0/versions/1", 2), ("", 0)],
)  # fmt: skip
def test_as_many_statements_for_one_as_for_three(client, path, most):
    counts = []
    for n in range(3):
        made = shown.dataset(slug=f"set-{n}")
        Dataset.objects.filter(pk=made.pk).update(figures_slug=f"table-{n}")
        for _version in range(n + 1):
            shown.version(made)
        index("dataset", [str(made.pk)])
        client.get(ROOT + path)  # what never changes of a version is read once
        with CaptureQueriesContext(connection) as seen:
            assert client.get(ROOT + path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2] <= most, [one["sql"][:200] for one in seen]


def test_the_description_is_one(client):
    told = client.get(f"{ROOT}openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert told["servers"] == [{"url": "http://testserver"}]
    for one in ENDPOINTS:
        operation = told["paths"][one.address]["get"]
        assert operation["responses"]["200"]
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert {"400"} <= set(operation["responses"])
        told_in_path = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
        assert told_in_path == re.findall(r"{(\w+)}", one.address)
    for schema in told["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(told)
    for pointer in re.findall(r'"\$ref": "#/([^"]+)"', text):
        place = told
        for name in pointer.split("/"):
            place = place[name]
    for problem in told["components"]["responses"].values():
        assert set(problem["content"]) == {"application/problem+json"}


def test_the_description_names_every_address_and_every_error(client):
    described = {
        path.format(slug="x", sequence=1) for path in document("http://testserver", examples.Sample())["paths"]
    }
    there = {reverse(f"api:{one.name}", kwargs=names) for one in urlpatterns if (names := named(one)) is not None}
    assert described == there
    statuses = document("http://testserver", examples.Sample())["components"]["responses"]
    assert set(statuses) == {str(one.status) for one in KINDS.values()}


def named(one: Any) -> dict[str, Any] | None:
    """What an address of the API takes; None for what is no address of it."""
    if not one.name or "docs" in one.name:
        return None
    values = {"slug": "x", "sequence": 1}
    return {name: values[name] for name in one.pattern.converters}
