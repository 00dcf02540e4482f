"""An inventory from a file: nothing is stored before somebody says so, every refused row says why, in its line."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from opendata.inventory.actions.changing import Conflict, NotPossible
from opendata.inventory.actions.writing import edit_asset
from opendata.inventory.importing import reading, taking, template
from opendata.inventory.importing.columns import COLUMNS
from opendata.inventory.importing.planning import Plan, plan
from opendata.inventory.importing.reading import Unreadable
from opendata.inventory.models import Asset, Upload
from opendata.inventory.retention import FILE
from portal.audit.models import AuditEvent
from portal.staff.models import User
from tests.at_once import at_once
from tests.opendata.inventory.conftest import ASSETS, asset, published, scheduled, signed_in, withheld, words
from tests.people import World

pytestmark = pytest.mark.django_db
HEADER = ["code", "title_ar", "title_en", "theme"]
DECIDED = ["access", "classification", "reason", "legal_basis_ar", "legal_basis_en", "decided_by_role_ar",
           "decided_by_role_en", "decided_on", "review_on"]  # fmt: skip
CLOSED = ["closed", "none", "personal", "قانون", "A law", "مدير", "Director", "1/1/2026", "1/1/2028"]


def as_csv(*rows: list[str], header: list[str] | None = None, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([header or HEADER, *rows])
    return file.getvalue().encode(encoding)


def as_xlsx(*rows: list[Any], header: list[str] | None = None) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in [header or HEADER, *rows]:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def line(number: int, **changes: str) -> list[str]:
    values = {"code": f"R-{number}", "title_ar": f"أصل {number}", "title_en": f"Asset {number}", "theme": "health"}
    return list((values | changes).values())


def planned(world: World, content: bytes, *, may_decide: bool = True) -> Plan:
    with override("en"):
        return plan(reading.read(content), world.licensing, may_decide=may_decide)


def reasons(found: Plan) -> dict[int, str]:
    with override("en"):
        return {row.line: row.words for row in found.rows if row.fate == "refused"}


def take(world: World, by: User, content: bytes) -> dict[str, int]:
    upload = taking.keep_upload(by=by, unit=world.licensing, name="inventory.csv", content=content)
    found = taking.planned(upload, may_decide=True)
    return taking.take_over(upload=upload, by=by, may_decide=True, fingerprint=found.fingerprint)


def test_the_same_file_twice_changes_nothing_the_second_time(world: World, steward: User) -> None:
    day = timezone.localdate() + timedelta(days=90)
    header = [*HEADER, *DECIDED, "release_on", "is_high_value"]
    content = as_csv(
        [*line(1), *[""] * 9, "", ""], [*line(2), *CLOSED, "", "no"],
        [*line(3), "open", *[""] * 8, f"{day.day}/{day.month}/{day.year}", "نعم"], header=header,
    )  # fmt: skip
    assert take(world, steward, content) == {"added": 3, "changed": 0, "unchanged": 0, "refused": 0}
    states = dict(Asset.objects.values_list("code", "state"))
    assert states == {"R-1": "inventoried", "R-2": "withheld", "R-3": "scheduled"}
    third = Asset.objects.get(code="R-3")
    assert [event.verb for event in AuditEvent.objects.about(third)] == [
        "asset.entered", "asset.assessed", "asset.scheduled"]  # fmt: skip
    assert (third.revision, Asset.objects.get(code="R-2").legal_basis_en) == (3, "A law")
    assert Asset.objects.matching("asset 3").get() == third
    assert (third.release_on, third.is_high_value, third.created_by) == (day, True, steward)
    count = AuditEvent.objects.filter(verb__startswith="asset.").count()
    assert take(world, steward, content) == {"added": 0, "changed": 0, "unchanged": 3, "refused": 0}
    assert AuditEvent.objects.filter(verb__startswith="asset.").count() == count


def test_it_stores_the_good_rows_and_leaves_out_the_refused(world: World, steward: User) -> None:
    old = asset(world, code="R-1", title_en="Old title", source_system="Register")
    content = as_csv(line(1), line(2, theme="nonsense"), line(3))
    assert take(world, steward, content) == {"added": 1, "changed": 1, "unchanged": 0, "refused": 1}
    old.refresh_from_db()
    assert (old.title_en, old.source_system, old.description_en) == ("Asset 1", "Register", "What the data holds")
    assert set(Asset.objects.values_list("code", flat=True)) == {"R-1", "R-3"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": ""}, "Number: Fill this in."),
        ({"title_ar": ""}, "Title in Arabic: Fill this in."),
        ({"title_en": "x" * 201}, "Title in English: It has 201 letters; 200 are allowed."),
        ({"theme": "weather"}, "Theme: “weather” is none of the codes: population"),
        ({"title_en": "=cmd|'/c calc'!A1"}, "Title in English: It begins like a formula."),
        ({"title_ar": "@SUM(1)"}, "Title in Arabic: It begins like a formula."),
    ],
)
def test_a_row_is_refused_with_its_line_and_the_reason(world: World, changes: dict[str, str], reason: str) -> None:
    found = planned(world, as_csv(line(1), line(2, **changes)))
    assert list(reasons(found)) == [3]
    assert reason in reasons(found)[3]


def test_a_row_with_a_cell_too_many_is_refused(world: World) -> None:
    found = planned(world, as_csv([*line(1), "slipped"], [*line(2), "", ""], line(3)))
    assert list(reasons(found)) == [2]
    assert "a cell may have slipped" in reasons(found)[2]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["closed"], "Say why it is not open"),
        (["closed", "", "personal"], "Name the legal basis in Arabic"),
        (["", "none", ""], "say also who may have the data"),
        (["open", "secret"], "What is classified is not open"),
        ([*CLOSED[:7], "32/1/2026"], "Write the date as day, month and year"),
        ([*CLOSED[:7], "1/2/2026", "1/1/2026"], "The review has to be after the decision"),
        ([*CLOSED, "1/1/2090"], "What is not open is not released"),
        (["open", *[""] * 8, "1/1/2020"], "This day is over"),
        (["", *[""] * 8, "1/1/2090"], "A day of release needs a decision"),
    ],
)
def test_an_incomplete_decision_is_refused(world: World, values: list[str], reason: str) -> None:
    header = [*HEADER, *DECIDED, "release_on"]
    found = planned(world, as_csv([*line(1), *values], header=header))
    assert reason in reasons(found)[2]


def test_a_decision_in_force_is_not_overturned_by_a_file(world: World) -> None:
    withheld(world, code="R-1", theme="health")
    scheduled(world, code="R-2", theme="health")
    published(world, code="R-3", theme="health")
    content = as_csv([*line(1), "open"], [*line(2), *CLOSED], [*line(3), *CLOSED], header=[*HEADER, *DECIDED])
    found = planned(world, content)
    assert set(reasons(found)) == {2, 3, 4}
    assert all("Reopen it on its page first" in reason for reason in reasons(found).values())


def test_who_may_not_decide_may_still_enter(world: World) -> None:
    content = as_csv([*line(1), "open"], [*line(2), ""], header=[*HEADER, "access"])
    found = planned(world, content, may_decide=False)
    assert [row.fate for row in found.rows] == ["refused", "added"]
    assert "not decide on them" in reasons(found)[2]


def test_assets_of_another_unit_and_organisation_stay_theirs(world: World) -> None:
    asset(world, code="R-1", unit=world.call_centre, title_en="Their secret plan")
    asset(world, code="R-2", unit=world.other_unit)
    found = planned(world, as_csv(line(1), line(2)))
    assert [row.fate for row in found.rows] == ["refused", "added"]
    assert "another unit" in reasons(found)[2]
    assert "secret plan" not in str(reasons(found))


def test_of_rows_with_one_number_both_are_refused(world: World) -> None:
    found = planned(world, as_csv(line(1), line(2), line(1, title_en="Other"), line(3)))
    assert set(reasons(found)) == {2, 4}
    assert "line 4" in reasons(found)[2]
    assert "line 2" in reasons(found)[4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_reads_the_encodings_and_delimiters_of_offices(encoding: str, delimiter: str) -> None:
    table = reading.read(as_csv(line(1), line(2), encoding=encoding, delimiter=delimiter))
    assert [row.cells["title_ar"] for row in table.rows] == ["أصل 1", "أصل 2"]
    assert [row.line for row in table.rows] == [2, 3]


def test_labels_digits_and_dates_may_be_written_as_people_do(world: World) -> None:
    header = ["رقم الأصل", "Title in Arabic", "العنوان بالإنجليزية", "Theme", "Access", "planned release / x", "سنة",
              "frequency / دورية التحديث / Updated", "release_on"]  # fmt: skip
    content = as_csv(["أ-٠٠١", "عنوان", "Title", "Health", "Open", "", "١٤٤٥", "Yearly", "٣١/١٢/٢٠٣٩"], header=header)
    found = planned(world, content.replace(b"planned release / x", b"nothing known"))
    [row] = found.rows
    assert reasons(found) == {}
    assert (row.code, row.content["theme"], row.content["frequency"]) == ("أ-001", "health", "yearly")
    assert str(row.release_on) == "2039-12-31"
    assert row.steps == ["assess", "schedule"]
    assert found.ignored == ["nothing known", "سنة"]


def test_a_workbook_reads_like_the_csv(world: World, steward: User) -> None:
    day = timezone.localdate() + timedelta(days=40)
    header = [*HEADER, "is_high_value", "access", "release_on"]
    content = as_xlsx([101, "أصل", "Asset", "health", True, "open", day], [None] * 7,
                      [102.0, "أصل", "=1+1", "health", None, None, None], header=header)  # fmt: skip
    found = planned(world, content)
    assert [(row.line, row.code, row.fate) for row in found.rows] == [(2, "101", "added"), (4, "102", "refused")]
    assert (found.rows[0].release_on, found.rows[0].content["is_high_value"]) == (day, True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"), (b"  \n ", "empty"), (b"x" * (reading.MOST_BYTES + 1), "larger than 5 MB"),
        (b"\x00\x01\x02\x03" * 50, "neither CSV nor XLSX"), (b"%PDF-1.7 table", "neither CSV nor XLSX"),
        (b"MZ\x90program", "neither CSV nor XLSX"), (b"PK\x03\x04broken", "damaged"),
        (as_xlsx(line(1))[:-900], "damaged"), (b"a,b,c\n1,2,3\n", "No line names the columns"),
        (as_csv(header=HEADER), "no rows below"), (as_csv(["1", "x"], header=["code", "title_ar"]), "are missing"),
        (as_csv(line(1), header=["code", "title_ar", "title_en", "title_en"]), "come twice"),
        (as_csv(line(1)) + b'"open quote,x,y,z\n', "Line 3 cannot be read"),
        (as_csv(*(line(n) for n in range(10_000))), "more than 5,000 rows"),
        (as_xlsx(*(line(n) for n in range(5_001))), "more than 5,000 rows"),
        (as_csv(line(1, title_en="x" * 30_000)), "Line 2 cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_stores_nothing(world: World, content: bytes, reason: str) -> None:
    with override("en"), pytest.raises(Unreadable) as refused:
        taking.keep_upload(by=world.lead, unit=world.licensing, name="x", content=content)
    with override("en"):
        assert reason in str(refused.value.message)
    assert not Upload.objects.exists()


def test_a_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 * 1024 * 1024))
    with override("en"), pytest.raises(Unreadable) as refused:
        reading.read(file.getvalue())
    assert "far too large" in str(refused.value.message) or refused.value


def with_a_stray_cell(place: str) -> bytes:
    book, file = openpyxl.load_workbook(io.BytesIO(as_xlsx(line(1)))), io.BytesIO()
    book.active[place] = "x"
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("place", ["XFD1048576", "XFD5000", "ZZ900000"])
def test_a_stray_cell_far_away_is_refused_and_ends_nothing(world: World, steward: User, place: str) -> None:
    response = send(signed_in(steward), world, with_a_stray_cell(place), "inventory.xlsx")
    assert response.status_code == 422
    assert "a cell lies far away from the table" in words(response)
    assert not Upload.objects.exists()


def test_a_long_empty_column_is_read(world: World) -> None:
    assert [row.line for row in reading.read(with_a_stray_cell("A1048576")).rows] == [2]


def test_reading_a_file_changes_nothing_for_other_readers_of_csv() -> None:
    before = csv.field_size_limit()
    reading.read(as_csv(line(1)))
    assert csv.field_size_limit() == before


def test_a_file_that_cannot_be_read_any_more_is_told(world: World, steward: User) -> None:
    upload = Upload.objects.create(unit=world.licensing, name="x", content=b"PK\x03\x04broken", uploaded_by=steward)
    response = signed_in(steward).get(f"{ASSETS}import/{upload.pk}/", follow=True)
    assert "The workbook is damaged" in words(response)


def test_the_template_is_read_back_without_its_examples(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template.workbook()))
    assert book.sheetnames == ["inventory", "codes"]
    with override("en"), pytest.raises(Unreadable):
        reading.read(template.workbook())
    book["inventory"].append(["T-1", "عنوان", "Title", "", "", "health"])
    file = io.BytesIO()
    book.save(file)
    table = reading.read(file.getvalue())
    assert (len(table.rows), table.examples, table.ignored) == (1, 2, [])
    assert set(table.rows[0].cells) == {column.name for column in COLUMNS}
    header, *examples = [template.header(), *template.example_rows()]
    shown = as_csv(*[[cell.lstrip("# ") for cell in row] for row in examples], header=header)
    assert [row.fate for row in planned(world, shown).rows] == ["added", "added"]


def test_the_inventory_may_not_have_changed_since_the_report(world: World, steward: User) -> None:
    found = asset(world, code="R-1")
    upload = taking.keep_upload(by=steward, unit=world.licensing, name="x", content=as_csv(line(1)))
    seen = taking.planned(upload, may_decide=True).fingerprint
    edit_asset(asset=found, by=world.lead, revision=found.revision, title_en="Changed by somebody")
    with pytest.raises(Conflict):
        taking.take_over(upload=upload, by=steward, may_decide=True, fingerprint=seen)
    found.refresh_from_db()
    assert found.title_en == "Changed by somebody"


def test_a_failure_in_the_middle_stores_nothing(world: World, steward: User, monkeypatch: Any) -> None:
    content = as_csv(*(line(number) for number in range(5)))
    upload = taking.keep_upload(by=steward, unit=world.licensing, name="x", content=content)
    seen = taking.planned(upload, may_decide=True).fingerprint
    monkeypatch.setattr(taking, "record", lambda **_values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taking.take_over(upload=upload, by=steward, may_decide=True, fingerprint=seen)
    upload.refresh_from_db()
    assert (Asset.objects.count(), upload.stored_at) == (0, None)
    assert upload.content


@pytest.mark.django_db(transaction=True)
def test_two_clicks_take_it_over_once(world: World, steward: User) -> None:
    upload = taking.keep_upload(by=steward, unit=world.licensing, name="x", content=as_csv(line(1), line(2)))
    seen = taking.planned(upload, may_decide=True).fingerprint

    def click(_number: int) -> Any:
        mine = Upload.objects.get(pk=upload.pk)
        return taking.take_over(upload=mine, by=steward, may_decide=True, fingerprint=seen)

    outcomes = at_once(3, click)
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotPossible) for outcome in outcomes) == 2
    assert Asset.objects.count() == 2


def test_a_file_nobody_takes_over_is_emptied_after_a_week(world: World, steward: User) -> None:
    upload = taking.keep_upload(by=steward, unit=world.licensing, name="x", content=as_csv(line(1)))
    assert FILE.due is not None
    assert FILE.dispose is not None
    assert not FILE.due(timezone.now() + timedelta(days=6)).exists()
    assert FILE.dispose(FILE.due(timezone.now() + timedelta(days=8))) == 1
    with pytest.raises(NotPossible):
        taking.planned(Upload.objects.get(pk=upload.pk), may_decide=True)


# In the staff site -----------------------------------------------------------------------------------------


def send(client: Client, world: World, content: bytes, name: str = "جرد.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{ASSETS}import/", {"unit": world.licensing.pk, "file": file})


def test_a_steward_uploads_reads_the_report_and_takes_over(world: World, steward: User) -> None:
    client = signed_in(steward)
    assert "Import an inventory" in words(client.get(ASSETS))
    response = send(client, world, as_csv(line(1), line(2, theme="x"), ["# example", "x", "y", "z"]))
    upload = Upload.objects.get()
    assert response["Location"] == f"{ASSETS}import/{upload.pk}/"
    page = words(client.get(response["Location"]))
    assert "Take over 1 row" in page
    assert "“x” is none of the codes" in page
    assert Asset.objects.count() == 0
    report = words(client.get(f"{ASSETS}import/{upload.pk}/report.csv"))
    assert report.count("\r\n") == 3
    fingerprint = page.partition('name="fingerprint" value="')[2].partition('"')[0]
    done = client.post(response["Location"], {"fingerprint": fingerprint}, follow=True)
    assert "1 row was taken over." in words(done)
    assert Asset.objects.get().code == "R-1"
    again = client.post(response["Location"], {"fingerprint": fingerprint}, follow=True)
    assert Asset.objects.count() == 1
    assert again.status_code == 200
    assert client.get(f"{ASSETS}import/{upload.pk}/report.csv").status_code == 404


def test_an_old_report_is_shown_anew(world: World, steward: User) -> None:
    client = signed_in(steward)
    address = send(client, world, as_csv(line(1)))["Location"]
    response = client.post(address, {"fingerprint": "of another day"})
    assert response.status_code == 409
    assert "changed since this report" in words(response)
    assert Asset.objects.count() == 0


def test_a_bad_file_is_told_in_the_form(world: World, steward: User) -> None:
    client = signed_in(steward)
    for content, reason in ((b"", "The file is empty"), (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
                            (b"a,b\n1,2\n", "No line names the columns")):  # fmt: skip
        response = send(client, world, content)
        assert response.status_code == 422
        assert reason in words(response)
    other = client.post(f"{ASSETS}import/", {"unit": world.other_unit.pk, "file": SimpleUploadedFile("x", b"x")})
    assert other.status_code == 422


def test_only_the_unit_imports_and_reads_its_reports(
    world: World, steward: User, stranger: User, overseer: User
) -> None:
    address = send(signed_in(steward), world, as_csv(line(1)))["Location"]
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(stranger).get(f"{address}report.csv").status_code == 404
    assert signed_in(overseer).get(address).status_code == 403
    assert signed_in(world.officer).get(f"{ASSETS}import/").status_code == 403
    for kind, length in (("csv", 500), ("xlsx", 5_000)):
        response = signed_in(steward).get(f"{ASSETS}import/template.{kind}")
        assert len(b"".join(response) if response.streaming else response.content) > length
    assert signed_in(steward).get(f"{ASSETS}import/template.pdf").status_code == 404
