"""RSS and Atom as strict schemas and a reader of the wild see them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.test import Client
from lxml import etree

from portal.feeds import registry
from portal.feeds.collecting import LIMIT, channels
from portal.feeds.registry import FeedTopic
from tests.portal.feeds.shelf import NASTY, Shelf, ago, entry

SCHEMAS = {
    kind: etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / f"{kind}.rng")) for kind in ("rss", "atom")
}
ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = ["rss", "atom"]
BOTH = pytest.mark.parametrize("kind", KINDS)
EVERY = pytest.mark.parametrize(("kind", "language"), [(kind, code) for kind in KINDS for code in ("ar", "en")])


def read(kind: str, language: str = "en", slug: str = "news") -> bytes:
    response = Client().get(f"/{language}/feeds/{slug}.{kind}")
    assert response.status_code == 200
    return response.content


def parsed(kind: str, language: str = "en", slug: str = "news") -> Any:
    """As feedparser reads it; it must find nothing to complain about."""
    response = Client().get(f"/{language}/feeds/{slug}.{kind}")
    found = feedparser.parse(response.content, response_headers={"content-type": response.headers["Content-Type"]})
    assert found.bozo is False, found.get("bozo_exception")
    return found


def valid(kind: str, body: bytes) -> etree._Element:
    tree = etree.fromstring(body)
    assert SCHEMAS[kind].validate(tree), SCHEMAS[kind].error_log
    return tree


@EVERY
def test_a_feed_of_nasty_entries_is_valid_and_loses_none(news: Shelf, kind: str, language: str) -> None:
    for number, text in enumerate(NASTY):
        news.add(f"nasty:{number}", title=text, summary=text, published_at=ago(hours=number))
    tree = valid(kind, read(kind, language))
    found = parsed(kind, language)
    assert found.version == {"rss": "rss20", "atom": "atom10"}[kind]
    assert len(found.entries) == len(NASTY)
    titles = [item.findtext("title") or item.findtext(f"{ATOM}title") for item in tree.iter("item", f"{ATOM}entry")]
    assert titles[2] == NASTY[2]
    assert titles[6] == NASTY[6]
    assert titles[8] == NASTY[8]
    assert "🇴🇲 👩🏽‍💻 𝒜" in titles[5]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e\ufffe]", "".join(titles))


@BOTH
def test_what_looks_like_markup_in_a_summary_is_text_to_the_reader(news: Shelf, kind: str) -> None:
    news.add(summary="1 < 2 & <b>not bold</b> <script>alert(1)</script>\n\nSecond paragraph")
    (item,) = parsed(kind).entries
    assert "&lt;b&gt;not bold&lt;/b&gt;" in item.summary
    assert "&lt;script&gt;" in item.summary
    assert item.summary.count("<p>") == 2


@BOTH
def test_an_arabic_summary_brings_its_direction_along(news: Shelf, kind: str) -> None:
    news.add(summary="نص")
    (item,) = parsed(kind, "ar").entries
    assert 'dir="rtl"' in item.summary


@EVERY
def test_an_empty_feed_is_valid_and_always_the_same(news: Shelf, kind: str, language: str) -> None:
    body = read(kind, language)
    valid(kind, body)
    assert parsed(kind, language).entries == []
    assert read(kind, language) == body


@EVERY
def test_an_entry_without_a_summary_or_a_title_is_still_valid(news: Shelf, kind: str, language: str) -> None:
    news.add("bare:1", title=" \x00 ", summary="")
    valid(kind, read(kind, language))
    (item,) = parsed(kind, language).entries
    assert item.title == "bare:1"


@EVERY
def test_a_feed_says_its_language_itself_its_page_and_its_twin(news: Shelf, kind: str, language: str) -> None:
    tree = valid(kind, read(kind, language))
    other = {"ar": "en", "en": "ar"}[language]
    found = parsed(kind, language).feed
    assert found.language == language
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    links = {(link.rel, link.get("hreflang")): link.href for link in found.links}
    assert links["self", None] == f"http://testserver/{language}/feeds/news.{kind}"
    assert links["alternate", other] == f"http://testserver/{other}/feeds/news.{kind}"
    assert found.link == f"http://testserver/{language}/feeds/"
    assert found.title == {"ar": "الأخبار - مشاركة", "en": "News - Musharaka"}[language]


def test_rss_says_how_often_to_look_and_that_its_guid_is_no_address(news: Shelf) -> None:
    news.add()
    tree = valid("rss", read("rss"))
    assert tree.findtext("channel/ttl") == "60"
    guid = tree.find("channel/item/guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"


@BOTH
def test_addresses_are_absolute_and_in_the_language_of_the_feed(news: Shelf, kind: str) -> None:
    news.add(path="/news/أخبار مسقط/?a=1&b=2#part")
    for language in ("ar", "en"):
        (item,) = parsed(kind, language).entries
        assert item.link.startswith(f"http://testserver/{language}/news/%D8%A3")
        assert item.link.endswith("?a=1&b=2#part")
        valid(kind, read(kind, language))


@BOTH
def test_an_updated_entry_keeps_its_name_and_differs_between_languages(news: Shelf, kind: str) -> None:
    first = news.add("news.announcement:12", published_at=ago(days=2))
    before = parsed(kind).entries[0]
    news.replace(first, title="Corrected", path="/news/moved/", updated_at=ago(days=1))
    after = parsed(kind).entries[0]
    assert after.id == before.id == "tag:testserver,2026:en/entry/news.announcement:12"
    assert after.title == "Corrected"
    assert after.published_parsed == before.published_parsed
    assert parsed(kind, "ar").entries[0].id == "tag:testserver,2026:ar/entry/news.announcement:12"


def test_atom_tells_when_an_entry_was_published_and_when_updated(news: Shelf) -> None:
    published = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    news.add(published_at=published, updated_at=published + timedelta(days=1))
    tree = valid("atom", read("atom"))
    item = tree.find(f"{ATOM}entry")
    assert item is not None
    assert item.findtext(f"{ATOM}published") == "2026-01-02T03:04:05+00:00"
    assert item.findtext(f"{ATOM}updated") == tree.findtext(f"{ATOM}updated") == "2026-01-03T03:04:05+00:00"


@BOTH
def test_newest_first_and_no_more_than_the_limit(news: Shelf, kind: str) -> None:
    for number in range(LIMIT + 5):
        news.add(f"n:{number}", published_at=ago(hours=number))
    found = [item.id.rpartition(":")[2] for item in parsed(kind).entries]
    assert found == [str(number) for number in range(LIMIT)]


@BOTH
def test_entries_of_the_same_second_stand_in_a_stable_order(news: Shelf, kind: str) -> None:
    at = ago(hours=1)
    for key in ("c", "a", "b"):
        news.add(key, published_at=at)
    first = read(kind)
    news.everywhere.reverse()
    assert read(kind) == first


@EVERY
def test_the_feed_of_everything_merges_the_topics_and_names_them(
    news: Shelf, polls: Shelf, kind: str, language: str
) -> None:
    old, new, both = (
        news.add(published_at=ago(days=3)),
        polls.add(published_at=ago(days=1)),
        entry("both:1", published_at=ago(days=2)),
    )
    news.everywhere.append(both)
    polls.everywhere.append(both)
    valid(kind, read(kind, language, "all"))
    found = parsed(kind, language, "all").entries
    assert [item.id.partition("entry/")[2] for item in found] == [new.key, both.key, old.key]
    assert found[0].tags[0].term == "Topic polls"


@BOTH
def test_a_withdrawn_entry_is_gone_at_once_and_one_of_another_language_never_there(news: Shelf, kind: str) -> None:
    gone = news.add()
    news.only["ar"].append(entry("arabic:1"))
    assert len(parsed(kind, "ar").entries) == 2
    assert [item.title for item in parsed(kind, "en").entries] == [gone.title]
    news.withdraw(gone)
    assert gone.title not in read(kind, "en").decode()
    assert gone.title not in read(kind, "en", "all").decode()


@BOTH
def test_an_unknown_topic_has_no_feed(db: None, client: Client, news: Shelf, kind: str) -> None:
    assert client.get(f"/en/feeds/nothing.{kind}").status_code == 404
    assert client.get(f"/feeds/news.{kind}").status_code in (302, 404)
    assert client.get("/en/feeds/news.json").status_code == 404
    assert client.post(f"/en/feeds/news.{kind}").status_code == 405


def test_no_topic_may_take_the_name_of_the_feed_of_everything(no_topics: None) -> None:
    with pytest.raises(ValueError, match="all"):
        registry.register(FeedTopic("all", "x", "x", "feeds:list", lambda limit: []))


@EVERY
def test_every_feed_of_the_portal_is_valid(db: None, kind: str, language: str) -> None:
    """Those the areas have registered."""
    for each in channels():
        valid(kind, read(kind, language, each.slug))
        assert parsed(kind, language, each.slug).feed.title
