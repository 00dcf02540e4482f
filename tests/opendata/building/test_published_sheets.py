"""The XLSX file: what a sheet can hold, it holds exactly; what it cannot, it holds as text or leaves to the others."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from opendata.building import sheets
from opendata.building.built import Note
from opendata.building.files import build
from opendata.building.schema import ColumnSpec, Schema


def test_a_sheet_holds_values_titles_and_dictionary(make_table: Any, tmp_path: Path):
    import datetime

    columns = {"n": "integer", "t": "text", "d": "DECIMAL(12, 3)", "b": "boolean", "day": "date", "at": "datetime"}
    row = (7, "=1+1", Decimal("1.5"), True, datetime.date(2024, 2, 29), datetime.datetime(2026, 11, 22, 14, 30))
    table, schema = make_table(columns, [row, (None,) * 6])
    build(table, schema, tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "data.xlsx")
    data, dictionary = book.worksheets
    assert data.freeze_panes == "A2"
    cells = [[cell.value for cell in line] for line in data]
    assert cells[0] == [f"عمود {name} / Column {name}" for name in columns]
    assert cells[1] == [7, "=1+1", 1.5, True, datetime.datetime(2024, 2, 29), row[5]]
    assert [cell.data_type for cell in data[2]] == ["n", "s", "n", "b", "d", "d"]
    assert data["C2"].number_format == "0.000"
    assert [cell.value for cell in dictionary["A"]][1:] == list(columns)
    assert dictionary["C2"].value == "عمود n"


def test_awkward_texts_stay_as_they_are(awkward: tuple[Path, Schema], tmp_path: Path):
    import duckdb
    from openpyxl.utils.escape import unescape

    table, schema = awkward
    files = {file.name: file for file in build(table, schema, tmp_path / "out")}
    sheet = openpyxl.load_workbook(tmp_path / "out" / "data.xlsx").worksheets[0]
    wanted = [row[0] for row in duckdb.connect().execute(f"SELECT name FROM '{table}'").fetchall()]
    found = [unescape(cell.value) if cell.value else None for cell in sheet["B"][1:]]
    assert found == [text or None for text in wanted]
    assert {cell.data_type for cell in sheet["B"][1:] if cell.value} == {"s"}
    assert not any(cell.hyperlink for line in sheet for cell in line)
    assert files["data.xlsx"].note == Note("xlsx_values_as_text", {"columns": ["id", "amount", "day", "moment"]})
    assert sheet["A3"].value == str(2**62 - 1)
    assert sheet["C2"].value == "12345678901234567890123456.000000000012"


def test_titles_that_are_alike_are_told_apart():
    same = {"title_ar": "السنة", "title_en": "Year"}
    schema = Schema((ColumnSpec("a", **same), ColumnSpec("b", **same), ColumnSpec("c"), ColumnSpec("d", title_en="D")))
    assert sheets.headings(schema) == ["السنة / Year (a)", "السنة / Year (b)", "c", "D"]


def test_a_table_that_does_not_fit_is_left_out_and_says_why(make_table: Any, tmp_path: Path, monkeypatch: Any):
    table, schema = make_table({"a": "text", "b": "integer"}, [("x" * 100, n) for n in range(20)])
    for limit, most, found in (("ROWS", 19, 20), ("COLUMNS", 1, 2), ("CELLS", 39, 40), ("CHARACTERS", 99, 100)):
        with monkeypatch.context() as patch:
            patch.setattr(sheets, f"MOST_{limit}", most)
            files = {file.name: file for file in build(table, schema, tmp_path / limit)}
        assert files["data.xlsx"].left_out
        assert not files["data.xlsx"].offered
        params = {"reason": limit.lower(), "found": found, "most": most}
        assert files["data.xlsx"].note == Note("xlsx_does_not_fit", params)
        assert not (tmp_path / limit / "data.xlsx").exists()


def test_arabic_texts_are_counted_in_letters_not_bytes(make_table: Any, tmp_path: Path):
    table, schema = make_table({"a": "text", "b": "text"}, [("ب" * 32_767, "x")])
    files = {file.name: file for file in build(table, schema, tmp_path / "out")}
    assert not files["data.xlsx"].left_out
    assert openpyxl.load_workbook(tmp_path / "out" / "data.xlsx").worksheets[0]["A2"].value == "ب" * 32_767
    table, schema = make_table({"a": "text", "b": "text"}, [("😀" * 16_384, "x")], name="second")
    files = {file.name: file for file in build(table, schema, tmp_path / "out2")}
    assert files["data.xlsx"].note == Note(
        "xlsx_does_not_fit", {"reason": "characters", "found": 32_768, "most": 32_767}
    )


def test_two_titles_that_make_one_header_do_not_lose_a_column(make_table: Any, tmp_path: Path):
    table, _schema = make_table({"a": "integer", "b": "integer", "c": "integer"}, [(1, 2, 3)])
    schema = Schema(
        (
            ColumnSpec("a", "integer", "", "X (b)"),
            ColumnSpec("b", "integer", "", "X"),
            ColumnSpec("c", "integer", "", "X"),
        )
    )
    build(table, schema, tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "data.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == [1, 2, 3]
