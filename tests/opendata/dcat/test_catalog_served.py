"""The catalogue from a running server, to a program and to a browser."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_program_asks_for_the_headers_first(live_server):
    dataset = shown.version().dataset
    connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=20)
    for path in ("/catalog.ttl", f"/dataset/{dataset.uuid}.jsonld", "/data.json"):
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert (head.status, head.read()) == (200, b"")
        connection.request("GET", path)
        whole = connection.getresponse()
        content = whole.read()
        assert str(dataset.uuid) in content.decode() or path == "/data.json"
        for name in ("Content-Type", "ETag", "Last-Modified"):
            assert head.headers[name] == whole.headers[name]
        assert "Set-Cookie" not in whole.headers
    connection.close()


def test_the_policy_of_the_pages_has_nothing_against_the_data_in_them(live_server, browser):
    dataset = shown.version().dataset
    _refused(browser)  # what pages of other tests logged
    for path in (f"/ar/data/{dataset.slug}/", "/ar/data/"):
        browser.get(live_server.url + path)
        assert not _refused(browser)
        assert browser.execute_script("return document.querySelector('script[type=\"application/ld+json\"]').text")
    browser.execute_script("document.head.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert _refused(browser), "a script of the page's own would have been refused, and said so"


def _refused(browser) -> list[str]:
    return [one["message"] for one in browser.get_log("browser") if "Content Security Policy" in one["message"]]
