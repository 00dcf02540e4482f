"""The parts pages are made of, the error pages, and how dates and numbers are written."""

from datetime import date, datetime

import html5lib
import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import formats, translation


def drawn(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def parsed(html: str):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def test_a_notice_holds_markup_of_the_page_and_escapes_what_people_typed():
    html = drawn('{% notice "warning" title=name %}<p>{{ name }}</p>{% endnotice %}', name="<b>")
    assert 'class="notice warning"' in html
    assert html.count("&lt;b&gt;") == 2
    assert "<b>" not in html


def test_a_wide_table_can_be_scrolled_by_keyboard_and_is_named():
    html = drawn("{% tablescroll name %}<table></table>{% endtablescroll %}", name='Hours "counted"')
    assert 'role="region" aria-label="Hours &quot;counted&quot;" tabindex="0"' in html


def test_pagination_keeps_the_other_parameters_and_marks_the_page():
    request = RequestFactory().get("/en/news/", {"topic": "trade", "page": "7"})
    page = Paginator(range(500), 20).page(7)
    with translation.override("en"):
        html = Template('{% include "components/pagination.html" %}').render(
            Context({"request": request, "page": page})
        )
    assert 'aria-current="page" href="?topic=trade&amp;page=7"' in html
    assert 'rel="prev" href="?topic=trade&amp;page=6"' in html
    assert 'rel="next" href="?topic=trade&amp;page=8"' in html


def test_one_page_needs_no_pagination():
    assert not drawn('{% include "components/pagination.html" %}', page=Paginator([1], 20).page(1)).strip()


def test_a_case_entry_lets_its_text_choose_its_direction():
    html = drawn(
        '{% include "components/timeline_item.html" with kind="citizen" %}',
        who="سالم",
        when=datetime(2026, 1, 31, 9, 30),
        text="<script>",
        lang="ar",
    )
    assert '<div class="user-text" dir="auto" lang="ar">&lt;script&gt;</div>' in html
    assert "<bdi>سالم</bdi>" in html


def test_the_page_names_its_twin_in_the_other_language():
    context = {
        "request": RequestFactory().get("/en/news/?page=2"),
        "portal": {"name": "Musharaka", "url": "https://portal.example"},
        "other_language": {"code": "ar", "name": "العربية", "dir": "rtl", "url": "/ar/news/?page=2"},
    }
    with translation.override("en"):
        html = render_to_string("base.html", context)
    assert '<link rel="canonical" href="https://portal.example/en/news/">' in html
    assert '<link rel="alternate" hreflang="ar" href="https://portal.example/ar/news/">' in html
    assert '<link rel="alternate" hreflang="x-default" href="https://portal.example/ar/news/">' in html
    assert 'href="/ar/news/?page=2" lang="ar" dir="rtl" hreflang="ar"' in html


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    "page", ["errors/403.html", "errors/404.html", "errors/429.html", "errors/csrf.html", "errors/locked.html"]
)
def test_an_error_page_says_what_happened_and_what_to_do(page, language):
    with translation.override(language):
        html = render_to_string(page, {"portal": {"name": "Musharaka", "call_centre": "80000070"}})
    document = parsed(html)
    assert len(list(document.iter("h1"))) == 1
    (main,) = document.iter("main")
    assert len(list(main.iter("li"))) >= 2
    assert "80000070" in html


def test_the_page_for_a_broken_portal_needs_nothing_and_speaks_both_languages():
    html = render_to_string("errors/500.html")
    document = parsed(html)
    assert len(list(document.iter("h1"))) == 1
    assert 'href="/static/css/portal.css"' in html
    assert "Something went wrong" in html
    assert "حدث خطأ" in html


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("ar", "31 يناير 2026", "31 يناير 2026، 14:30"), ("en", "31 January 2026", "31 January 2026, 14:30")],
)
def test_dates_are_written_day_first_with_western_digits(language, day, moment):
    with translation.override(language):
        assert formats.date_format(date(2026, 1, 31)) == day
        assert formats.date_format(datetime(2026, 1, 31, 14, 30), "DATETIME_FORMAT") == moment
        assert formats.date_format(date(2026, 1, 31), "SHORT_DATE_FORMAT") == "31/01/2026"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 0


@pytest.mark.parametrize("language", ["ar", "en"])
def test_numbers_have_a_decimal_point_and_thousands_commas(language):
    with translation.override(language):
        assert formats.number_format(1234567.5, 1, force_grouping=True) == "1,234,567.5"
        assert formats.localize(12.5) == "12.5"
