"""What a file seems to say about people is found and masked."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from opendata.reading.personal import is_iban, masked
from tests.opendata.reading.corpus import workbook
from tests.opendata.reading.looking import codes, read_bytes

CIVIL = [str(70000000 + number * 7919 % 29999999) for number in range(40)]
PHONES = [str(91000000 + number * 7919) for number in range(40)]
NAMES = ["سالم بن محمد الحارثي", "مريم بنت علي البلوشية", "أحمد بن سعيد الهنائي", "فاطمة بنت خميس العبرية"] * 10


def kinds(title: str, values: list[str], folder: Path, more: str = "k") -> set[str]:
    """The kinds of findings in a column beside a plain one."""
    text = f"{more}\t{title}\n" + "".join(f"row {place % 3}\t{value}\n" for place, value in enumerate(values))
    return {one.kind for one in read_bytes(text, folder, delimiter="\t", header_rows=1).personal}


@pytest.mark.parametrize(
    ("title", "values", "expected"),
    [
        ("الرقم المدني", CIVIL, {"civil_number"}),
        ("Civil ID", CIVIL, {"civil_number"}),
        ("رقم الهاتف", PHONES, {"phone"}),
        ("x", [f"+968 {one}" for one in PHONES], {"phone"}),
        ("ملاحظات", ["اتصل على 96892345678", *["لا شيء"] * 30], {"phone"}),
        ("ملاحظات", ["راسل a.b@example.com", *["لا شيء"] * 30], {"email"}),
        ("رقم جواز السفر", ["A1234567", "B7654321"] * 5, {"passport"}),
        ("account", ["GB82WEST12345698765432", "x"], {"iban"}),
        ("account", ["GB82WEST12345698765431", "x"], set()),
        ("اسم الموظف", NAMES, {"name"}),
        ("الاسم", NAMES, {"name"}),
        ("full name", ["Salim Ali", "Sara Ahmed"], {"name"}),
        ("تاريخ الميلاد", ["01/02/1980", "03/04/1990"], {"birth_date"}),
        ("اسم المدرسة", ["مدرسة أحمد بن ماجد", "مدرسة سالم بن محمد"] * 10, set()),
        ("اسم الولاية", ["بوشر", "السيب"] * 10, set()),
        ("الاسم", ["مستشفى خولة", "مستشفى النهضة"] * 10, set()),
        ("المبلغ", CIVIL, set()),
        ("amount", PHONES, set()),
        ("عدد السكان", [str(number) for number in range(40)], set()),
    ],
)
def test_columns_about_people_are_found(title: str, values: list[str], expected: set[str], tmp_path: Path):
    assert kinds(title, values, tmp_path) == expected


@pytest.mark.parametrize("chosen", ["text", "integer", "decimal"])
def test_no_type_hides_a_column_about_people(chosen: str, tmp_path: Path):
    head = "gender\tcivil id\tmobile\tcount\n"
    text = head + "".join(f"m\t{CIVIL[n]}\t{PHONES[n]}\t{n % 5}\n" for n in range(40))
    types = {"civil_id": chosen, "mobile": chosen, "count": chosen}
    assert {one.column for one in read_bytes(text, tmp_path, types=types).personal} == {1, 2, 3}


def test_dates_of_birth_with_a_time_are_found(tmp_path: Path):
    assert kinds("birth date", ["1961-02-11 00:00", "1971-03-12 00:00"], tmp_path) == {"birth_date"}


def test_other_sheets_comments_and_properties_are_looked_at(tmp_path: Path):
    def fill(book: openpyxl.Workbook) -> None:
        page = book.active
        page.append(["region", "value"])
        page.append(["a", 1])
        page["A1"].comment = Comment("Ask salim@example.om", "Salim")
        people = book.create_sheet("People")
        people.append(["Name of citizen", "Civil number", "Mobile"])
        people.append(["Salim bin Ali", int(CIVIL[0]), "+968 9123 4567"])
        book.properties.creator = "Salim Ali"

    report = read_bytes(workbook(fill), tmp_path)
    assert {(one.kind, one.column, one.where) for one in report.personal} == {
        ("email", -1, "comments"), ("name", -1, "People"), ("civil_number", -1, "People"), ("phone", -1, "People"),
    }  # fmt: skip
    assert {"other_sheets", "comments"} <= codes(report, "asks")
    assert [one.params for one in report.problems if one.code == "people_named"] == [{"names": ["Salim Ali"]}]
    assert "9123 4567" not in report.to_json()


def test_what_surrounds_a_list_in_json_is_looked_at(tmp_path: Path):
    beside = [{"name": "x", "phone": "91234567", "civil_id": 12345678}]
    report = read_bytes(json.dumps({"data": [{"a": 1}], "records": beside}), tmp_path)
    assert {one.kind for one in report.personal} == {"phone", "civil_number"}
    assert codes(report, "asks") == {"json_outside"}


def test_small_counts_by_traits_of_people_are_found(tmp_path: Path):
    values = [str(number % 9) for number in range(40)]
    assert kinds("عدد الحالات", values, tmp_path, more="الجنس") == {"small_counts"}
    assert kinds("عدد الحالات", values, tmp_path, more="المحافظة") == set()


def test_findings_tell_lines_and_hide_values(tmp_path: Path):
    text = "رقم الهاتف,k\n" + "".join(f"{one},x\n" for one in PHONES)
    (finding,) = read_bytes(text, tmp_path).personal
    assert (finding.column, finding.count, finding.lines) == (0, 40, list(range(2, 22)))
    assert all("•" in one and PHONES[0] != one for one in finding.masked_examples)


def test_masking_leaves_the_ends_only():
    assert masked("91234567") == "9••••••7"
    assert masked("salim@example.om") == "s•••@e•••"
    assert masked("abc") == "•••"


def test_account_numbers_are_checked():
    assert is_iban("GB82 WEST 1234 5698 7654 32")
    assert not is_iban("OM82WEST12345698765432")
