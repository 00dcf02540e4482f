"""How much one address may ask of the read API: shared by all workers, by what a query does, and never a wall."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import RequestFactory

from opendata.api.asking import Asked
from opendata.building.schema import ColumnSpec
from opendata.catalogue import limits
from opendata.catalogue.models import Version
from opendata.catalogue.querying import Source
from opendata.querying import grammar
from opendata.querying.queries import Query
from tests.opendata.api.test_api_over_limits import publish
from tests.opendata.api.test_api_reading import fits

COLUMNS = (ColumnSpec("name", "text"), ColumnSpec("count", "integer"))


def comes_from(address: str) -> Any:
    return RequestFactory().get("/api/v1/datasets", REMOTE_ADDR=address)


def allowed(request: Any, points: int = 1) -> bool:
    try:
        limits.charge(request, points)
    except limits.TooMany:
        return False
    return True


def with_bucket(settings: Any, points: int, seconds: int) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "api": (points, seconds)}


@pytest.mark.django_db
def test_who_asks_too_much_is_told_how_long_to_wait(client, settings):
    with_bucket(settings, 6, 60)
    for _n in range(3):
        assert client.get("/api/v1/datasets").status_code == 200
    response = client.get("/api/v1/datasets")
    assert response.status_code == 429
    told = fits({name: value for name, value in response.json().items() if name not in ("cost", "limit", "window")},
                "Problem")  # fmt: skip
    assert told["code"] == "too-many-requests"
    assert 1 <= int(response.headers["Retry-After"]) == told["retry_after"] <= 20
    assert "not limited" in told["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/datasets", REMOTE_ADDR="192.0.2.7").status_code == 200
    for path in ("/api/v1/", "/api/v1/openapi.json", "/api/docs/"):
        assert client.get(path).status_code == 200


def test_many_at_once_get_together_what_one_gets(settings):
    with_bucket(settings, 60, 3600)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _n: allowed(comes_from("192.0.2.1"), 2), range(200)))
    assert sum(told) == 30


def test_the_bucket_fills_again(settings):
    with_bucket(settings, 10, 1)
    request = comes_from("192.0.2.2")
    assert allowed(request, 10)
    assert not allowed(request, 5)
    time.sleep(0.6)
    assert allowed(request, 5)


def test_what_costs_more_than_a_whole_bucket_can_be_had_with_a_full_one(settings):
    with_bucket(settings, 10, 60)
    assert allowed(comes_from("192.0.2.3"), 500)
    assert not allowed(comes_from("192.0.2.3"), 1)


def test_addresses_have_buckets_of_their_own():
    assert limits.bucket_of("192.0.2.1") != limits.bucket_of("192.0.2.2")
    assert limits.bucket_of("2001:db8:1:2::1") == limits.bucket_of("2001:db8:1:2:ffff::9")
    assert limits.bucket_of("2001:db8:1:2::1") != limits.bucket_of("2001:db8:1:3::1")
    assert limits.bucket_of("fe80::1%eth0")
    assert limits.bucket_of("")


@pytest.mark.django_db
def test_without_redis_everybody_is_served(client, settings):
    with_bucket(settings, 1, 60)
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": away}
    for _n in range(3):
        assert client.get("/api/v1/datasets").status_code == 200


def test_looking_whether_anything_is_left_takes_nothing(settings):
    with_bucket(settings, 2, 3600)
    request = comes_from("192.0.2.6")
    for _n in range(5):
        limits.admit(request)
    assert allowed(request, 2)
    with pytest.raises(limits.TooMany) as caught:
        limits.admit(request)
    error = caught.value
    assert (error.cost, error.limit, error.window) == (limits.PAGE, 2, 3600)
    assert 1700 < error.seconds <= 1800


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["colour=red", "number__like=1", "limit=many", "format=pdf", "search=%00"])
def test_a_query_that_is_refused_costs_a_point(client, settings, tmp_path, query):
    publish(tmp_path, "roads", "SELECT 'a' AS text, 1 AS number")
    with_bucket(settings, 2, 3600)
    for path in ("/api/v1/datasets/roads/rows", "/api/v1/datasets/roads/versions/1/rows"):
        refused = client.get(f"{path}?{query}")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad-parameter")
    waiting = client.get(f"/api/v1/datasets/roads/rows?{query}")
    assert (waiting.status_code, waiting.json()["code"]) == (429, "too-many-requests")
    assert 1700 < int(waiting.headers["Retry-After"]) <= 1800


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/datasets?colour=red", "/api/v1/datasets/none/rows"])
def test_other_refusals_cost_the_same(client, settings, path):
    with_bucket(settings, 2, 3600)
    assert [client.get(path).status_code for _n in range(3)] in ([400, 400, 429], [404, 404, 429])
    for free in ("/api/v1/?colour=red", "/api/v1/openapi.json?colour=red"):
        assert client.get(free).status_code == 400


@pytest.mark.django_db
def test_long_queries_of_those_with_nothing_left_are_not_read(client, settings):
    with_bucket(settings, 1, 3600)
    long = f"/api/v1/datasets?{'q=a&' * 2_000}"
    assert [client.get(long).status_code for _n in range(2)] == [400, 429]
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_a_slow_query_is_paid_for_afterwards(settings):
    with_bucket(settings, 100, 3600)
    request = comes_from("192.0.2.4")
    limits.charge_time(request, 0.2)
    assert allowed(request, 50)
    limits.charge_time(request, 5.25)
    assert not allowed(request, 1)
    assert allowed(comes_from("192.0.2.5"), 100)


def price(query: str, rows: int = 1000, fmt: str = "json") -> int:
    pairs = [tuple(one.split("=")) for one in query.split("&") if one]
    source = Source(None, COLUMNS, rows)  # type: ignore[arg-type]
    read = grammar.parse(pairs, COLUMNS, default_limit=100 if fmt == "json" else None)
    return Asked(Version(), source, read, pairs, fmt, True).points


def test_a_query_costs_by_what_it_does():
    assert price("") == limits.PAGE == 1
    assert price("limit=1000&columns=name") == 1
    for narrowed in ("name=a", "count__gte=3", "offset=5"):
        assert 1 < price(narrowed) < price("sort=name")
    dear = ["sort=name", "name__contains=a", "search=a", "group_by=name", "columns=name&distinct=true"]
    assert {price(one) for one in dear} == {6}
    assert {price(one, 1_000_000) for one in dear} == {26}
    assert price("", 1_000_000) == 1
    assert limits.price(Query(limit=32_000), 999) == limits.PAGE
    assert limits.price(Query(limit=32_000), 1_000_000) == limits.PAGE + 8
    assert price("name=a", 1000, "csv") > price("", 1000, "ndjson") == limits.WHOLE > price("", 1000, "csv")
