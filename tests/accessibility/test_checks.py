"""Each check beyond the engine's finds what it is there for on a page broken on purpose, and nothing on a good one."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from accessibility.scanner import across, checks, source
from accessibility.scanner.page import Page, keep_sources
from accessibility.scanner.scene import WIDE, set_look
from tests.running import wait_until

GOOD = """<header><a href="#main">Skip to the content</a></header>
<main id="main"><h1>A page</h1><h2>A part</h2>
<p>Words and <a href="#main">a link within them</a>, <span lang="ar" dir="rtl">وكلمات عربية</span>.</p>
<form method="post"><p><label for="name">Name</label> <input id="name" name="name"></p>
<p><label><input type="radio" name="r" value="1"> One</label>
<label><input type="radio" name="r" value="2"> Two</label></p>
<p><button>Send</button></p></form></main><footer>Foot</footer>"""
STYLE = """body { margin: 0; font: 1rem/1.6 sans-serif } :focus-visible { outline: 3px solid }
input, button { min-height: 2rem; border: 1px solid } a { display: inline }
label { display: inline-block; padding: .5rem }"""


@pytest.fixture
def show(browser):
    """Opens a page made of a body and styles."""

    def opened(body, css="", *, language="en", direction="ltr"):
        html = (
            f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>Page</title>'
        )
        set_look(browser, WIDE)
        browser.get(
            "data:text/html;charset=utf-8,"
            + quote(f"{html}<style>{STYLE}{css}</style></head><body>{body}</body></html>")
        )
        return Page(browser, language)

    return opened


IN_BROWSER = [check for check in checks.CHECKS if check.run not in (checks.valid_html, checks.without_scripts)]


@pytest.mark.parametrize("check", IN_BROWSER, ids=lambda check: check.name)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_it_finds_nothing_on_a_good_page(show, check, language, direction):
    body = GOOD if language == "en" else "<main><h1>صفحة</h1><p>كلمات و<a href='#x'>رابط</a></p><p id='x'>نص</p></main>"
    assert check.run(show(body, language=language, direction=direction)) == []


BROKEN = [
    ("headings", "<h1>One</h1><h1>Two</h1>", "", "2 headings of level 1"),
    ("headings", "<h2>None above</h2>", "", "0 headings of level 1"),
    ("headings", "<h1>One</h1><h3>Three</h3>", "", "level 3 after 1"),
    ("headings", "<h1>One</h1><h2> </h2>", "", "empty"),
    ("language_of_parts", "<p>Words <b>وكلمات عربية</b></p>", "", "Arabic in English"),
    ("language_of_parts", "<p lang=ar>كلمات <b>and some English words</b></p>", "", "English in Arabic"),
    ("mirrored", "<div id=box>Words</div>", "#box { margin-left: 5rem }", "starts at"),
    ("mirrored", "<div id=box>Words</div>", "#box { position: absolute; left: 9px; width: 5rem }", "starts at"),
    (
        "large_text",
        "<div id=box>Many words in a small box</div>",
        "#box { height: 1.2rem; overflow: hidden; width: 90px }",
        "cut off",
    ),
    ("large_text", "<div id=box>Wide</div>", "#box { width: 70rem }", "scrolls sideways"),
    (
        "text_spacing",
        "<p id=box>Many words in one line</p>",
        "#box { width: 12em; white-space: nowrap; overflow: hidden }",
        "cut off",
    ),
    (
        "text_spacing",
        "<b id=one>Words that grow</b><b id=two>Words beside</b>",
        "b { position: absolute; top: 0; white-space: nowrap } #two { left: 125px }",
        "overlap",
    ),
    ("forced_colours", "<button>Send</button>", "button { border: 0 }", "no border"),
    ("forced_colours", "<button>Send</button>", "button { forced-color-adjust: none }", "keeps its own colours"),
    ("reduced_motion", "<p>Words</p>", "@keyframes x { to { opacity: .5 } } p { animation: x 2s infinite }", "moves"),
    ("reduced_motion", "<p>Words</p>", "p { transition: color .3s }", "transition"),
    ("reduced_motion", "<p>Words</p>", "html, body { scroll-behavior: smooth }", "smooth"),
    (
        "target_size",
        "<button>a</button><button>b</button>",
        "button { all: unset; width: 12px; height: 12px; font-size: 9px }",
        "12 by 12",
    ),
    ("reflow", "<p>Words</p>", "p { width: 1400px }", "scrolls sideways"),
    ("keyboard", "<a href='#'>Link</a>", "a:focus-visible { outline: none; box-shadow: 0 0 0 3px }", "no outline"),
    ("keyboard", "<button id=two tabindex=2>Two</button><button id=one tabindex=1>One</button>", "", "order"),
    ("keyboard", "<a href='#'>Link</a>", "a { position: absolute; top: 50px; left: -400px }", "outside the window"),
    (
        "keyboard",
        "<a href='#'>Link</a>",
        "a { opacity: .01; position: absolute; width: 1px; height: 1px; overflow: hidden }",
        "cannot be seen",
    ),
    ("keyboard", "<a href='#'>Link</a><div></div>", "div { position: fixed; inset: 0; background: #fff }", "obscured"),
]


@pytest.mark.parametrize(("name", "body", "css", "expected"), BROKEN)
def test_it_finds_what_is_broken(show, name, body, css, expected):
    found = getattr(checks, name)(show(f"<main>{body}</main>", css))
    assert any(expected in line for line in found), found


def test_it_finds_a_keyboard_trap(show, browser):
    page = show("<main><input id=one aria-label=one><button>Never reached</button></main>")
    browser.execute_script(
        "document.getElementById('one').addEventListener('keydown', e => e.key === 'Tab' && e.preventDefault())"
    )
    assert any("not reached" in line for line in checks.keyboard(page))


def test_it_walks_the_frame_of_pages_once(show):
    frame = "<header><a href='#main'>Same</a></header><main id=main><a href='#{0}'>Own {0}</a></main>"
    first = show(frame.format(1))
    assert checks.keyboard(first) == []
    assert len(first.parts_walked) == 1
    second = show(frame.format(2))
    second.parts_walked = first.parts_walked
    assert second.run("keyboard_start", second.parts_walked) == 1
    assert (
        show("<header><a href='#x'>Other</a></header><main id=x><b>x</b></main>").run(
            "keyboard_start", first.parts_walked
        )
        == 1
    )


def test_text_that_people_wrote_is_of_unknown_language(show):
    assert checks.language_of_parts(show("<p dir=auto>وكلمات عربية</p><p><bdi>وكلمات عربية</bdi></p>")) == []


def test_text_hidden_on_purpose_is_not_cut_off(show):
    css = ".visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }"
    assert checks.large_text(show("<p>Words <span class=visually-hidden>for screen readers</span></p>", css)) == []


def test_text_in_a_region_that_scrolls_is_not_cut_off(show):
    css = "div { overflow: auto; width: 200px } p { width: 900px }"
    assert (
        checks.large_text(show("<div tabindex=0 role=region aria-label=x><p>Words that go on and on</p></div>", css))
        == []
    )


@pytest.mark.urls("tests.accessibility.urls")
def test_the_source_is_what_the_server_sent(browser, live_server, transactional_db):
    contact = f"{live_server.url}/en/contact/"
    keep_sources(browser)
    browser.get(contact)
    assert Page(browser, "en").source.startswith("<!doctype html>\n<html lang=")
    browser.find_element("css selector", "main form button[type=submit]").click()
    wait_until(lambda: browser.title.startswith("Error:"))
    assert "<title>Error:" in Page(browser, "en").source


def document(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head><title>x</title>{head}</head><body>{body}</body></html>"


def test_valid_html_passes():
    assert source.invalid(document(GOOD)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p id=a></p><p id=a></p>", "stands 2 times"),
        ("<p><div></div></p>", "unexpected-end-tag"),
        ("<table><p>x</p></table>", "table-voodoo"),
        ("<label for=gone>x</label>", "refers to nothing"),
        ("<input aria-describedby=gone>", "refers to nothing"),
        ("<a href='#gone'>x</a>", "not on the page"),
        ("<p align=center>x</p>", "unknown attribute 'align'"),
        ("<blink>x</blink>", "unknown element"),
        ("<p role=heading2>x</p>", "unknown role"),
        ("<time datetime=2026-11-22T12:45:46.125395+04:00>x</time>", "no moment"),
        ("<b><i>x</b></i>", "adoption"),
    ],
)
def test_it_finds_invalid_html(body, expected):
    found = source.invalid(document(body))
    assert any(expected in line for line in found), found


@pytest.mark.parametrize(
    "moment", ["2026-11-22", "2026-11", "2026-11-22T12:45:46+0400", "2026-11-22T12:45:46.125Z", "12:45"]
)
def test_moments_as_html_writes_them_pass(moment):
    assert source.invalid(document(f"<time datetime={moment}>x</time>")) == []


def test_letters_may_have_what_mail_programs_need():
    table = "<table role=presentation width=600 cellpadding=0><tr><td bgcolor=#fff>x</td></tr></table>"
    assert source.invalid(document(table), is_letter=True) == []
    assert source.invalid(document(table))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<script src=/x.js></script>", "holds a script"),
        ("<p onclick='x()'>x</p>", "onclick"),
        ("<a href='javascript:x()'>x</a>", "link to a script"),
        ("<form><button type=button>x</button></form>", "does nothing by itself"),
        ("<form action=/x><input name=q></form>", "cannot be sent"),
    ],
)
def test_it_finds_what_needs_scripts(body, expected):
    assert any(expected in line for line in source.needs_scripts(document(body)))


def test_data_for_machines_is_no_script():
    assert source.needs_scripts(document(GOOD + "<script type='application/ld+json'>{}</script>")) == []


def a_visit(scene: str, **changes):
    values = {
        "scene": scene,
        "route": scene,
        "title": scene,
        "landmarks": [["main", 0]],
        "templates": [],
        "findings": [],
    }
    return {**values, **changes}


def a_walk(language: str, *visits, **changes):
    return {"group": "some", "language": language, "visits": list(visits), "templates": ["base.html"], **changes}


def test_two_kinds_of_page_must_not_share_a_title():
    same = a_walk("ar", a_visit("one", title="Same"), a_visit("two", title="Same"))
    states = a_walk("ar", a_visit("one", title="Same"), a_visit("one with errors", route="one", title="Same"))
    assert [one["scene"] for one in across.unique_titles([same])] == ["two"]
    assert not list(across.unique_titles([states]))
    assert list(across.unique_titles([a_walk("ar", a_visit("one", title=" "))]))


def test_twins_must_look_alike():
    arabic = a_walk("ar", a_visit("one", landmarks=[["main", 0], ["h1", 100]]))
    alike = a_walk("en", a_visit("one", landmarks=[["main", 0], ["h1", 101]]))
    moved = a_walk("en", a_visit("one", landmarks=[["main", 0], ["h1", 140]]))
    other = a_walk("en", a_visit("one", landmarks=[["main", 0]]))
    assert not list(across.twins([arabic, alike]))
    assert list(across.twins([arabic, moved]))
    assert list(across.twins([arabic, other]))


def test_a_template_on_no_page_is_named():
    assert across.unseen([a_walk("ar"), a_walk("en")], ["base.html", "lost.html"]) == ["lost.html"]
