"""Each awkward file ends in the right data or in a clear message."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt

from opendata.reading.report import Report
from tests.opendata.reading.corpus import ARABIC, corpus
from tests.opendata.reading.looking import codes, lines, read_bytes, rows

FILES = corpus()
GOVERNORATES = [
    (cells[0], cells[1], int(cells[2]), int(cells[3]), cells[4])
    for cells in (line.split(",") for line in ARABIC.splitlines()[1:])
]
AMOUNTS = [(1, "alpha", Decimal("10.50")), (2, "beta", Decimal("20.25")), (3, "gamma", Decimal("30.00"))]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("windows-1256.csv", "windows-1256"),
        ("iso-8859-6.csv", "iso-8859-6"),
        ("cp864.csv", "cp864"),
        ("utf-16-le-bom.csv", "utf-16-le"),
        ("utf-16-be-bom.csv", "utf-16-be"),
        ("utf-16-le.csv", "utf-16-le"),
        ("utf-8-bom.csv", "utf-8"),
        ("utf-8.csv", "utf-8"),
    ],
)
def test_arabic_is_read_whatever_the_encoding(name: str, encoding: str, tmp_path: Path):
    report = read_bytes(FILES[name], tmp_path)
    assert report.encoding == encoding
    assert [column.title for column in report.columns] == ARABIC.splitlines()[0].split(",")
    assert rows(tmp_path) == GOVERNORATES


@pytest.mark.parametrize("name", ["semicolons.csv", "tabs.tsv", "pipes.txt", "old-mac.csv"])
def test_cells_are_found_whatever_separates_them(name: str, tmp_path: Path):
    read_bytes(FILES[name], tmp_path)
    assert rows(tmp_path) == AMOUNTS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.csv", "empty_file"),
        ("blanks.csv", "empty_file"),
        ("header-only.csv", "no_data_rows"),
        ("program.csv", "executable"),
        ("elf.csv", "executable"),
        ("random.csv", "not_text"),
        ("document.xlsx", "pdf"),
        ("picture.csv", "image"),
        ("page.xls", "html"),
        ("xml.xls", "unsupported"),
        ("table.parquet", "unsupported"),
        ("bomb.xlsx", "zip_bomb"),
        ("liar.xlsx", "damaged"),
        ("truncated.xlsx", "damaged"),
        ("truncated.xls", "damaged"),
        ("circle.xls", "damaged"),
        ("encrypted.xlsx", "password"),
        ("5000-columns.csv", "too_many_columns"),
        ("mixed-encoding.csv", "bytes_not_in_encoding"),
        ("cut-utf8.csv", "bytes_not_in_encoding"),
        ("long-rows.csv", "long_row"),
        ("bad-quote.csv", "bad_quote"),
        ("cut.json", "json_broken"),
        ("scalars.json", "json_not_table"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_reason(name: str, code: str, tmp_path: Path):
    report = read_bytes(FILES[name], tmp_path)
    assert code in codes(report, "stops")
    assert not report.readable
    assert not (tmp_path / "read" / "table.parquet").exists()
    assert Report.from_json((tmp_path / "read" / "report.json").read_text()) == report


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_ends_in_data_or_a_message(name: str, tmp_path: Path):
    report = read_bytes(FILES[name], tmp_path)
    written = (tmp_path / "read" / "table.parquet").exists()
    assert written == report.readable
    if written:
        assert len(rows(tmp_path)) == report.rows > 0
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == sorted(
        ["problems.csv", "report.json", *(["table.parquet"] if written else [])]
    )


def test_newlines_and_quotes_inside_cells_are_kept(tmp_path: Path):
    read_bytes(FILES["newlines.csv"], tmp_path)
    assert rows(tmp_path) == [(1, 'first\r\nsecond, with "quotes"'), (2, "a\nb\rc"), (3, "plain")]


def test_short_rows_are_filled_and_told_with_their_lines(tmp_path: Path):
    report = read_bytes(FILES["short-rows.csv"], tmp_path)
    assert lines(report, "short_rows") == [3, 4]
    assert rows(tmp_path) == [(1, 2, 3), (4, 5, None), (6, None, None), (7, 8, 9)]


def test_long_rows_stop_with_their_lines_unless_the_extra_cells_are_empty(tmp_path: Path):
    assert lines(read_bytes(FILES["long-rows.csv"], tmp_path), "long_row") == [3, 5]


def test_a_broken_byte_stops_with_its_line(tmp_path: Path):
    assert lines(read_bytes(FILES["mixed-encoding.csv"], tmp_path), "bytes_not_in_encoding") == [6]


def test_blank_lines_are_left_out_and_told(tmp_path: Path):
    report = read_bytes(FILES["blank-lines.csv"], tmp_path)
    assert lines(report, "blank_rows") == [2, 4, 5, 7, 8]
    assert rows(tmp_path) == [(1, 2), (3, 4)]


def test_nul_is_removed_and_told(tmp_path: Path):
    report = read_bytes(FILES["nul.csv"], tmp_path)
    assert lines(report, "nul_removed") == [2]
    assert rows(tmp_path) == [(1, "xy"), (2, "z")]


def test_quotes_that_quote_nothing_are_kept_and_asked_about(tmp_path: Path):
    report = read_bytes(FILES["unclosed-quote.csv"], tmp_path)
    assert "quotes_kept" in codes(report, "asks")
    assert rows(tmp_path) == [(1, '"x'), (2, "y"), (3, "z")]


def test_a_quote_opened_and_never_closed_in_a_quoted_file_stops(tmp_path: Path):
    good = "".join(f'{number},"text {number}"\n' for number in range(20))
    report = read_bytes(f'id,text\n{good}99,"open\n100,"x"\n', tmp_path)
    assert codes(report, "stops") & {"unclosed_quote", "bad_quote"}


def test_merged_headers_are_joined_and_the_title_is_told(tmp_path: Path):
    report = read_bytes(FILES["merged.xlsx"], tmp_path)
    assert [column.title for column in report.columns] == [
        "Governorate",
        "Population / Male",
        "Population / Female",
        "Area",
    ]
    assert lines(report, "title_lines") == [1]
    assert rows(tmp_path)[0] == ("مسقط", 100, 90, Decimal("3500.5"))


def test_the_first_sheet_with_content_is_taken_and_another_can_be_chosen(tmp_path: Path):
    report = read_bytes(FILES["sheets.xlsx"], tmp_path)
    assert report.sheet == "2023"
    assert [(one.name, one.rows) for one in report.sheets] == [("فارغة", 0), ("2023", 3), ("2024", 3), ("secret", 3)]
    assert {"other_sheets", "hidden_sheet"} <= codes(report, "asks")
    assert read_bytes(FILES["sheets.xlsx"], tmp_path, sheet="2024").sheet == "2024"
    assert rows(tmp_path) == [("a", 2024), ("b", 2025)]
    assert "sheet_missing" in codes(read_bytes(FILES["sheets.xlsx"], tmp_path, sheet="no"), "stops")


def test_errors_and_formulas_without_value_are_listed(tmp_path: Path):
    report = read_bytes(FILES["formulas.xlsx"], tmp_path)
    assert lines(report, "error_value") == [8]
    assert lines(report, "formula_without_value") == [6]
    assert rows(tmp_path)[6] == ("item 7", 7, "#DIV/0!")


def test_errors_in_old_excel_are_not_taken_for_empty_cells(tmp_path: Path):
    report = read_bytes(FILES["error.xls"], tmp_path, sheet="second")
    assert lines(report, "error_value") == [6]
    assert rows(tmp_path)[-1] == ("r5", "#REF!")


def test_old_excel_and_open_document_are_read(tmp_path: Path):
    read_bytes(FILES["old.xls"], tmp_path)
    assert rows(tmp_path)[0] == ("مسقط", 10, datetime.date(2024, 1, 15))
    report = read_bytes(FILES["open.ods"], tmp_path)
    assert report.kind == "ods"
    assert rows(tmp_path) == [("مسقط", Decimal("12.5")), ("ظفار", Decimal("7.0"))]


def test_json_and_geojson_become_tables(tmp_path: Path):
    assert read_bytes(FILES["records.json"], tmp_path).kind == "json"
    assert rows(tmp_path) == [(Decimal("1.0"), "نص", None), (Decimal("2.5"), None, True)]
    assert read_bytes(FILES["places.geojson"], tmp_path).kind == "geojson"
    assert rows(tmp_path)[0] == ("مدرسة 1", 10, Decimal("59.5"), Decimal("23.25"))


@pytest.mark.parametrize("text", ["[ID],[Name]\n1,a\n2,b\n", "{3F25-A},1\n{3F25-B},2\n"])
def test_text_that_begins_with_a_bracket_is_no_json(text: str, tmp_path: Path):
    assert read_bytes(text, tmp_path, header_rows=1).kind == "csv"


@pytest.mark.parametrize("text", ['[{name: "x"}]', "{name: 1}", "[1, 2]", '["a"]', "[5]", "[[1]]"])
def test_json_that_is_no_table_is_still_called_json(text: str, tmp_path: Path):
    assert codes(read_bytes(text, tmp_path), "stops") <= {"json_broken", "json_not_table"}


def test_what_a_feature_holds_beside_its_properties_is_told(tmp_path: Path):
    feature = {"type": "Feature", "id": "f1", "properties": {"id": 7}, "geometry": None, "source": "a survey"}
    report = read_bytes(json.dumps({"type": "FeatureCollection", "features": [feature]}), tmp_path)
    assert [one.name for one in report.columns] == ["feature_id", "id"]
    (told,) = [one for one in report.problems if one.code == "feature_members"]
    assert told.params == {"keys": ["source"]}


def test_hidden_rows_and_columns_of_old_excel_and_open_document_are_asked_about(tmp_path: Path):
    book = xlwt.Workbook()
    page = book.add_sheet("a")
    for row in range(4):
        for column in range(3):
            page.write(row, column, row * column if row else f"h{column}")
    page.row(2).hidden = page.col(1).hidden = 1
    out = io.BytesIO()
    book.save(out)
    asked = read_bytes(out.getvalue(), tmp_path)
    assert {"hidden_rows", "hidden_columns"} <= codes(asked, "asks")
    assert not {"hidden_rows", "hidden_columns"} & codes(read_bytes(FILES["old.xls"], tmp_path))
    hidden = b'<table:table-column table:visibility="collapse" table:number-columns-repeated="1"/>'
    assert "hidden_columns" in codes(read_bytes(_ods_with(hidden), tmp_path), "asks")


def _ods_with(columns: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILES["open.ods"])) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "content.xml":
                content = re.sub(rb"(<table:table [^>]*>)", rb"\1" + columns, content, count=1)
            new.writestr(entry, content)
    return out.getvalue()


def test_the_publisher_overrides_the_encoding(tmp_path: Path):
    report = read_bytes(FILES["windows-1256.csv"], tmp_path, encoding="iso-8859-6")
    assert (report.encoding, report.encoding_reason) == ("iso-8859-6", "chosen")
    assert rows(tmp_path) != GOVERNORATES if report.readable else True
    assert report.encodings[0].name == "windows-1256"
    assert "مسقط,بوشر,302893,2023,أعلى كثافة سكانية في السلطنة" in report.encodings[0].sample_lines


def test_a_choice_that_does_not_exist_is_refused(tmp_path: Path):
    assert codes(read_bytes("a,b\n1,2\n", tmp_path, encoding="klingon")) == {"unknown_choice"}


def test_very_long_cells_are_read_and_endless_ones_refused(tmp_path: Path):
    long = 'نص "مقتبس" ' * 60_000
    quoted = long.replace('"', '""')
    read_bytes(f'a,b\n1,"{quoted}"\n2,x\n', tmp_path)
    assert rows(tmp_path) == [(1, long.strip()), (2, "x")]
    assert "cell_too_long" in codes(read_bytes(f'a,b\n1,"{"x" * 1_100_000}"\n', tmp_path), "stops")
