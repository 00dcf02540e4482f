"""The documentation for people: both languages by address alone, and everything in it as it really is."""

from __future__ import annotations

import re
import shlex
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opendata.api.endpoints import ENDPOINTS
from opendata.api.row_parameters import FORMAT
from opendata.api.sheets import MOST_CELLS, MOST_ROWS
from opendata.api.wrong import KINDS
from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/api/docs/", **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def commands(html: str) -> list[str]:
    found = [unescape(one) for one in re.findall(r"<pre dir=\"ltr\">(.*?)</pre>", html, re.S)]
    return [one for one in found if one.startswith("curl ")]


class Ids(HTMLParser):
    """Ids of a page, and those its links lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if "id" in told:
            self.ids.append(told["id"])
        if (told.get("href") or "").startswith("#"):
            self.wanted.add(told["href"][1:])


@pytest.mark.parametrize(
    ("address", "language", "heading"),
    [
        ("/api/docs/", "en", "Open data for programs: the read API"),
        ("/api/docs/?language=en", "en", "Open data for programs: the read API"),
        ("/api/docs/?language=xx", "en", "Open data for programs: the read API"),
        ("/api/docs/ar/", "ar", "البيانات المفتوحة"),
        ("/api/docs/?language=ar", "ar", "البيانات المفتوحة"),
    ],
)
def test_the_address_alone_says_in_which_language(client, address, language, heading):
    pages = {page(client, address, **{"Accept-Language": accepted}) for accepted in ("ar", "en", "fr")}
    [html] = pages
    direction = {"ar": "rtl", "en": "ltr"}[language]
    assert f'<html lang="{language}" dir="{direction}"' in html
    own = {"ar": "/api/docs/ar/", "en": "/api/docs/"}
    assert f'<link rel="canonical" href="http://testserver{own[language]}">' in html
    other = own["en" if language == "ar" else "ar"]
    assert re.search(rf'<a class="language" href="{other}"', html)
    assert heading in html or language == "ar"
    assert client.get(address).headers["Content-Language"] == language


@pytest.mark.parametrize("address", ["/api/docs/", "/api/docs/ar/"])
def test_it_tells_every_address_error_and_price(client, address):
    html = unescape(page(client, address))
    for one in ENDPOINTS:
        assert f">{one.address}<" in html
        for parameter in one.parameters:
            assert f">{parameter.name}<" in html
    for code in KINDS:
        assert f">{code}<" in html
    assert "/api/v1/openapi.json" in html
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="https?://(?!testserver)', html)


@pytest.mark.parametrize("address", ["/api/docs/", "/api/docs/ar/"])
def test_it_tells_how_large_a_sheet_may_be(client, address):
    html = page(client, address)
    for most in (MOST_ROWS, MOST_CELLS):
        assert html.count(f"{most:,}") == 2, "in a sentence and among the parameters"
        assert f"{most:,}" in FORMAT.description


@pytest.mark.parametrize("address", ["/api/docs/", "/api/docs/ar/"])
def test_links_within_lead_somewhere_and_ids_are_unique(client, address):
    found = Ids(page(client, address))
    assert found.wanted <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_its_commands_name_a_dataset_that_is_there(client):
    made = shown.version(shown.dataset(slug="rainfall"), query_sha256="0" * 64)
    html = page(client)
    told = commands(html)
    assert len(told) >= 9
    assert sum("/datasets/rainfall" in one for one in told) >= 7
    assert f"/versions/{made.sequence}/rows" in html
    for one in told:
        [name, address, *_more] = shlex.split(one)
        assert name == "curl"
        assert address.startswith("http://testserver/api/v1/datasets")


def test_it_can_be_read_before_anything_is_published(client):
    assert "population-by-governorate" in page(client)


def test_odd_values_of_a_table_stay_within_their_command(client):
    odd = """'"><b>$(rm)`"""
    rows = [["2023", odd, "1"]]
    shown.version(shown.dataset(slug="odd"), rows=rows, query_sha256="0" * 64)
    html = page(client)
    assert "<b>$" not in html
    for one in commands(html):
        assert shlex.split(one)[0] == "curl"
        assert len(shlex.split(one)) in (2, 5)


def test_few_statements_make_it(client):
    for n in range(3):
        shown.version(shown.dataset(slug=f"set-{n}"), query_sha256="0" * 64)
    with CaptureQueriesContext(connection) as seen:
        page(client)
    assert len(seen) <= 3, [one["sql"][:120] for one in seen]


def test_it_only_shows(client):
    assert client.post("/api/docs/").status_code in (403, 405)
    assert client.head("/api/docs/").status_code == 200
