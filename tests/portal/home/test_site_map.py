"""The site map for people and the one for search engines; help."""

from __future__ import annotations

import re

import html5lib
import pytest
from django.test import Client, RequestFactory
from lxml import etree

from participation.faq.models import Entry
from participation.faq.states import State
from portal import site_map as registry
from portal.home import site_map
from portal.home.help import PARTS
from portal.site_map import Page, Section
from tests.participation.faq.entries import MakeEntry, lamp
from tests.people import World
from tests.questionnaires import make_poll, make_satisfaction, opened

pytestmark = pytest.mark.django_db
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def xml(part: str = "") -> etree._Element:
    request = RequestFactory().get("/sitemap.xml", {"part": part} if part else {})
    response = site_map.xml(request)
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(response.content)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_shows_every_section_with_its_pages(
    client: Client, world: World, make_entry: MakeEntry, language: str
) -> None:
    make_entry()
    make_satisfaction(world)
    hidden = make_entry(**lamp())
    Entry.objects.filter(pk=hidden.pk).update(state=State.HIDDEN)
    html = client.get(f"/{language}/sitemap/").content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert f'href="/{language}/faq/renew-registration/"' in html
    assert "street-light" not in html
    for path in ("participation/", "news/", "polls/", "satisfaction/", "outcomes/", "help/"):
        assert f'<a href="/{language}/{path}">' in html


def test_a_long_list_is_cut_and_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    children = tuple(Page(f"Page {number}", f"/many/{number}/") for number in range(site_map.SHOWN + 5))
    section = Section("many", "Many", lambda: [Page("Many pages", "/many/", children=children)])
    monkeypatch.setattr(registry, "_sections", {"many": section})
    html = client.get("/en/sitemap/").content.decode()
    assert "5 more under Many pages" in html
    assert len(xml().findall("s:url", SPACE)) == 2 * (len(children) + 1)


def test_search_engines_are_told_both_languages_of_every_page(make_entry: MakeEntry) -> None:
    make_entry()
    root = xml()
    addresses = [url.findtext("s:loc", namespaces=SPACE) for url in root.findall("s:url", SPACE)]
    assert len(addresses) == len(set(addresses))
    for url in root.findall("s:url", SPACE):
        twins = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", SPACE)}
        assert set(twins) == {"ar", "en", "x-default"}
        assert url.findtext("s:loc", namespaces=SPACE) in twins.values()
        assert all(twin in addresses for twin in twins.values())
    entry = next(
        url for url in root.findall("s:url", SPACE) if "/ar/faq/renew" in url.findtext("s:loc", namespaces=SPACE)
    )
    assert re.match(r"\d{4}-\d\d-\d\dT", entry.findtext("s:lastmod", namespaces=SPACE))


def test_too_many_pages_are_parted_into_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_map, "MOST_PAGES", 4)
    index = [part.text for part in xml().findall("s:sitemap/s:loc", SPACE)]
    assert len(index) > 1
    assert index[0].endswith("/sitemap.xml?part=1")
    found = [loc.text for number in range(len(index)) for loc in xml(str(number + 1)).findall("s:url/s:loc", SPACE)]
    assert len(found) == len(set(found)) == 2 * len(site_map._every_page())
    for nonsense in ("0", "99", "x", "-1"):
        with pytest.raises(site_map.Http404):
            xml(nonsense)


def test_every_page_of_the_site_map_answers(client: Client, world: World, make_entry: MakeEntry) -> None:
    make_entry()
    make_satisfaction(world)
    opened(make_poll(world))
    ours = ("/participation/", "/contact/", "/track/", "/performance/", "/feeds/", "/search/", "/help/", "/sitemap/",
            "/faq/", "/news/", "/polls/", "/surveys/", "/satisfaction/", "/outcomes/")  # fmt: skip
    for page in site_map._every_page():
        if page.path.startswith(ours):
            assert client.get(f"/en{page.path}").status_code == 200, page.path


def test_robots_name_the_site_map(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "/sitemap.xml\n" in text
    assert "Disallow: /en/search/" in text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_help_tells_how_and_leads_there(client: Client, world: World, language: str) -> None:
    make_satisfaction(world)
    html = client.get(f"/{language}/help/").content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert "80000070" in html
    assert html.count("<h1") == 1
    for part in PARTS:
        assert f'<h2 id="{part.key}">' in html
        for _label, path in part.links:
            assert f'href="/{language}{path}"' in html
            if not path.startswith("/accessibility/"):
                assert client.get(f"/{language}{path}").status_code == 200, path
