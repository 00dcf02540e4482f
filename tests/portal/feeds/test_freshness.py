"""Readers that have the feed already get 304, and never keep what was withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.http import parse_http_date

from tests.portal.feeds.shelf import Shelf, ago

ADDRESSES = ["/ar/feeds/news.rss", "/en/feeds/news.atom", "/en/feeds/all.rss"]
EACH = pytest.mark.parametrize("address", ADDRESSES)


@EACH
def test_a_feed_may_be_kept_for_a_short_while_and_sets_no_cookie(client: Client, news: Shelf, address: str) -> None:
    news.add()
    response = client.get(address)
    kind = address.rpartition(".")[2]
    assert response.headers["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["ETag"].startswith('"')
    assert parse_http_date(response.headers["Last-Modified"])
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "Accept-Language" not in response.headers.get("Vary", "")


@EACH
def test_head_answers_with_the_same_headers_and_no_body(client: Client, news: Shelf, address: str) -> None:
    news.add()
    got, head = client.get(address), client.head(address)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


@EACH
def test_an_unchanged_feed_is_answered_304_to_either_validator(client: Client, news: Shelf, address: str) -> None:
    news.add()
    got = client.get(address)
    for headers in (
        {"If-None-Match": got.headers["ETag"]},
        {"If-None-Match": f"W/{got.headers['ETag']}"},
        {"If-Modified-Since": got.headers["Last-Modified"]},
    ):
        for ask in (client.get, client.head):
            response = ask(address, headers=headers)
            assert response.status_code == 304
            assert response.content == b""
            assert response.headers["ETag"] == got.headers["ETag"]
            assert response.headers["Cache-Control"] == "public, max-age=60"


def update(news: Shelf) -> None:
    news.replace(news.everywhere[0], title="Corrected")


def withdraw_the_older(news: Shelf) -> None:
    news.withdraw(news.everywhere[0])


def withdraw_the_newer(news: Shelf) -> None:
    news.withdraw(news.everywhere[1])


def publish(news: Shelf) -> None:
    news.add()


def publish_something_old(news: Shelf) -> None:
    news.add(published_at=ago(days=90))


@pytest.mark.parametrize("change", [update, withdraw_the_older, withdraw_the_newer, publish, publish_something_old])
@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_whatever_changes_is_sent_anew_even_within_the_same_second(
    client: Client, news: Shelf, change: Any, validator: str
) -> None:
    news.add("old:1", published_at=ago(days=9))
    news.add("new:1", published_at=ago(hours=1))
    address = "/en/feeds/news.rss"
    kept = client.get(address).headers[validator]
    asked = {"If-None-Match": kept} if validator == "ETag" else {"If-Modified-Since": kept}
    assert client.get(address, headers=asked).status_code == 304
    change(news)
    assert client.get(address, headers=asked).status_code == 200


def test_two_feeds_do_not_share_validators(client: Client, news: Shelf) -> None:
    news.add()
    tags = {client.get(address).headers["ETag"] for address in [*ADDRESSES, "/en/feeds/news.rss"]}
    assert len(tags) == 4


def test_without_a_cache_the_feed_comes_with_its_etag_alone(client: Client, news: Shelf, settings: Any) -> None:
    news.add()
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    response = client.get("/en/feeds/news.rss")
    assert response.status_code == 200
    assert "Last-Modified" not in response.headers
    again = client.get("/en/feeds/news.rss", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_after_the_cache_was_emptied_a_date_from_before_is_not_trusted(client: Client, news: Shelf) -> None:
    news.add()
    kept = client.get("/en/feeds/news.rss").headers["Last-Modified"]
    cache.clear()
    again = client.get("/en/feeds/news.rss").headers["Last-Modified"]
    assert parse_http_date(again) >= parse_http_date(kept)
