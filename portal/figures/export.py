"""Tables as CSV and XLSX files that a spreadsheet shows and never runs.

A cell that begins like a formula gets an apostrophe in front, in both formats: what is inert in XLSX becomes a
formula again when somebody saves that sheet as CSV. Numbers stay numbers.
"""

import csv
import io
import math
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any, TypeVar

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Row = Iterable[Any]
Response = TypeVar("Response", bound=HttpResponseBase)

PUBLIC_CACHE = "public, max-age=3600"
CHUNK_BYTES = 64 * 1024
XLSX_ROWS = 1_048_576  # per sheet, the header included
XLSX_TEXT = 32_767  # characters in a cell
_GUESSES = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# With the full-width forms, which spreadsheets read as the plain ones.
_STARTS = "=+\\-@＝＋－＠"
_QUOTES = "\"'`´‘’‚“”„«»＂＇"
_FORMULA = re.compile(rf"[{_STARTS}]")
_NUMBER = re.compile(r"-\s?\d+([.,]\d+)*\s?%?")
# A spreadsheet set to another list separator (";" where Windows speaks Arabic) cuts a CSV line elsewhere and
# lets a formula begin inside a cell. A line of prose that starts with a hyphen is not one.
_INNER_FORMULA = re.compile(rf"([;\r\n]\s{{0,9}}[{_QUOTES}]{{0,9}})(?=[=@＝＠]|[+\-＋－][^;\r\n]{{0,500}}[(|!])")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def safe_cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; for headers as well as cells.

    Numbers, dates and booleans come back as they are, also negative numbers written as text. `None` and NaN become "".
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool | int | float | Decimal | datetime | date | time):
        return value
    text = _UNWRITABLE.sub("", str(value))
    if text[:1] in ("\t", "\r") or (_begins_a_formula(text) and not _NUMBER.fullmatch(text.strip())):
        return "'" + text
    return text


def _begins_a_formula(text: str) -> bool:
    """Look past the quotes, spaces and invisible marks that a spreadsheet may drop."""
    for char in text:
        if char.isspace() or char in _QUOTES or unicodedata.category(char) in ("Cf", "Cc"):
            continue
        return bool(_FORMULA.match(char))
    return False


def stream_csv(header: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a CSV file in pieces of about 64 KB: UTF-8 with the mark Excel needs, texts quoted, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(title) for title in header])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() >= CHUNK_BYTES:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(value: Any) -> Any:
    value = safe_cell(value)
    if isinstance(value, datetime):
        return _local(value).isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return _INNER_FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _local(moment: datetime) -> datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def write_xlsx(header: Row, rows: Iterable[Row], sheet_rtl: bool = False) -> IO[bytes]:
    """Return an open temporary XLSX file, at its start; closing it removes it.

    Memory stays constant however many rows there are; past the format's limit they go on to another sheet.
    Texts longer than a cell may hold end in "…". Times are local.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    options = {"constant_memory": True, **dict.fromkeys(_GUESSES, False)}
    with tempfile.TemporaryDirectory() as scratch:  # the rows wait here, also when writing them fails
        book = Workbook(file, {**options, "tmpdir": scratch})
        try:
            _fill(book, [safe_cell(title) for title in header], iter(rows), sheet_rtl)
            book.close()
        except BaseException:
            book.fileclosed = True  # else it would complain, when collected, about a file nobody wants
            file.close()
            raise
    file.seek(0)
    return file


def _fill(book: Workbook, titles: list[Any], rows: Iterator[Row], rtl: bool) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    write = _cell_writer(book)
    sheet, place = _new_sheet(book, titles, bold, rtl), 1
    for row in rows:
        if place == XLSX_ROWS:
            sheet, place = _new_sheet(book, titles, bold, rtl), 1
        for column, value in enumerate(row):
            write(sheet, place, column, safe_cell(value))
        place += 1


def _new_sheet(book: Workbook, titles: list[Any], bold: Format, rtl: bool) -> Worksheet:
    sheet = book.add_worksheet()
    if rtl:
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    if titles:
        sheet.set_column(0, len(titles) - 1, 20)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, str(title)[:XLSX_TEXT], bold)
    return sheet


def _cell_writer(book: Workbook) -> Callable[[Worksheet, int, int, Any], None]:
    moment, day, hour = (
        book.add_format({"num_format": pattern, "align": "left"})
        for pattern in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd", "hh:mm")
    )

    def write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if isinstance(value, date) and value.year < 1900:  # before the spreadsheet's calendar begins
            sheet.write_string(row, column, value.isoformat())
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, _local(value), moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, time):
            sheet.write_datetime(row, column, value, hour)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float | Decimal) and _fits_a_cell(value):
            sheet.write_number(row, column, value)
        elif text := str(value):
            sheet.write_string(row, column, text if len(text) <= XLSX_TEXT else text[: XLSX_TEXT - 1] + "…")

    return write


def _fits_a_cell(number: float | Decimal) -> bool:
    """Excel keeps 15 digits of a number; a longer one is written as text, so that none is lost."""
    if not math.isfinite(number):
        return False
    return isinstance(number, float) or len(Decimal(number).normalize().as_tuple().digits) <= 15


def csv_response(
    filename: str | Promise, header: Row, rows: Iterable[Row], *, public: bool = False
) -> StreamingHttpResponse:
    """Return the table as a CSV download; the name may be Arabic. `public`: see `as_download`."""
    response = StreamingHttpResponse(stream_csv(header, rows), content_type="text/csv; charset=utf-8")
    return as_download(response, str(filename), public=public)


def xlsx_response(
    filename: str | Promise, header: Row, rows: Iterable[Row], *, sheet_rtl: bool = False, public: bool = False
) -> FileResponse:
    """Return the table as an XLSX download; the name may be Arabic. `public`: see `as_download`."""
    response = FileResponse(write_xlsx(header, rows, sheet_rtl), content_type=XLSX_TYPE)
    return as_download(response, str(filename), public=public)


def as_download(response: Response, filename: str, *, public: bool = False) -> Response:
    """Make the response a file to save. Nobody may keep a copy on the way, unless the content is `public`."""
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PUBLIC_CACHE if public else "private, no-store"
    return response
