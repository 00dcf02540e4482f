"""The preview, the charts and the score of a version."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from opendata.catalogue import tables
from opendata.catalogue.charting import charts_of
from opendata.catalogue.columns import columns_of
from opendata.catalogue.models import Version
from opendata.catalogue.preview import Preview
from opendata.catalogue.quality import quality_of
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = pytest.mark.django_db
COLUMNS = [shown.column("name"), shown.column("size", "decimal"), shown.column("day", "date")]
ROWS = [["باء", "10", "2024-02-01"], ["ألف", "9.5", "2023-12-31"], ["Gamma", "", ""], ["ةاء", "-2", "2024-01-15"]]


def preview(query: str = "", version: Version | None = None) -> Preview:
    return Preview(version or shown.version(columns=COLUMNS, rows=ROWS), QueryDict(query))


def first_cells(found: Preview) -> list[str]:
    return [row[0] for row in found.page.object_list]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("size", ["ةاء", "ألف", "باء", "Gamma"]),
        ("-size", ["باء", "ألف", "ةاء", "Gamma"]),
        ("day", ["ألف", "ةاء", "باء", "Gamma"]),
        ("name", ["Gamma", "ألف", "باء", "ةاء"]),
        ("nonsense", ["باء", "ألف", "Gamma", "ةاء"]),
        ("", ["باء", "ألف", "Gamma", "ةاء"]),
    ],
)
def test_rows_are_sorted_by_what_they_mean_with_empty_ones_last(order, expected):
    assert first_cells(preview(f"sort={order}")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [("has=الف", ["ألف"]), ("has=2024", ["باء", "ةاء"]), ("has=2024&column=name", []), ("has=GAMMA", ["Gamma"]),
     ("has=هاء", ["ةاء"]), ("has=10&column=nonsense", ["باء"])],
)  # fmt: skip
def test_rows_are_filtered_as_the_search_compares_words(query, expected):
    assert first_cells(preview(query)) == expected


def test_a_column_is_sorted_upwards_then_downwards_and_says_so(in_english):
    found = preview("sort=size&has=2&rows=1")
    head = next(head for head in found.heads if head.column.name == "size")
    assert head.sorted == "ascending"
    assert head.url == "?has=2&sort=-size#preview"
    other = next(head for head in preview("sort=-size").heads if head.column.name == "size")
    assert (other.sorted, other.url) == ("descending", "?sort=size#preview")


def test_a_hundred_rows_come_in_pages_and_the_rest_in_the_files(client):
    rows = [[str(n), str(n), ""] for n in range(300)]
    version = shown.version(columns=COLUMNS, rows=rows)
    page = client.get(f"/en/data/{version.dataset.slug}/?rows=4").content.decode()
    assert "The first 100 rows of 300" in page
    assert "76–100" in page
    assert "<td><bdi>99</bdi></td>" in page
    assert "<td><bdi>100</bdi></td>" not in page
    assert "<title>" in page
    pages = [
        client.get(f"/en/data/{version.dataset.slug}/{query}") for query in ("", "?rows=2", "?sort=name", "?has=1")
    ]
    titles = {re.findall("<title>(.*?)</title>", one.content.decode())[0] for one in pages}
    assert len(titles) == 4


def test_markup_in_the_data_is_shown_and_not_run(client):
    rows = [["<script>alert(1)</script>", "1", ""], ["\u202eevil", "2", ""], ["x" * 900, "3", ""]]
    version = shown.version(columns=[shown.column("name", title_en="<b>evil"), *COLUMNS[1:]], rows=rows)
    page = client.get(f"/en/data/{version.dataset.slug}/?has=%3Cb%3E&sort=%22%3E").content.decode()
    assert "<script>alert" not in page
    assert "<b>evil" not in page
    assert "&lt;b&gt;evil" in page
    whole = client.get(f"/en/data/{version.dataset.slug}/").content.decode()
    assert "x" * 201 not in whole


def test_a_table_of_two_thousand_columns_stays_a_light_page(client):
    columns = [shown.column(f"c{n}", "integer") for n in range(2000)]
    version = shown.version(columns=columns, rows=[["1"] * 2000] * 30)
    page = client.get(f"/en/data/{version.dataset.slug}/").content.decode()
    assert len(page) < 250_000
    assert "1960 more columns are in the files" in page
    assert "1800 more columns are described in the" in page


def test_an_empty_table_says_why_there_is_nothing_to_see(client):
    version = shown.version(rows=[])
    page = client.get(f"/en/data/{version.dataset.slug}/").content.decode()
    assert "There is no preview" in page
    assert "There is no chart" in page


def titles(version: Version) -> list[str]:
    return [chart.title for chart in charts_of(version).charts]


def test_years_governorates_and_amounts_are_drawn_with_their_tables(in_english):
    rows = [[str(year), place, str(n)] for n, (year, place) in enumerate(
        (year, place) for year in range(2019, 2024) for place in ("Muscat", "Dhofar", "Musandam"))]  # fmt: skip
    version = shown.version(rows=rows)
    found = charts_of(version).charts
    assert [chart.kind for chart in found] == ["lines", "bars"]
    assert found[0].title == "“Population” added up, by “Year”"
    assert [label for label, _cells in found[0].table.rows] == ["2019", "2020", "2021", "2022", "2023"]
    assert found[0].table.rows[0][1] == ("3",)
    assert found[1].title == "“Population” in 2023, by “Governorate”"  # people of several years are not added up
    assert dict(found[1].table.rows) == {"Musandam": ("14",), "Dhofar": ("13",), "Muscat": ("12",)}


def test_shares_and_prices_are_averaged_and_the_chart_says_so(in_english):
    columns = [shown.column("item"), shown.column("price", "decimal", unit="OMR")]
    version = shown.version(columns=columns, rows=[["milk", "0.5"], ["milk", "0.7"], ["rice", "1.0"], ["rice", "1.2"]])
    [chart] = charts_of(version).charts
    assert chart.title == "“Price” on average, by “Item”"
    assert dict(chart.table.rows) == {"rice": ("1.1 OMR",), "milk": ("0.6 OMR",)}


def test_where_there_is_no_amount_rows_are_counted(in_english):
    columns = [shown.column("school"), shown.column("kind"), shown.column("latitude", "decimal")]
    rows = [[f"School {n}", "private" if n % 3 else "public", "23.5"] for n in range(9)]
    version = shown.version(columns=columns, rows=rows)
    assert titles(version) == ["Number of rows by “Kind”"]
    assert dict(charts_of(version).charts[0].table.rows) == {"private": ("6",), "public": ("3",)}


@pytest.mark.parametrize(
    ("columns", "rows", "why"),
    [
        ([shown.column("name")], [["a"], ["b"], ["c"]], "No column of this table says a time"),
        ([shown.column("year", "integer")], [["2020"]], "two rows or more"),
        ([shown.column("year", "integer"), shown.column("n", "integer")], [[str(n), "1"] for n in range(90)],
         "too many different values"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_drawn_it_says_why(in_english, columns, rows, why):
    found = charts_of(shown.version(columns=columns, rows=rows))
    assert not found.charts
    assert why in found.why_none


def test_a_large_table_is_drawn_from_all_of_its_rows(in_english):
    rng = random.Random(7)
    lines, sums, last = ["year,governorate,accidents,note"], {}, {}
    for n in range(3000):
        year, place, value = 2015 + n % 10, ["Muscat", "Dhofar"][n % 3 % 2], rng.randint(0, 50)
        lines.append(f"{year},{place},{value},{'x' if n % 4 else ''}")
        sums[str(year)] = sums.get(str(year), 0) + value
        last[place] = last.get(place, 0) + (value if year == 2024 else 0)
    version = making.published(data="\n".join(lines) + "\n")
    assert version.rows == 3000
    found = charts_of(version).charts
    assert found[0].kind == "lines"
    assert {label: int(cells[0].replace(",", "")) for label, cells in found[0].table.rows} == sums
    bars = {label: int(cells[0].replace(",", "")) for label, cells in found[1].table.rows}
    assert bars == last
    assert tables.empties(version) == [0, 0, 0, 750]
    assert charts_of(version).charts[0].table == found[0].table


def test_a_table_that_cannot_be_read_leaves_the_page_without_a_chart(client):
    version = shown.version(rows=[["2020", "Muscat", "1"]] * 300, query_sha256="a" * 64)
    assert tables.empties(version) is None
    page = client.get(f"/en/data/{version.dataset.slug}/").content.decode()
    assert "There is no chart" in page


def test_the_score_is_the_share_of_criteria_met(in_english):
    bare = [{"name": "a", "type": "text", "title_en": "A"}]
    dataset = shown.dataset(frequency="irregular", description_ar="قصير", description_en="Short")
    low = _quality(shown.version(dataset, columns=bare, rows=[["1"]], formats=("original",)))
    full = shown.dataset(
        frequency="yearly", description_ar="ا" * 120, description_en="a" * 120, methods_ar="طريقة",
        methods_en="How", covers_from=date(2024, 1, 1), covers_until=date(2024, 12, 31),
    )  # fmt: skip
    high = _quality(shown.version(full, key=["year"]))
    assert high.score == 100
    assert high.met == len(high.criteria) == 13
    assert low.score == round(100 * low.met / 13)
    assert low.score < 50
    assert all(one.is_met or one.advice for one in low.criteria)
    assert not any(one.advice for one in high.criteria)


def test_a_late_dataset_and_a_missing_file_cost_points(in_english):
    from opendata.catalogue.storage import store

    dataset = shown.dataset(frequency="monthly")
    version = shown.version(dataset, published_at=timezone.now() - timedelta(days=50))
    before = _quality(version)
    assert [one.title for one in before.criteria if "late" in one.found] == ["It is updated when promised"]
    assert "10 days late" in before.criteria[4].found
    store().path(version.files.first().sha256).unlink()
    assert _quality(version).met == before.met - 1


def _quality(version: Version):
    return quality_of(version.dataset, version, list(version.files.all()))


def test_the_score_is_explained_in_both_languages(client):
    version = shown.version()
    for language, words in (("en", "What would raise it:"), ("ar", "")):
        with translation.override(language):
            page = client.get(f"/{language}/data/{version.dataset.slug}/").content.decode()
        assert words in page
        assert page.count('<span class="chip success">') + page.count('<span class="chip warning">') >= 13


def large(**fields) -> Version:
    """A version whose table is not whole in its preview; its file for queries is `query_sha256`."""
    return shown.version(columns=COLUMNS, rows=ROWS, **{"preview": ROWS[:1], **fields})


def test_a_table_that_could_not_be_read_is_not_read_again_at_once(monkeypatch):
    hashed, _size = shown.kept(b"this is no database")
    version, asked = large(query_sha256=hashed), []
    ran = tables._run
    monkeypatch.setattr(tables, "_run", lambda *args: asked.append(args) or ran(*args))
    assert tables.empties(version) is None
    assert tables.empties(version) is None
    assert len(asked) == 1


def test_what_one_visitor_waits_for_no_other_waits_for(monkeypatch):
    version, asked = large(query_sha256=shown.kept(b"asked by two")[0]), []

    def run(*args):
        asked.append(tables.empties(version))  # another one opens the page meanwhile
        return [[0, 0, 1]]

    monkeypatch.setattr(tables, "_run", run)
    assert tables.empties(version) == [0, 0, 1]
    assert asked == [None]
    assert tables.empties(version) == [0, 0, 1]


def test_a_type_is_called_the_same_wherever_it_stands(in_english):
    assert columns_of(large())[1].type_label == "Number with decimals"


@pytest.mark.parametrize("cell", ["9" * 1000, "1.5E", "Infinity", "NaN", "1E+5000"])
def test_a_number_that_is_cut_off_draws_no_chart(cell):
    version = shown.version(rows=[["2023", "Muscat", cell], ["2024", "Muscat", "7"]])
    assert tables.grouped(version, ["year"], "population", mean=False, most=10) is None
    charts_of(version)
