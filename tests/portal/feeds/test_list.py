"""The list of feeds, and the links by which programs find a feed."""

from __future__ import annotations

import html5lib
import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from tests.portal.feeds.shelf import Shelf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_topic_is_listed_with_its_feeds_in_both_languages(
    client: Client, news: Shelf, polls: Shelf, language: str
) -> None:
    page = client.get(f"/{language}/feeds/").content.decode()
    for slug in ("all", "news", "polls"):
        for code in ("ar", "en"):
            for kind in ("rss", "atom"):
                assert f'href="http://testserver/{code}/feeds/{slug}.{kind}" hreflang="{code}"' in page
    assert page.index("feeds/news.rss") < page.index("feeds/polls.rss")
    assert f'href="/{language}/feeds/subscribe/"' in page
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_portal_without_topics_says_so(client: Client, no_topics: None, language: str) -> None:
    page = client.get(f"/{language}/feeds/").content.decode()
    assert 'class="empty"' in page
    assert "all.rss" not in page
    page = client.get(f"/{language}/feeds/subscribe/").content.decode()
    assert 'class="empty"' in page
    assert 'type="checkbox"' not in page


def test_the_list_asks_no_topic_for_its_entries(client: Client, news: Shelf) -> None:
    client.get("/en/feeds/")
    assert news.asked == 0


def drawn(markup: str, language: str) -> str:
    with translation.override(language):
        return Template("{% load feeds %}" + markup).render(Context())


@pytest.mark.parametrize(("language", "title"), [("ar", "الأخبار"), ("en", "News")])
def test_a_page_tells_of_its_feeds_in_its_own_language(news: Shelf, language: str, title: str) -> None:
    assert drawn('{% feed_links "news" %}', language).splitlines() == [
        f'<link rel="alternate" type="application/rss+xml" title="{title} (RSS)" href="/{language}/feeds/news.rss">',
        f'<link rel="alternate" type="application/atom+xml" title="{title} (Atom)" href="/{language}/feeds/news.atom">',
    ]


def test_several_topics_give_several_links_and_an_unknown_one_none(news: Shelf, polls: Shelf) -> None:
    assert drawn('{% feed_links "news" "nothing" "all" %}', "en").count("<link") == 4
    assert drawn('{% feed_links "nothing" %}', "en") == ""


def test_the_list_itself_has_the_feed_of_everything(client: Client, news: Shelf) -> None:
    assert 'href="/en/feeds/all.atom"' in client.get("/en/feeds/").content.decode().partition("<body")[0]
