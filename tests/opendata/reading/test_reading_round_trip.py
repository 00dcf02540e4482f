"""Random tables written in random ways come back whole: no row lost, every value equal."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.reading.cells import TATWEEL, TRIMMED
from tests.opendata.reading.looking import read_bytes, rows

# A word first, so that no row is blank and no cell is taken for a number, a header or a sign of emptiness.
PLAIN = st.characters(min_codepoint=32, max_codepoint=0x17F)
ARABIC = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي ءآأإةى،؟")
CELLS = st.text(st.one_of(PLAIN, ARABIC, st.sampled_from("\",;\t|\n\r'")), max_size=12)
WESTERN = st.text(st.sampled_from("abcdefghij XYZ,;|\"'\n\t.-/:"), max_size=12)
ENDS = TRIMMED + TATWEEL


def _written(table: list[list[str]], delimiter: str, quoting: int, ending: str) -> str:
    """The table as CSV. The csv module quotes only its own line ending, so others force quotes round everything."""
    if any(mark in cell for row in table for cell in row for mark in "\r\n"):
        quoting = csv.QUOTE_ALL
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=ending).writerows(table)
    return out.getvalue()


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[str]) -> list[list[str]]:
    """A header and rows; each row begins with a word so that it is not blank."""
    width = draw(st.integers(2, 6))
    body = draw(st.lists(st.lists(cells, min_size=width - 1, max_size=width - 1), min_size=2, max_size=25))
    return [[f"head{n}" for n in range(width)], *([f"row{n}", *row] for n, row in enumerate(body))]


def _expected(table: list[list[str]]) -> list[tuple[str | None, ...]]:
    return [tuple(cell.strip(ENDS) or None for cell in row) for row in table[1:]]


def _come_back(table: list[list[str]], content: bytes, delimiter: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        names = {f"head{n}": "text" for n in range(len(table[0]))}
        report = read_bytes(content, Path(folder), delimiter=delimiter, header_rows=1, types=names)
        assert report.readable, report.problems
        assert report.rows == len(table) - 1
        assert rows(Path(folder)) == _expected(table)


SLOW = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


@settings(max_examples=60, **SLOW)
@given(
    tables(CELLS),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_unicode_tables_come_back(table: list[list[str]], delimiter: str, quoting: int, ending: str, encoding: str):
    text = _written(table, delimiter, quoting, ending)
    _come_back(table, text.encode(encoding), delimiter)


@settings(max_examples=30, **SLOW)
@given(tables(WESTERN), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_delimiters_are_found(table: list[list[str]], delimiter: str, ending: str):
    _come_back(table, _written(table, delimiter, csv.QUOTE_ALL, ending).encode(), None)


@settings(max_examples=30, **SLOW)
@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**11), max_value=10**11), min_size=2
    ),
    st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]),
)
def test_numbers_come_back_in_every_set_of_digits(numbers, digits: str):
    western = str.maketrans("0123456789", digits)
    text = "name,n\n" + "".join(f"a,{str(number).translate(western)}\n" for number in numbers)
    with tempfile.TemporaryDirectory() as folder:
        report = read_bytes(text, Path(folder))
        assert report.columns[1].type == "decimal"
        assert [row[1] for row in rows(Path(folder))] == numbers
