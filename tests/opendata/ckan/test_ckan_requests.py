"""How actions are asked and answered: methods, bodies, errors, and everything that is no question."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from opendata.ckan.actions import ACTIONS
from tests.opendata.ckan.asking_ckan import JSON, body, envelope, get, listed, post, refused

pytestmark = pytest.mark.django_db
DOCUMENTED = (200, 400, 404, 405, 409)


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("path", ["/api/3/action/site_read", "/api/action/site_read", "/api/3/action/site_read/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_both_addresses_and_methods_answer_without_cookies_or_redirects(client, path, method):
    found = envelope(getattr(client, method)(path))
    assert found == {
        "help": "http://testserver/api/3/action/help_show?name=site_read", "success": True, "result": True,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/api/3", "/api/3/"])
def test_the_version_of_the_api(client, path):
    assert envelope(client.get(path)) == {"version": 3}


@pytest.mark.parametrize("accepted", ["ar", "en", "fr"])
def test_the_language_of_the_reader_changes_nothing(client, accepted):
    listed("roads", title_ar="الطرق", title_en="Roads")
    response = client.get("/api/3/action/package_show?id=roads", headers={"Accept-Language": accepted})
    found = envelope(response)["result"]
    assert (found["title"], found["url"]) == ("Roads", "http://testserver/en/data/roads/")
    assert found["resources"][0]["description"] == "The whole table as CSV"
    assert "الطرق" in body(client.get("/api/3/action/package_show?id=roads")).decode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"id": "roads"}', "application/json"), ('{"id": "roads"}', "application/json; charset=latin-1"),
        ('\ufeff{"id": "roads"}', "application/json"), ('{"id": "roads"}', "application/x-www-form-urlencoded"),
        ("id=roads", "application/x-www-form-urlencoded"), ('{"id": "roads"}', "text/plain"), ('{"id": "roads"}', "x"),
        ('--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nroads\r\n--b--\r\n',
         "multipart/form-data; boundary=b"),
    ],
)  # fmt: skip
def test_parameters_come_in_any_of_the_usual_bodies(client, content, kind):
    listed("roads")
    response = client.post("/api/3/action/package_show", content.encode(), content_type=kind)
    assert envelope(response)["result"]["name"] == "roads"


def test_an_empty_post_takes_its_parameters_from_the_address(client):
    listed("roads")
    response = client.post("/api/3/action/package_show?id=roads", b"", content_type="application/json")
    assert envelope(response)["result"]["name"] == "roads"


def test_unknown_parameters_are_ignored():
    listed("roads")
    status, found = post("package_list", {"include_private": False, "x": {"y": [1]}, "limit": None})
    assert (status, found["result"]) == (200, ["roads"])


@pytest.mark.parametrize("name", ["package_create", "datastore_search_sql", "x", "محمد", "a" * 3000, "%00", ""])
def test_an_unknown_action_is_a_bare_string(client, name):
    response = client.post(f"/api/3/action/{name}", "{}", content_type="application/json")
    found = envelope(response)
    assert response.status_code == 400
    assert isinstance(found, str)
    assert found.startswith("Bad request: Action name not known")


@pytest.mark.parametrize("path", ["/api/3/action", "/api/action", "/api/3/action/"])
def test_without_an_action_nobody_is_sent_elsewhere(client, path):
    for response in (client.get(path), client.post(path, "{}", content_type="application/json")):
        assert (response.status_code, envelope(response)) == (400, "Bad request: Action name not known: ")


DEEP = "[" * 100_000 + "]" * 100_000
BODIES: dict[str, tuple[bytes, str]] = {
    "half": (b"{", "application/json"),
    "list": (b"[1]", "application/json"),
    "text": (b'"x"', "application/json"),
    "null": (b"null", "application/json"),
    "number": (b"1", "application/json"),
    "nan": (b'{"id": NaN}', "application/json"),
    "infinity": (b'{"limit": 1e999}', "application/json"),
    "digits": (b'{"limit": ' + b"9" * 5000 + b"}", "application/json"),
    "latin": ('{"id": "é"}'.encode("latin-1"), "application/json"),
    "binary": (bytes(range(256)), "application/octet-stream"),
    "deep": (b'{"id": ' + DEEP.encode() + b"}", "application/json"),
    "large": (b'{"id": "' + b"a" * 1_000_000 + b'"}', "application/json"),
    "large_form": (b"id=" + b"a" * 1_000_000, "application/x-www-form-urlencoded"),
    "many_fields": (b"&".join(b"a%d=1" % n for n in range(5_000)), "application/x-www-form-urlencoded"),
    "no_boundary": (b"x", "multipart/form-data"),
    "broken_parts": (b"--b\r\n\r\nx", "multipart/form-data; boundary=\xff"),
    "other_charset": (b"id=x", "application/x-www-form-urlencoded; charset=utf-16"),
    "json_in_xml": (b"<id>x</id>", "application/xml"),
}


@pytest.mark.parametrize("body_name", sorted(BODIES))
@pytest.mark.parametrize("action", ["package_show", "datastore_search"])
def test_a_body_nobody_can_read_is_a_bare_string(client, action, body_name):
    content, kind = BODIES[body_name]
    response = client.post(f"/api/3/action/{action}", content, content_type=kind)
    found = envelope(response)
    assert response.status_code in ((400, 409) if kind.startswith("multipart") else (400,)), found
    if response.status_code == 400:
        assert found.startswith("Bad request: ")


HOSTILE: list[Any] = [
    "", " ", "\0", "a\0b", "\ud800", "'; DROP TABLE x; --", "%", "_", "١٢", "\u202e", "../../etc/passwd", "a" * 20_000,
    -1, 0, 10**40, -(10**40), 1.5, 1e300, True, False, None, [], [[]], ["a"], [1], [None], {}, {"a": 1},
    {"$or": [{}]}, {"a": {"b": {"c": []}}}, "{", '{"a": {"b": []}}', "[[[", '["\\u0000"]', "*:*", "nan", "inf",
    ["a"] * 2_000, "1e5", "0x10", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff",
]  # fmt: skip
READS = {
    "package_list": ("limit", "offset"),
    "package_show": ("id",),
    "package_search": ("q", "fq", "fq_list", "sort", "rows", "start", "facet.field", "facet.limit", "facet"),
    "current_package_list_with_resources": ("limit", "offset", "page"),
    "resource_show": ("id",),
    "resource_view_list": ("id",),
    "organization_list": ("all_fields", "sort", "organizations", "limit"),
    "organization_show": ("id", "include_datasets"),
    "group_show": ("id",),
    "tag_list": ("query", "all_fields", "vocabulary_id"),
    "help_show": ("name",),
    "datastore_info": ("resource_id", "id"),
    "datastore_search": ("resource_id", "id", "limit", "records_format", "include_total"),
}
"""The parameters each action looks at. Those of rows are in test_ckan_datastore.py."""


@pytest.mark.parametrize("action", sorted(READS))
def test_hostile_values_get_an_answer_or_a_documented_refusal(action):
    listed("roads")
    for name in READS[action]:
        for value in HOSTILE:
            status, found = post(action, {"id": "roads", "name": "site_read", name: value})
            assert status in DOCUMENTED, (name, value, found)
            assert (status == 200) is (not isinstance(found, str) and found["success"]), (name, value)


@pytest.mark.parametrize("action", ["package_show", "package_search", "resource_show", "datastore_search"])
def test_hostile_addresses_get_the_same(client, action):
    queries = ["id=%00", "id=%ff%fe", "id=" + "a" * 9_000, "&".join(f"a{n}=1" for n in range(1_500)), "id=a&id=b",
               "=", "&&&", "id[]=1", "id=%F0%9F%98%80", "fq=%22", "filters=%7B", "q=%27%22%3E%3Cscript%3E"]  # fmt: skip
    for query in queries:
        response = client.get(f"/api/3/action/{action}?{query}")
        envelope(response)
        assert response.status_code in DOCUMENTED, query


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    response = getattr(client, method)("/api/3/action/package_show")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert isinstance(envelope(response), str)


def test_browsers_of_any_site_may_ask(client):
    response = client.options("/api/3/action/package_search", headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["action/package_search", "action/package_list", "action/nothing"])
def test_a_head_is_answered_without_a_body(client, path):
    listed("roads")
    asked, told = client.get(f"/api/3/{path}"), client.head(f"/api/3/{path}")
    assert (told.status_code, told.headers["Content-Type"]) == (asked.status_code, JSON)
    assert told.headers.get("Content-Length") == asked.headers.get("Content-Length")
    assert body(told) == b""
    body(asked)


@pytest.mark.parametrize(
    ("action", "params", "status", "kind"),
    [
        ("package_show", {}, 409, "Validation Error"), ("package_show", {"id": "x"}, 404, "Not Found Error"),
        ("organization_show", {"id": "x"}, 404, "Not Found Error"), ("group_show", {"id": "x"}, 404, "Not Found Error"),
        ("resource_show", {"id": "x"}, 404, "Not Found Error"), ("resource_show", {}, 409, "Validation Error"),
        ("resource_view_list", {"id": "x"}, 404, "Not Found Error"),
        ("package_activity_list", {}, 409, "Validation Error"),
        ("help_show", {"name": "x"}, 404, "Not Found Error"),
        ("datastore_search", {}, 409, "Validation Error"), ("datastore_info", {"id": "x"}, 404, "Not Found Error"),
        ("datastore_search", {"resource_id": "x"}, 404, "Not Found Error"),
    ],
)  # fmt: skip
def test_refusals_have_the_shapes_of_ckan(action, params, status, kind):
    found, error = refused(action, **params)
    assert (found, error["__type"]) == (status, kind)
    if status == 409:
        assert [words for name, words in error.items() if name != "__type"] == [["Missing value"]]
    else:
        assert error["message"].startswith("Not found")


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_says_what_it_does(name):
    assert len(get("help_show", name=name)) > 10
