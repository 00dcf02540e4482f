"""Exports open in a spreadsheet as the texts and numbers they are."""

import csv
import gc
import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.figures import export
from portal.figures.export import csv_response, safe_cell, stream_csv, write_xlsx, xlsx_response

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    " =1+1",
    "\n=1+1",
    "\u00a0\u3000=1+1",
    "\u200f\u202b=1+1",
    "\ufeff=1+1",
    "'=1+1",
    '"=1+1',
    "\" ' =1+1",
    "«=1+1»",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(A1)",
    "=cmd|'/c calc'!A0",
    "+968 9123 4567",
    "+96891234567",
    "-5-5",
    "-",
    "=",
]
HARMLESS = [
    "نص",
    "a=b",
    "1-2",
    "salim@example.om",
    "'quoted'",
    "",
    " ",
    "-5",
    "-5.25",
    "-1,234.50",
    "-5 %",
    "-٥",
]
NUMBERS = [0, -5, -5.25, Decimal("-7.10"), 12, True, date(2026, 1, 31)]


def read_csv(*args: Any) -> list[list[str]]:
    data = b"".join(stream_csv(*args))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(*args: Any, **kwargs: Any) -> Any:
    with write_xlsx(*args, **kwargs) as file:
        return load_workbook(io.BytesIO(file.read()))


@pytest.mark.parametrize("text", FORMULAS)
def test_it_disarms_what_begins_like_a_formula(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert [cell[0][:2] for cell in read_csv([text], [[text]])] == ["'" + text[0]] * 2


@pytest.mark.parametrize("value", [*HARMLESS, *NUMBERS])
def test_it_leaves_texts_and_numbers_alone(value: Any) -> None:
    assert safe_cell(value) == value
    assert type(safe_cell(value)) is type(value)


def test_it_writes_nothing_for_what_is_not_there() -> None:
    assert [safe_cell(value) for value in (None, float("nan"), float("inf"))] == ["", "", ""]


@pytest.mark.parametrize("text", ["a;=1+1", 'a\n"=1+1', "a; @SUM(A1)", "a\n-cmd|'/c calc'!A0"])
def test_a_csv_cut_at_other_separators_still_has_no_formula(text: str) -> None:
    [[cell]] = read_csv([text], [])
    for line in cell.replace(";", "\n").splitlines():
        assert not line.strip(" \"'").startswith(("=", "@", "-")) or line.lstrip(' "').startswith("'")


def test_a_list_in_a_message_is_left_alone() -> None:
    text = "مطالبنا:\n- إنارة الشارع\n- رصف الطريق; - تشجير"
    assert read_csv([], [[text]])[1] == [text]


def test_csv_has_local_times_and_plain_numbers() -> None:
    row = [
        datetime(2026, 1, 31, 20, 30, tzinfo=UTC),
        date(2026, 1, 31),
        time(7, 30),
        True,
        -5,
        Decimal("1.50"),
        None,
    ]
    assert read_csv([gettext_lazy("Time")], [row])[1] == [
        "2026-02-01 00:30:00",
        "2026-01-31",
        "07:30:00",
        "true",
        "-5",
        "1.50",
        "",
    ]


def test_csv_quotes_texts_and_not_numbers() -> None:
    assert b"".join(stream_csv(["a"], [["x,y", -5]])).endswith(b'"a"\r\n"x,y",-5\r\n')


def test_csv_is_streamed_in_pieces() -> None:
    numbers = iter(range(100_000))
    pieces = stream_csv(["عنوان"], (["نص" * 10, number] for number in numbers))
    assert len(next(pieces)) < 4 * export.CHUNK_BYTES
    assert next(numbers) < 10_000


def test_xlsx_texts_are_never_formulas_links_or_numbers() -> None:
    texts = [*FORMULAS, "https://example.om", "0012", "{=1}"]
    sheet = read_xlsx(texts, [texts]).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) == 2 * len(texts)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    with write_xlsx(texts, [texts]) as file, ZipFile(file) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_xlsx_numbers_and_dates_are_typed() -> None:
    values = [
        -5,
        -5.25,
        Decimal("1.5"),
        True,
        datetime(2026, 1, 31, 20, 30, tzinfo=UTC),
        date(2026, 1, 31),
        time(7, 30),
    ]
    sheet = read_xlsx(["a"] * 7, [values]).active
    assert [cell.value for cell in sheet[2]] == [
        -5,
        -5.25,
        1.5,
        True,
        datetime(2026, 2, 1, 0, 30),
        datetime(2026, 1, 31),
        time(7, 30),
    ]


def test_xlsx_loses_no_digit_no_old_date_and_no_text() -> None:
    values = [12345678901234567890, date(1899, 12, 31), "ن" * 40_000, None, float("nan"), "a\x00\x08b\ud800"]
    cells = [cell.value for cell in read_xlsx(["a"] * 6, [values]).active[2]]
    assert cells[:2] == ["12345678901234567890", "1899-12-31"]
    assert len(cells[2]) == export.XLSX_TEXT
    assert cells[2].endswith("…")
    assert cells[3:] == [None, None, "ab"]


def test_xlsx_reads_from_the_right_when_asked() -> None:
    assert read_xlsx(["عنوان"], [], sheet_rtl=True).active.sheet_view.rightToLeft
    assert not read_xlsx(["Title"], []).active.sheet_view.rightToLeft


def test_xlsx_goes_on_to_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 4)
    book = read_xlsx(["n"], ([n] for n in range(7)))
    assert [[row[0].value for row in sheet.iter_rows()] for sheet in book] == [
        ["n", 0, 1, 2],
        ["n", 3, 4, 5],
        ["n", 6],
    ]


def test_xlsx_memory_does_not_grow_with_the_rows() -> None:
    tracemalloc.start()
    write_xlsx(["a", "b"], ((n, f"نص {n}") for n in range(20_000))).close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_failing_row_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[list[str]]:
        yield ["x"]
        raise LookupError

    with pytest.raises(LookupError):
        write_xlsx(["a"], rows())
    gc.collect()
    assert not list(tmp_path.iterdir())


@given(st.lists(st.text() | st.integers() | st.floats() | st.none(), max_size=4))
@settings(max_examples=50, deadline=None)
def test_nothing_makes_an_export_fail(row: list[Any]) -> None:
    read_csv(row, [row])
    read_xlsx(row, [row])


@pytest.mark.django_db  # a response that is closed looks after the connections of its request
@pytest.mark.parametrize("make", [csv_response, xlsx_response])
def test_downloads_carry_arabic_names_and_are_not_kept(make: Any) -> None:
    response: HttpResponse = make("الحالات المفتوحة.csv", ["a"], [["ب"]])
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%D8%A7")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert len(b"".join(response)) > 5
    response.close()


@pytest.mark.django_db
def test_content_types_are_those_of_the_formats() -> None:
    assert csv_response("a.csv", [], []).headers["Content-Type"] == "text/csv; charset=utf-8"
    response = xlsx_response("a.xlsx", [], [])
    assert response.headers["Content-Type"] == export.XLSX_TYPE
    response.close()
