"""Where the table begins and what its columns are called."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from opendata.reading.names import machine_names
from tests.opendata.reading.corpus import corpus, workbook
from tests.opendata.reading.looking import codes, lines, read_bytes, rows

FILES = corpus()


@pytest.mark.parametrize(
    ("text", "titles", "count"),
    [
        ("a,b\n1,2\n3,4\n", ["a", "b"], 1),
        ("1,2\n3,4\n5,6\n", ["", ""], 0),
        ("Gov,2021,2022\nx,5,6\ny,7,8\n", ["Gov", "2021", "2022"], 1),
        ("المحافظة,السكان,\n,ذكور,إناث\nمسقط,1,2\nظفار,3,4\n", ["المحافظة", "السكان / ذكور", "السكان / إناث"], 2),
        ("المحافظة,العدد\nGovernorate,Count\nمسقط,1\nظفار,2\n", ["المحافظة / Governorate", "العدد / Count"], 2),
        ("name,city\nAli,Muscat\nSara,Sohar\n", ["name", "city"], 1),
        ("k,v\na,N/A\nb,-\nc,5\nd,6\n", ["k", "v"], 1),
        ("k,v\na,unknown\nb,4\nc,5\nd,6\n", ["k", "v"], 1),
        ("year,count\n2020,5\n2021,6\n", ["year", "count"], 1),
        ("2020,2021\n5,6\n7,8\n", ["", ""], 0),
    ],
)
def test_rows_of_headers_are_told_from_data(text: str, titles: list[str], count: int, tmp_path: Path):
    report = read_bytes(text, tmp_path)
    assert ([one.title for one in report.columns], report.header_rows) == (titles, count)
    assert report.rows == len(text.splitlines()) - count


def test_title_lines_are_left_out_and_told(tmp_path: Path):
    report = read_bytes(FILES["title.csv"], tmp_path)
    assert lines(report, "title_lines") == [1, 2]
    assert {one.params["count"] for one in report.problems if one.code == "title_lines"} == {2}
    assert rows(tmp_path) == [("مسقط", 10), ("ظفار", 20)]


def test_a_file_without_headers_is_asked_about(tmp_path: Path):
    report = read_bytes(FILES["no-header.csv"], tmp_path)
    assert "no_header" in codes(report, "asks")
    assert [one.name for one in report.columns] == ["column_1", "column_2", "column_3"]
    assert report.rows == 3


def test_the_publisher_decides_how_many_rows_are_headers(tmp_path: Path):
    assert read_bytes("a,b\nc,d\ne,f\n", tmp_path, header_rows=0).rows == 3
    report = read_bytes("a,b\nc,d\ne,f\n", tmp_path, header_rows=2)
    assert ([one.title for one in report.columns], report.rows) == (["a / c", "b / d"], 1)


def test_repeated_and_empty_headers_get_names_of_their_own(tmp_path: Path):
    report = read_bytes(FILES["duplicate-headers.csv"], tmp_path)
    assert [one.name for one in report.columns] == ["name", "value", "value_2", "column_4", "name_2"]
    assert {"header_empty", "header_repeated"} <= codes(report, "tells")


def test_columns_without_header_and_content_are_left_out_and_told(tmp_path: Path):
    report = read_bytes("a,,b,\n1,,2,\n3,,4,\n", tmp_path)
    assert rows(tmp_path) == [(1, 2), (3, 4)]
    assert report.problem_counts["empty_column_left_out"] == 2
    assert report.sample == [["1", "2"], ["3", "4"]]


def test_totals_and_notes_are_asked_about_and_kept(tmp_path: Path):
    body = "".join(f"ولاية {number},5,6\n" for number in range(30))
    report = read_bytes(f"الولاية,أ,ب\n{body}المجموع,150,180\nالمصدر: تقديرات السكان,,\n", tmp_path)
    assert lines(report, "total_row") == [32]
    assert lines(report, "note_row") == [33]
    assert report.rows == 32


def test_merged_cells_among_the_rows_are_asked_about(tmp_path: Path):
    def fill(book: openpyxl.Workbook) -> None:
        page = book.active
        for cells in (["gov", "wilayat", "n"], ["مسقط", "بوشر", 1], [None, "السيب", 2], ["ظفار", "صلالة", 3]):
            page.append(cells)
        page.merge_cells("A2:A3")

    report = read_bytes(workbook(fill), tmp_path)
    assert lines(report, "merged_cells_in_data") == [2]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Name", "name", "NAME "], ["name", "name_2", "name_3"]),
        (["المحافظة", "السكان (2)", "عدد"], ["column_1", "column_2", "column_3"]),
        (["2024", "xml file", "_id", "a" * 200], ["c_2024", "c_xml_file", "id", "a" * 60]),
        (["Café №", "المحافظة / Governorate", "", "column_3"], ["cafe_no", "governorate", "column_3", "column_3_2"]),
    ],
)
def test_machine_names_are_plain_and_unique(titles: list[str], names: list[str]):
    assert machine_names(titles) == names
