"""Row queries of CKAN's clients cost the points of the read API, out of the same bucket; other reads cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from opendata.catalogue import limits
from opendata.ckan.actions import ACTIONS
from tests.opendata import making
from tests.opendata.ckan.asking_ckan import body, envelope, get, post

ROWS = "/api/v1/datasets/pumps/rows"
NOWHERE = "00000000-0000-4000-8000-000000000000"
POINTS, WINDOW = 100, 36_000
"""Seconds so many that nothing fills up while a test runs."""


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    for _open in making.kept(django_db_blocker):
        making.published(making.make_dataset(slug="pumps"), "name,flow\nA,1\nB,2\nC,3\n")
        yield


@pytest.fixture(autouse=True)
def bucket(settings: Any, monkeypatch: Any) -> None:
    """Prices are those of the queries alone, however slow the machine is."""
    settings.THROTTLES = {**settings.THROTTLES, "api": (POINTS, WINDOW)}
    monkeypatch.setattr(limits, "FREE_SECONDS", 600)


@pytest.fixture
def resource(made: None, db: None) -> str:
    [found] = [one for one in get("package_show", id="pumps")["resources"] if one["datastore_active"]]
    return str(found["id"])


def taken() -> int:
    """Points that are gone. Ask for it last: it takes what is there."""
    try:
        limits.charge(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"), POINTS)
    except limits.TooMany as error:
        return round(error.seconds * POINTS / WINDOW)
    return 0


def spend(points: int) -> None:
    limits.charge(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"), points)


def seconds_told(response: Any) -> int:
    """What an answer that says to wait says."""
    found = envelope(response)
    assert (response.status_code, found["success"], found["error"]["__type"]) == (429, False, "Too Many Requests")
    wait = int(response.headers["Retry-After"])
    assert found["error"]["message"] == f"Too many queries from this address. Wait {wait} s."
    return wait


@pytest.mark.parametrize(
    ("params", "points"),
    [
        ({}, limits.PAGE), ({"limit": 0}, limits.PAGE), ({"limit": 32_000}, limits.PAGE),
        ({"filters": {"flow": 2}}, limits.PAGE + limits.NARROWED), ({"offset": 1}, limits.PAGE + limits.NARROWED),
        ({"sort": "flow desc"}, limits.PAGE + limits.SORTED), ({"q": "A"}, limits.PAGE + limits.SORTED),
        ({"q": {"name": "A"}}, limits.PAGE + limits.SORTED),
        ({"distinct": True, "fields": "name"}, limits.PAGE + limits.SORTED),
    ],
)  # fmt: skip
def test_a_search_costs_by_what_it_does(resource, params, points):
    assert post("datastore_search", {"resource_id": resource, **params})[0] == 200
    assert taken() == points


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("", limits.WHOLE), ("?format=xml", limits.WHOLE), ("?limit=2", limits.PAGE),
        ("?sort=flow", limits.WHOLE + limits.SORTED), ('?filters={"flow":2}&limit=2', limits.PAGE + limits.NARROWED),
    ],
)  # fmt: skip
def test_a_dump_costs_by_what_it_does(resource, query, points):
    response = Client().get(f"/datastore/dump/{resource}{query}")
    assert response.status_code == 200
    assert body(response)
    assert taken() == points


def test_what_costs_more_than_is_left_is_not_answered_and_what_costs_less_is(resource):
    spend(POINTS - 5)
    waits = [
        seconds_told(Client().get(f"/datastore/dump/{resource}")),
        seconds_told(Client().get(f"/api/3/action/datastore_search?resource_id={resource}&sort=flow")),
    ]
    assert [round(one * POINTS / WINDOW) for one in waits] == [limits.WHOLE - 5, limits.SORTED + limits.PAGE - 5]
    assert Client().get(f"/api/3/action/datastore_search?resource_id={resource}").status_code == 200


def test_the_bucket_is_that_of_the_read_api(resource):
    for _n in range(3):
        assert Client().get(f"{ROWS}?sort=flow").status_code == 200
        assert post("datastore_search", {"resource_id": resource, "sort": "flow"})[0] == 200
    spend(POINTS - 6 * (limits.SORTED + limits.PAGE))
    assert post("datastore_search", {"resource_id": resource, "sort": "flow"})[0] == 429
    assert Client().get(f"{ROWS}?sort=name").json()["code"] == "too-many-requests"


def test_a_slow_search_or_dump_is_paid_for_afterwards(resource, monkeypatch):
    monkeypatch.setattr(limits, "FREE_SECONDS", -1)
    assert post("datastore_search", {"resource_id": resource})[0] == 200
    assert body(Client().get(f"/datastore/dump/{resource}?limit=1"))
    assert taken() >= 2 * (limits.PAGE + limits.SECOND)


def test_what_is_refused_costs_a_point(resource):
    spend(POINTS - 4)
    found = [
        post("datastore_search", {"resource_id": resource, "filters": {"colour": "red"}})[0],
        post("datastore_search", {"resource_id": NOWHERE})[0],
        Client().post("/api/3/action/datastore_search", "{", content_type="application/json").status_code,
        Client().get(f"/datastore/dump/{resource}?sort=colour").status_code,
    ]
    assert found == [409, 404, 400, 409]
    for path in (f"/datastore/dump/{NOWHERE}", f"/api/3/action/datastore_search?id={NOWHERE}"):
        assert seconds_told(Client().get(path)) > 0


def test_nothing_long_is_read_for_whom_nothing_is_left(resource):
    spend(POINTS)
    seconds_told(Client().post("/api/3/action/datastore_search", "{" * 100_000, content_type="application/json"))


@pytest.mark.parametrize("name", sorted(set(ACTIONS) - {"datastore_search"}))
def test_other_actions_cost_nothing_and_are_never_refused_for_it(resource, name):
    answered = Client().get(f"/api/3/action/{name}", {"id": "pumps", "name": "site_read", "limit": 5}).status_code
    spend(POINTS)
    for _n in range(3):
        again = Client().get(f"/api/3/action/{name}", {"id": "pumps", "name": "site_read", "limit": 5})
        assert again.status_code == answered != 429
        body(again)
    assert Client().get("/api/3").status_code == 200


def test_without_redis_rows_are_answered(resource, settings):
    spend(POINTS)
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": away}
    assert post("datastore_search", {"resource_id": resource})[0] == 200
