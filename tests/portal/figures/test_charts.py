"""Charts: the right lengths in either direction, words for everybody, a table always, nothing by colour alone."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.figures import marks
from portal.figures.charts import Chart, Series, bars, grouped, lines, stacked
from tests.portal.ui.test_stylesheet import contrast, luminance, palettes

ROOT = Path(__file__).resolve().parents[3]
SHEET = ROOT / "static/css/figures.css"
SVG = "{http://www.w3.org/2000/svg}"
SCHEMES = ("light", "dark")
ORDERED, ANY = [f"l{n}" for n in range(1, 6)], [f"c{n}" for n in range(1, 6)]


def drawn(chart: Chart) -> ElementTree.Element:
    """The figure as the browser reads it."""
    markup = render_to_string("components/chart.html", {"chart": chart})
    assert "style=" not in markup
    return html5lib.parseFragment(markup, namespaceHTMLElements=False).find("figure")


def boxes(chart: Chart) -> list[tuple[float, float]]:
    """Start and width of every bar."""
    pieces = [piece for row in chart.rows for bar in row.bars for piece in bar.segments]
    return [(float(piece.x[:-1]), float(piece.width[:-1])) for piece in pieces]


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def of_options() -> Chart:
    return bars("Question", ["Yes", "No", "Maybe"], [50, 25, None], key="q1", base=100)


def of_scale() -> Chart:
    series = [Series("Bad", [10, None]), Series("So so", [20, None]), Series("Good", [70, None])]
    return stacked("Scale", ["Muscat", "Al Wusta"], series, key="q2", bases=[100, None], ordered=True)


def of_months(values=(60, None, 80, 90)) -> Chart:
    months = ["January", "February", "March", "April"]
    return lines("Kept", months, [Series("Replies", values)], key="q3", unit="%", highest=100)


def of_groups() -> Chart:
    series = [Series("Women", [10, 30]), Series("Men", [None, 20])]
    return grouped("By gender", ["Yes", "No"], series, key="q4", bases=[40, 50])


CHARTS = [of_options, of_scale, of_months, of_groups]


@pytest.mark.parametrize("make", CHARTS)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_chart_has_a_title_words_and_its_table(make, language):
    with override(language):
        chart = make()
        figure = drawn(chart)
    ids = {element.get("id"): element for element in figure.iter() if element.get("id")}
    images = [element for element in figure.iter() if element.get("role") == "img"]
    assert len(images) == 1
    named = [text_of(ids[name]) for name in images[0].get("aria-labelledby").split()]
    assert named == [chart.title, chart.summary]
    assert text_of(figure.find("figcaption")) == chart.title
    table = figure.find(".//details//table")
    assert text_of(table.find("caption")) == chart.title
    assert all(head.get("scope") == "col" for head in table.findall("thead//th"))
    assert all(head.get("scope") == "row" for head in table.findall("tbody//th"))
    assert all(cell.get("class") == "number" for cell in table.iter("td"))


@pytest.mark.parametrize("make", CHARTS)
def test_every_picture_outside_the_image_is_hidden_or_named(make):
    with override("en"):
        figure = drawn(make())
    image = next(element for element in figure.iter() if element.get("role") == "img")
    inside = set(image.iter())
    legend = figure.find("ul")
    inside |= set(legend.iter()) if legend is not None else set()
    assert legend is None or legend.get("aria-hidden") == "true"
    pictures = list(figure.iter(f"{SVG}svg"))
    assert pictures
    assert all(svg in inside or svg.get("aria-hidden") == "true" for svg in pictures)


@pytest.mark.parametrize("make", [of_options, of_scale, of_groups])
def test_bars_grow_from_the_reading_start(make):
    with override("en"):
        english = boxes(make())
    with override("ar"):
        arabic = boxes(make())
    assert english[0][0] == 0
    assert [(round(100 - x - width, 2), width) for x, width in english] == arabic


def test_the_time_line_begins_on_the_right_in_arabic():
    with override("en"):
        english = of_months().plot
    with override("ar"):
        arabic = of_months().plot

    def places(plot):
        return [float(dot.x[:-1]) for line in plot.lines for dot in line.dots]

    assert places(english) == [0, 66.67, 100]
    assert places(arabic) == [round(100 - x, 2) for x in places(english)]
    assert [tick.anchor for tick in english.columns] == [tick.anchor for tick in arabic.columns]
    assert english.columns[0].at == "0.00%"
    assert arabic.columns[0].at == "100.00%"


def test_a_share_is_of_those_who_answered():
    with override("en"):
        chart = of_options()
    assert boxes(chart)[:2] == [(0, 50), (0, 25)]
    assert [row.bars[0].value for row in chart.rows] == ["50.0%", "25.0%", "withheld"]
    assert chart.table.rows[0] == ("Yes", ("50", "50.0%"))


def test_what_is_withheld_is_hatched_and_says_so():
    with override("en"):
        figure = drawn(of_options())
    assert len(figure.findall(f".//div[@class='chart-row']//{SVG}rect[@class='withheld']")) == 1
    assert text_of(figure.findall(".//tbody/tr")[2]) == "Maybewithheldwithheld"
    assert "too small to be shown" in text_of(figure)
    assert "1 number is withheld." in of_summary(of_options)


def of_summary(make) -> str:
    with override("en"):
        return make().summary


def test_nothing_is_said_of_withholding_where_nothing_is_withheld():
    with override("en"):
        chart = bars("Question", ["Yes", "No"], [5, 5], key="q", base=10)
        assert "withheld" not in text_of(drawn(chart)).lower()


def test_the_words_name_the_main_facts():
    assert of_summary(of_options).startswith("Largest: Yes, 50.0% (50). Smallest: No, 25.0% (25).")
    assert of_summary(of_scale).startswith("Muscat: most often Good, 70.0% (70).")
    assert of_summary(of_months).startswith("Replies: from 60% (January) to 90% (April), at most 90% (April).")
    assert of_summary(of_groups).startswith("Women: largest No, 75.0% (30). Men: largest No, 40.0% (20).")


def test_a_group_of_unknown_size_is_withheld_as_a_whole():
    with override("en"):
        chart = of_scale()
    assert [piece.ink for piece in chart.rows[1].bars[0].segments] == [None]
    assert chart.rows[1].note == "withheld"


def test_what_is_withheld_of_a_stack_fills_its_rest():
    with override("en"):
        series = [Series("Bad", [None]), Series("So so", [20]), Series("Good", [None])]
        chart = stacked("Scale", ["Muscat"], series, key="q", bases=[80])
    assert boxes(chart) == [(0, 25), (25, 75)]
    assert chart.rows[0].bars[0].segments[1].ink is None


def test_a_line_breaks_where_a_month_is_withheld():
    with override("en"):
        plot = of_months().plot
    assert len(plot.lines[0].dots) == 3
    assert len(plot.lines[0].pieces) == 1
    assert [(piece.x, piece.width) for piece in plot.gaps] == [("16.67%", "33.33%")]
    assert not plot.holes


def test_a_month_withheld_of_one_line_is_marked_at_the_foot():
    with override("en"):
        series = [Series("Replies", [1, None, 3]), Series("Resolutions", [3, 2, 1])]
        plot = lines("Kept", ["a", "b", "c"], series, key="q").plot
    assert len(plot.holes) == 1
    assert not plot.gaps


def test_a_chart_without_figures_can_be_drawn():
    with override("en"):
        for chart in (
            bars("Question", [], [], key="q"),
            bars("Question", ["Yes"], [None], key="q", base=0),
            bars("Question", ["Yes"], [0], key="q", base=0),
            lines("Kept", ["January"], [Series("Replies", [None])], key="q"),
            stacked("Scale", ["Muscat"], [Series("Bad", [0])], key="q"),
        ):
            assert drawn(chart) is not None
        assert bars("Question", [], [], key="q").summary == "There are no figures."


def test_it_refuses_more_series_than_people_tell_apart():
    series = [Series(str(n), [1]) for n in range(6)]
    for make in (grouped, lines):
        with pytest.raises(ValueError, match="6 series"):
            make("Many", ["one"], series, key="q")


def test_labels_are_escaped():
    with override("en"):
        figure = drawn(bars("<b>Title</b>", ["<script>"], [1], key="q"))
    assert figure.find(".//script") is None
    assert "<script>" in text_of(figure)


@given(st.floats(0.01, 1e7), st.booleans())
def test_an_axis_ends_on_a_round_number_at_or_above_the_largest(largest, rtl):
    top = marks.nice_top(largest)
    assert largest * 0.999 <= top <= largest * 2.01
    steps = marks.ticks(top)
    assert steps[0] == 0
    assert steps[-1] == pytest.approx(top)
    assert len({round(b - a, 9) for a, b in pairwise(steps)}) <= 2 or top < 1
    assert 0 <= marks.position(3, 7, rtl=rtl) <= 100


@given(st.integers(1, 400), st.integers(2, 9))
def test_labels_below_a_time_line_reach_from_first_to_last(count, most):
    chosen = marks.chosen_labels(count, most)
    assert chosen[0] == 0
    assert chosen[-1] == count - 1
    assert len(chosen) <= max(most, 1)


def test_neighbours_differ_by_more_than_their_colour():
    for one, other in pairwise(marks.inks(10)):
        assert one.is_textured != other.is_textured
    assert len(set(marks.inks(10))) == 10
    worse, better = marks.inks(5, ordered=True)[:2], marks.inks(5, ordered=True)[2:]
    assert all(ink.is_textured for ink in worse)
    assert not any(ink.is_textured for ink in better)


def colours() -> dict[str, dict[str, str]]:
    """The inks of each scheme."""
    css = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\.([cl]\d) \{ color: (#[0-9a-f]{6}); \}", css)
    on = re.findall(r"--on-ink: (#[0-9a-f]{6})", css)
    assert (len(found), len(on)) == (20, 2)
    public = palettes(ROOT / "static/css/portal.css")
    return {
        scheme: {**public[scheme], **dict(found[10 * n : 10 * n + 10]), "on-ink": on[n]}
        for n, scheme in enumerate(SCHEMES)
    }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_inks_stand_out_and_can_be_written_upon(scheme):
    palette = colours()[scheme]
    weak = {
        f"{ink} {ground}": round(contrast(palette[ink], palette[ground]), 2)
        for ink in ORDERED + ANY
        for ground, least in (("bg", 3), ("surface", 3), ("on-ink", 4.5))
        if contrast(palette[ink], palette[ground]) < least
    }
    assert not weak


# Machado, Oliveira and Fernandes 2009: how colours look without one of the three kinds of cones.
SIGHTS = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TELLABLE = 15
"""CIELAB distance that patches of colour have when nobody confuses them."""


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    seen = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in SIGHTS[sight]]
    whole = (
        (0.4124, 0.3576, 0.1805, 0.9505),
        (0.2126, 0.7152, 0.0722, 1),
        (0.0193, 0.1192, 0.9505, 1.089),
    )
    x, y, z = (sum(a * b for a, b in zip(row, seen, strict=False)) / row[3] for row in whole)
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_inks_are_told_apart_by_the_colour_blind(scheme, sight):
    palette = colours()[scheme]
    for group in (ANY, ORDERED):
        for one, other in combinations(group, 2):
            a, b = lab(palette[one], sight), lab(palette[other], sight)
            assert sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5 > TELLABLE, (one, other)


def test_the_poles_of_a_scale_are_its_strongest_colours():
    for scheme, sign in (("light", 1), ("dark", -1)):
        palette = colours()[scheme]
        strength = {ink: sign * luminance(palette[ink]) for ink in ORDERED}
        assert max(strength["l1"], strength["l5"]) < min(strength["l2"], strength["l4"])


def test_the_sheet_keeps_the_rules_of_the_house():
    css = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert SHEET.stat().st_size <= 4_000
    assert not re.findall(r"[^\n]*\b(?:left|right)\b[^\n]*", css)
    assert not re.search(r"font-style:\s*italic|letter-spacing|text-transform|url\(", css)
    assert css.count("{") == css.count("}")
    assert "forced-colors: active" in css
    assert "@media print" in css
