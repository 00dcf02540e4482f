"""What people type on Arabic and Persian keyboards becomes one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.digits import fold_digits, fold_number, strip_bidi


@pytest.mark.parametrize(("typed", "folded"), [("٠١٢٣٤٥٦٧٨٩", "0123456789"), ("۰۱۲۳۴۵۶۷۸۹", "0123456789")])
def test_it_reads_both_eastern_digit_systems(typed: str, folded: str) -> None:
    assert fold_digits(typed) == folded


def test_it_leaves_everything_else_alone() -> None:
    assert fold_digits("مرسوم ٦/٢٠٢٢، Decree 6") == "مرسوم 6/2022، Decree 6"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("١٬٢٣٤٫٥", "1234.5"),
        ("١٢٫٧٥", "12.75"),
        (" 12.75 ", "12.75"),
        ("\u061c-٥", "-5"),
        ("\u2212۷", "-7"),
        ("1,234", "1,234"),
    ],
)
def test_it_reads_arabic_decimal_and_thousands_marks(typed: str, folded: str) -> None:
    assert fold_number(typed) == folded


def test_it_removes_direction_marks_and_nul() -> None:
    assert strip_bidi("cod\u202efdp.exe\x00\u200f\u2067") == "codfdp.exe"


def test_it_keeps_the_joiners_that_spelling_needs() -> None:
    assert strip_bidi("می\u200cخواهم") == "می\u200cخواهم"


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_number(fold_number(text)) == fold_number(text)
    assert strip_bidi(strip_bidi(text)) == strip_bidi(text)
