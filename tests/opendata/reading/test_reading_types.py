"""A column gets a type only when every value fits, and values never change."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.opendata.reading.corpus import sheet
from tests.opendata.reading.looking import codes, lines, read_bytes, rows


def column(values: list[str], folder: Path, title: str = "x", **choices: Any) -> tuple[str, list[Any], set[str]]:
    """The type, the values and the problem codes of a column, read beside another one."""
    text = "k\t" + title + "\n" + "".join(f"row\t{value}\n" for value in values)
    report = read_bytes(text, folder, delimiter="\t", header_rows=1, **choices)
    found = [row[1] for row in rows(folder)] if report.readable else []
    return report.columns[1].type, found, codes(report)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["1", "-20", "300"], "integer", [1, -20, 300]),
        (["١٢٣", "٤٥"], "integer", [123, 45]),
        (["۱۲۳", "۴۵"], "integer", [123, 45]),
        (["١٢٫٥", "٣"], "decimal", [Decimal("12.5"), Decimal("3.0")]),
        (["١٬٢٣٤٬٥٦٧٫٢٥", "٣"], "decimal", [Decimal("1234567.25"), Decimal("3.00")]),
        (["1,234,567", "22"], "integer", [1234567, 22]),
        (["1.234,5", "22"], "decimal", [Decimal("1234.5"), Decimal("22.0")]),
        (["12,5", "3,25"], "decimal", [Decimal("12.50"), Decimal("3.25")]),
        (["12.5%", "٪٣", "7 %"], "decimal", [Decimal("12.5"), Decimal("3.0"), Decimal("7.0")]),
        (["0.1000000000000000055", "2"], "decimal", [Decimal("0.1000000000000000055"), Decimal(2)]),
        (["1.5E+3", "2.25e-2"], "decimal", [1500.0, 0.0225]),
        (["نعم", "لا", "نعم"], "boolean", [True, False, True]),
        (["Yes", "NO", "yes"], "boolean", [True, False, True]),
        (["31/01/2024", "1/2/2024"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]),
        (["٣١/٠١/٢٠٢٤", "١/٢/٢٠٢٤"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]),
        (["۳۱-۰۱-۲۰۲۴", "۱-۲-۲۰۲۴"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]),
        (["2024-01-31", "2024/2/1"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]),
        (["31 يناير 2024", "١ كانون الثاني ٢٠٢٤"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 1, 1)]),
        (["31-Jan-2024", "1 February 2024"], "date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]),
        (
            ["2024-01-31 10:30", "2024-02-01T23:59:59"],
            "datetime",
            [datetime.datetime(2024, 1, 31, 10, 30), datetime.datetime(2024, 2, 1, 23, 59, 59)],
        ),
        (
            ["31/01/2024 01:30 PM", "01/02/2024 1:05 ص"],
            "datetime",
            [datetime.datetime(2024, 1, 31, 13, 30), datetime.datetime(2024, 2, 1, 1, 5)],
        ),
    ],
)
def test_values_are_read_as_they_are_meant(values: list[str], kind: str, expected: list[Any], tmp_path: Path):
    assert column(values, tmp_path)[:2] == (kind, expected)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["007", "012", "113"], "leading_zeros"),
        (["1234567890123456", "2"], "long_numbers"),
        (["1445-09-01", "1446/01/15"], "hijri_dates"),
        (["1 رمضان 1445", "15 محرم 1446 هـ"], "hijri_dates"),
        (["01/02/24", "03/04/24"], "two_digit_years"),
        (["2024-01-01T10:00:00Z", "2024-01-01T10:00:00+04:00"], "times_with_zone"),
    ],
)
def test_what_would_change_stays_text_and_is_explained(values: list[str], code: str, tmp_path: Path):
    kind, found, problems = column(values, tmp_path)
    assert (kind, found) == ("text", values)
    assert code in problems


@pytest.mark.parametrize(
    "values",
    [
        ["+96891234567", "1"],
        ["30/02/2024", "31/04/2024"],
        ["12E4", "13E5"],
        ["1_000", "2"],
        ["1 000", "2"],
        ["0x10", "1"],
        ["inf", "nan2"],
        ["yes", "maybe"],
        ["1,23,4", "5"],
    ],
)
def test_what_only_resembles_a_type_stays_text(values: list[str], tmp_path: Path):
    assert column(values, tmp_path)[:2] == ("text", values)


def test_almost_all_values_fitting_asks_with_the_lines_that_do_not(tmp_path: Path):
    values = [str(number) for number in range(100)]
    values[40] = "about 40"
    text = "k,x\n" + "".join(f"r,{value}\n" for value in values)
    report = read_bytes(text, tmp_path)
    assert report.columns[1].type == "text"
    assert lines(report, "value_does_not_fit") == [42]
    assert [row[1] for row in rows(tmp_path)] == values


def test_marks_of_emptiness_are_emptied_in_typed_columns_and_kept_in_text(tmp_path: Path):
    report = read_bytes("a,b\n1,x\n-,-\nغير متوفر,N/A\n4,y\n", tmp_path)
    assert rows(tmp_path) == [(1, "x"), (None, "-"), (None, "N/A"), (4, "y")]
    told = {
        (one.column, one.value, one.params["made_empty"]) for one in report.problems if one.code == "stands_for_empty"
    }
    assert told == {(0, "-", True), (0, "غير متوفر", True), (1, "-", False), (1, "N/A", False)}


def test_month_first_is_read_only_when_day_first_is_impossible_and_asked_about(tmp_path: Path):
    kind, found, problems = column(["01/31/2024", "02/01/2024"], tmp_path)
    assert (kind, found) == ("date", [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)])
    assert "month_first" in problems


def test_dates_of_either_order_are_asked_about_and_can_be_chosen(tmp_path: Path):
    months = "month,n\n" + "".join(f"{month}/1/2026,{month}\n" for month in range(1, 13))
    report = read_bytes(months, tmp_path)
    assert "date_order_unsure" in codes(report, "asks")
    assert report.columns[0].greatest == "2026-01-12"
    chosen = read_bytes(months, tmp_path, date_order="month")
    assert (chosen.columns[0].least, chosen.columns[0].greatest) == ("2026-01-01", "2026-12-01")
    assert codes(chosen) == set()
    assert codes(read_bytes(months, tmp_path, date_order="day")) == set()
    kind, found, _ = column(["25/12/2026", "26/12/2026"], tmp_path, date_order="month")
    assert (kind, found[0]) == ("date", datetime.date(2026, 12, 25))


def test_a_comma_before_three_digits_is_asked_about_and_can_be_chosen(tmp_path: Path):
    kind, found, problems = column(["1,234", "5,678"], tmp_path)
    assert (kind, found) == ("integer", [1234, 5678])
    assert "comma_meaning" in problems
    kind, found, problems = column(["1,234", "5,678"], tmp_path, decimal=",")
    assert (kind, found) == ("decimal", [Decimal("1.234"), Decimal("5.678")])
    assert "comma_meaning" not in problems


def test_the_publisher_chooses_text_or_converts_serial_dates(tmp_path: Path):
    assert column(["1", "2"], tmp_path, types={"x": "text"})[:2] == ("text", ["1", "2"])
    assert "excel_serials" in column(["45292", "45293"], tmp_path, title="date")[2]
    kind, found, _ = column(["45292", "45293"], tmp_path, title="date", types={"date": "date"})
    assert (kind, found) == ("date", [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)])


def test_a_chosen_type_that_does_not_fit_is_asked_about_with_the_lines(tmp_path: Path):
    report = read_bytes("k,x\na,1\nb,two\nc,3\n", tmp_path, types={"x": "integer"})
    assert lines(report, "type_does_not_fit") == [3]
    assert (report.readable, report.columns[1].type) == (True, "text")
    report = read_bytes("k,x\na,1000000\nb,2000000\n", tmp_path, types={"x": "date"})
    assert (codes(report, "asks"), report.columns[1].type) == ({"type_does_not_fit"}, "integer")


def test_a_type_for_a_column_that_is_not_there_is_asked_about(tmp_path: Path):
    report = read_bytes("k,x\na,1\n", tmp_path, types={"gone": "text"})
    assert report.readable
    assert codes(report, "asks") == {"type_for_no_column"}


def test_sheet_cells_keep_dates_numbers_and_codes(tmp_path: Path):
    day = datetime.date(2024, 5, 1)
    moment = datetime.datetime(2024, 5, 1, 10, 30)
    content = sheet(
        [["code", "n", "f", "day", "at", "ok"], ["007", 5, 0.1, day, moment, True], ["x", 6, 2, day, moment, False]]
    )
    report = read_bytes(content, tmp_path)
    assert [one.type for one in report.columns] == ["text", "integer", "decimal", "date", "datetime", "boolean"]
    assert rows(tmp_path)[0] == ("007", 5, Decimal("0.1"), day, moment, True)


def test_blanks_and_marks_at_the_ends_of_cells_are_removed_and_told(tmp_path: Path):
    report = read_bytes("a,b\n \u200f1\u200f , \u0640نص\u0640\u00a0\n2,in  side\n", tmp_path)
    assert rows(tmp_path) == [(1, "نص"), (2, "in  side")]
    assert lines(report, "cells_trimmed") == [2]


def test_columns_are_described(tmp_path: Path):
    report = read_bytes("المحافظة,Total (OMR),السنة 2024\nمسقط,5,1\nظفار,,2\nمسقط,7,3\n", tmp_path)
    first, second, third = report.columns
    assert [one.name for one in report.columns] == ["column_1", "total_omr", "column_3"]
    assert (first.distinct, first.empty, second.empty) == (2, 0, 1)
    assert (second.least, second.greatest) == ("5", "7")
    assert third.title == "السنة 2024"
