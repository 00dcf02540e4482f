"""Pages anyone may read: both languages, no cookie, no third party, few queries."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest

QUERIES = {
    "": 14, "contact/": 4, "track/": 4, "participation/": 24, "polls/": 8, "surveys/": 6, "faq/": 8, "news/": 8,
    "feeds/": 4, "outcomes/": 8, "performance/": 12,
}  # fmt: skip
"""The most a page may ask the database, without content."""
PAGES = list(QUERIES)
LANGUAGES = ["ar", "en"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_without_cookie_session_or_stranger(client, language, page):
    response = client.get(f"/{language}/{page}")
    assert response.status_code == 200
    assert not response.cookies
    assert "Accept-Language" not in response.headers.get("Vary", "")
    html = response.content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert not re.findall(r'(?:src|href|action)="https?://(?!testserver)[^"]*"', html)
    assert "style=" not in html
    assert "<script" not in html
    assert len(re.findall(r"<h1", html)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PAGES, "nowhere/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_html_is_valid(client, language, page):
    html5lib.HTMLParser(strict=True).parse(client.get(f"/{language}/{page}").content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_language_switch_leads_to_the_same_page(client, page):
    html = client.get(f"/ar/{page}?reference=7").content.decode()
    assert f'href="/en/{page}?reference=7" lang="en" dir="ltr" hreflang="en"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_it_asks_the_database_little(client, page, django_assert_max_num_queries):
    client.get(f"/ar/{page}")
    with django_assert_max_num_queries(QUERIES[page]):
        client.get(f"/ar/{page}")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_says_what_to_do(client, language):
    response = client.get(f"/{language}/nowhere/")
    assert response.status_code == 404
    assert f'lang="{language}"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["news/?topic=%00", "faq/?q=%00a", "search/?q=%00", "contact/?kind=%00"])
def test_a_nul_character_breaks_no_page(client, address):
    assert client.get(f"/ar/{address}").status_code in (200, 302, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["contact/sent/%00/", "news/%00/", "polls/a%00/", "track/%00/"])
def test_no_address_has_a_nul_character(client, address):
    assert client.get(f"/ar/{address}").status_code == 404


@pytest.mark.django_db
def test_the_strict_headers_are_on_every_page(client):
    headers = client.get("/ar/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_form_sent_from_another_site_is_refused(client):
    response = client.post("/ar/contact/", {}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    response = client.post("/ar/contact/", {}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403


def test_a_failure_is_told_in_both_languages_without_a_database():
    from portal.home.errors import server_error

    page = server_error(None).content.decode()
    assert 'lang="ar"' in page
    assert 'lang="en"' in page


@pytest.mark.django_db
def test_health_tells_of_the_sweep(client):
    from portal.clocks.sweep import beat

    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json()["sweep"] == "never"
    beat("clocks.sweep")
    assert client.get("/health/ready").json() == {"status": "ok", "database": "ok", "cache": "ok", "sweep": "ok"}


@pytest.mark.django_db
def test_the_well_known_files_are_there(client):
    assert b"Contact: " in client.get("/.well-known/security.txt").content
    assert b"Disallow: /admin/" in client.get("/robots.txt").content


@pytest.mark.django_db
def test_a_page_stays_within_its_weight(client):
    """Look: at most 4 requests and 35 KB compressed for a page without images."""
    import gzip

    from django.contrib.staticfiles import finders

    html = client.get("/ar/").content
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html.decode()))
    originals = [re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name) for name in files]
    assert 1 + len(originals) <= 4
    weight = len(gzip.compress(html))
    for name in originals:
        content = Path(finders.find(name)).read_bytes()
        weight += len(content) if name.endswith("woff2") else len(gzip.compress(content))
    assert weight <= 35 * 1024, weight
