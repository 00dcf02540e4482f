"""Display preferences: one cookie, only when chosen, applied by class, and caches told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpResponse

from accessibility.display import (
    COOKIE,
    PREFERENCES,
    DisplayMiddleware,
    chosen,
    classes,
    cookie_name,
    display_classes,
    written,
)
from portal import cookies

pytestmark = pytest.mark.django_db
CSS = Path(__file__).resolve().parents[2] / "static/css"
STANDARD = {preference.name: preference.choices[0][0] for preference in PREFERENCES}
ALL = {preference.name: preference.choices[-1][0] for preference in PREFERENCES}
URL = "/en/accessibility/display/"


def test_without_a_cookie_everything_is_standard(rf):
    assert chosen(rf.get("/")) == STANDARD
    assert display_classes(rf.get("/en/")) == {"display": ""}


def test_what_is_written_is_read_again(rf):
    request = rf.get("/en/")
    request.COOKIES[cookie_name()] = written(ALL)
    assert chosen(request) == ALL
    assert display_classes(request)["display"] == classes(ALL)
    assert len(written(ALL)) == len(PREFERENCES)
    assert written(STANDARD) == ""


@pytest.mark.parametrize(
    "value",
    ["", "1", "1111111", "999999", "-10000", "12001", "１２００１１", "abcdef", '"><script>', "١١١١١١", "²00000"],
)
def test_a_cookie_that_is_not_ours_is_ignored_as_a_whole(rf, value):
    request = rf.get("/en/")
    request.COOKIES[cookie_name()] = value
    assert chosen(request) == STANDARD


def test_the_staff_site_keeps_its_own_look(rf):
    request = rf.get("/admin/")
    request.COOKIES[cookie_name()] = written(ALL)
    assert display_classes(request) == {"display": ""}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_looking_at_the_page_sets_no_cookie(client, language):
    response = client.get(f"/{language}/accessibility/display/")
    assert response.status_code == 200
    assert not response.cookies
    assert "css/display" in response.content.decode()


def test_saving_sets_one_cookie_for_a_year(client):
    response = client.post(URL, {**STANDARD, "contrast": "high", "size": "150"})
    assert (response.status_code, response["Location"]) == (302, f"{URL}?done=saved")
    assert list(response.cookies) == [cookie_name()]
    cookie = response.cookies[cookie_name()]
    assert re.fullmatch(r"\d{6}", cookie.value)
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"], cookie["path"]) == (31536000, "Lax", True, "/")
    page = client.get(f"{URL}?done=saved").content.decode()
    assert re.search(r'value="high"[^>]*checked', page)
    assert re.search(r'value="150"[^>]*checked', page)
    assert "Saved." in page


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(client, settings):
    settings.HTTPS = True
    response = client.post(URL, {**STANDARD, "links": "underlined"})
    assert response.cookies["__Host-display"]["secure"]


@pytest.mark.parametrize("data", [{"do": "standard"}, STANDARD, {"do": "standard", **ALL}])
def test_back_to_standard_takes_the_cookie_away(client, data):
    client.post(URL, ALL)
    response = client.post(URL, data)
    assert response.cookies[cookie_name()]["max-age"] == 0
    assert not client.cookies[cookie_name()].value


def test_without_a_cookie_nothing_offers_a_way_back(client):
    assert 'value="standard">Back' not in client.get(URL).content.decode()
    client.post(URL, ALL)
    assert "Back to the standard look" in client.get(URL).content.decode()


@pytest.mark.parametrize("changes", [{"contrast": "loud"}, {"size": "900"}, {"motion": ""}])
def test_what_is_not_offered_is_refused_and_sets_nothing(client, changes):
    response = client.post(URL, {**STANDARD, **changes})
    assert response.status_code == 422
    assert not response.cookies


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/en/faq/", "/en/faq/"),
        ("/ar/news/?page=2", "/en/news/?page=2"),
        ("/", "/en/"),
        ("/faq/", "/en/faq/"),
    ],
)
def test_it_leads_back_to_the_page_one_came_from(client, back, where):
    assert client.post(URL, {**ALL, "back": back})["Location"] == where
    assert client.post(URL, {"do": "standard", "back": back})["Location"] == where


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example/", "///evil.example", "javascript:alert(1)",
        "/en/nowhere/", "/admin/", "/en/accessibility/display/?back=x", "/en//evil.example/", "faq/",
        "/en/\\evil.example", "/ar/../admin/",
    ],
)  # fmt: skip
def test_it_leads_nowhere_else(client, back):
    where = client.post(URL, {**ALL, "back": back})["Location"]
    assert where == f"{URL}?done=saved"


@pytest.mark.parametrize(
    ("query", "referer", "back"),
    [
        ("", "http://testserver/en/faq/?q=x", "/en/faq/?q=x"),
        ("?back=/en/news/", "http://testserver/en/faq/", "/en/news/"),
        ("", "https://evil.example/en/faq/", ""),
        ("", "http://[::1", ""),
        ("", "", ""),
    ],
)
def test_the_form_remembers_where_one_came_from(client, query, referer, back):
    html = client.get(URL + query, headers={"referer": referer}).content.decode()
    field = re.search(r'<input[^>]*name="back"[^>]*>', html).group()
    assert (f'value="{back}"' in field) if back else ("value=" not in field)


def test_a_form_on_another_site_changes_nothing(client):
    assert client.post(URL, ALL, headers={"origin": "https://evil.example"}).status_code == 403


def test_the_cookie_policy_knows_the_cookie():
    assert COOKIE in cookies.cookies()


@pytest.mark.parametrize(
    ("path", "kind", "value", "vary", "caching"),
    [
        ("/en/", "text/html; charset=utf-8", "", "Cookie", ""),
        ("/en/", "text/html; charset=utf-8", "100000", "Cookie", "private"),
        ("/en/", "text/html; charset=utf-8", "nonsense", "Cookie", ""),
        ("/en/x.csv", "text/csv", "100000", "", ""),
        ("/admin/", "text/html", "100000", "", ""),
    ],
)
def test_caches_are_told_what_a_page_depends_on(rf, path, kind, value, vary, caching):
    request = rf.get(path)
    request.COOKIES = {cookie_name(): value} if value else {}
    response = DisplayMiddleware(lambda _request: HttpResponse("x", content_type=kind))(request)
    assert response.headers.get("Vary", "") == vary
    assert response.headers.get("Cache-Control", "") == caching


def test_what_must_not_be_kept_at_all_stays_so(rf):
    request = rf.get("/en/")
    request.COOKIES = {cookie_name(): "100000"}
    made = HttpResponse("x", headers={"Cache-Control": "no-store"})
    assert DisplayMiddleware(lambda _request: made)(request).headers["Cache-Control"] == "no-store"
    shared = HttpResponse("x", headers={"Cache-Control": "public, no-cache"})
    caching = DisplayMiddleware(lambda _request: shared)(request).headers["Cache-Control"]
    assert "public" not in caching
    assert "private" in caching


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_carries_the_classes(client, language):
    path = f"/{language}/faq/"
    plain = client.get(path)
    assert "class=" not in re.search(r"<html[^>]*>", plain.content.decode()).group()
    assert "css/display" not in plain.content.decode()
    assert "Cookie" in plain.headers["Vary"]
    client.cookies[cookie_name()] = written(ALL)
    page = client.get(path)
    assert f'class="{classes(ALL)}"' in re.search(r"<html[^>]*>", page.content.decode()).group()
    assert "css/display" in page.content.decode()
    assert "private" in page.headers["Cache-Control"]


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", text))


def block(css: str, start: str) -> str:
    return css.partition(start)[2].partition("}")[0]


def test_the_colours_of_a_chosen_scheme_are_those_of_the_portal():
    portal, display = (CSS / "portal.css").read_text(), (CSS / "display.css").read_text()
    light = variables(block(portal, ":root {\n  color-scheme"))
    dark = variables(block(portal, "@media (prefers-color-scheme: dark) {\n  :root {"))
    assert len(light) > 20
    assert variables(block(display, ":is(:root.scheme-light, .example) {")) == light
    assert variables(block(display, ":is(:root.scheme-dark,").partition("{")[2]) == dark
    example = block(display, '.preferences:has([value="system"][name="scheme"]:checked) .example {')
    assert variables(example) == dark


def test_the_inks_of_charts_are_those_of_the_figures():
    figures, display = (CSS / "figures.css").read_text(), (CSS / "display.css").read_text()
    light, dark = (re.findall(r"\.([cl][1-5]) \{ color: (#\w+)", part) for part in _around_dark(figures))
    assert len(light) == len(dark) == 10
    for scheme, inks in (("light", light), ("dark", dark)):
        assert re.findall(rf"\.scheme-{scheme} \.([cl][1-5]) \{{ color: (#\w+)", display) == inks


def _around_dark(css: str) -> tuple[str, str]:
    before, _media, after = css.partition("@media (prefers-color-scheme: dark) {")
    return before, after.partition("\n}")[0]


def test_every_class_has_a_rule():
    display = (CSS / "display.css").read_text()
    for name in [*classes(ALL).split(), "text-125", "scheme-light"]:
        assert f".{name}" in display


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("start", [":is(:root.contrast-high, .preferences", ":is(:root.contrast-high.scheme-dark,"])
def test_high_contrast_is_seven_to_one_at_least(start):
    found = variables(block((CSS / "display.css").read_text(), start).partition("{")[2])
    for ink in ("ink", "muted", "link", "info", "success", "warning", "error", "edge"):
        assert contrast(found[f"--{ink}"], found["--bg"]) >= 7, ink
    assert contrast(found["--on-brand"], found["--brand"]) >= 7
    assert contrast(found["--on-header"], found["--header"]) >= 7
