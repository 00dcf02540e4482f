"""References survive being read aloud, written down and typed again."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import references
from portal.references import (
    ALPHABET,
    hash_secret,
    new_reference,
    read_reference,
    read_secret,
    secret_from,
    secret_matches,
)

SYMBOLS = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
WRITTEN = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]")


def complete(body: str) -> str:
    return body + references.check_symbol(body)


def wrong_symbols(symbols: str) -> Iterator[str]:
    for place, right in enumerate(symbols):
        for wrong in ALPHABET.replace(right, ""):
            yield symbols[:place] + wrong + symbols[place + 1 :]


def swapped_neighbours(symbols: str) -> Iterator[str]:
    for place in range(len(symbols) - 1):
        left, right = symbols[place], symbols[place + 1]
        if left != right:
            yield symbols[:place] + right + left + symbols[place + 2 :]


def test_it_uses_31_symbols_without_the_mistakable_ones() -> None:
    assert len(set(ALPHABET)) == 31
    assert not set("ILOUS") & set(ALPHABET)


def test_a_new_reference_is_random_and_reads_as_itself() -> None:
    made = {new_reference() for _ in range(2000)}
    assert len(made) == 2000
    assert all(WRITTEN.fullmatch(reference) and read_reference(reference) == reference for reference in made)
    assert {symbol for reference in made for symbol in reference[:9]} == set(ALPHABET) | {"-"}


def test_every_single_error_at_every_place_changes_the_sum() -> None:
    """The check is linear, so proving it for all differences proves it for all references."""
    weights = [*range(1, 9), -1]
    for weight in weights:
        assert all(weight * difference % 31 for difference in range(1, 31))
    for left, right in pairwise(weights):
        assert all((left - right) * difference % 31 for difference in range(1, 31))


@settings(deadline=None)
@given(SYMBOLS)
def test_it_catches_every_wrong_symbol_and_every_swap_of_neighbours(body: str) -> None:
    symbols = complete(body)
    assert read_reference(symbols)
    assert not any(read_reference(wrong) for wrong in wrong_symbols(symbols))
    assert not any(read_reference(swapped) for swapped in swapped_neighbours(symbols))


@settings(deadline=None)
@given(SYMBOLS, st.data())
def test_it_reads_any_digits_case_separators_and_marks(body: str, data: st.DataObject) -> None:
    canonical = read_reference(complete(body))
    assert canonical
    forms = [
        canonical.lower(),
        canonical.replace("-", " "),
        canonical.replace("-", ""),
        canonical.replace("-", "\u2013"),
        f"\u2067\u200f{canonical}\u2069\n",
        canonical.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        canonical.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        canonical.replace("0", "O").replace("1", data.draw(st.sampled_from("ILil"))),
        canonical.replace("V", "u").replace("5", "S"),
    ]
    assert [read_reference(form) for form in forms] == [canonical] * len(forms)


@pytest.mark.parametrize("text", ["", "-", "A", "0000-0000", "0000-0000-00", "قضية رقم ٥", "0000/0000/0", "0" * 9999])
def test_it_refuses_what_cannot_be_a_reference(text: str) -> None:
    assert read_reference(text) is None


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_reading_fail(text: str) -> None:
    assert read_reference(text) is None or WRITTEN.fullmatch(read_reference(text) or "")
    assert read_secret(text) is None or len(read_secret(text) or "") == 9


def test_one_token_gives_one_secret() -> None:
    assert secret_from("token") == secret_from("token") != secret_from("other token")
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", secret_from("token"))
    assert len({secret_from(str(number)) for number in range(2000)}) == 2000


def test_a_secret_is_recognised_however_it_is_typed() -> None:
    secret = secret_from("token")
    stored = hash_secret(secret)
    assert len(stored) == 64
    assert secret not in stored
    assert secret_matches(secret, stored)
    assert secret_matches(f" {secret.lower().replace('-', ' ')}\u200f", stored)
    assert not secret_matches(secret_from("other"), stored)
    assert not secret_matches("", stored)
    assert not secret_matches("", hash_secret(""))


def test_secrets_outlive_a_change_of_the_key() -> None:
    with override_settings(SECRET_KEY="the key of last year"):
        secret = secret_from("token")
        stored = hash_secret(secret)
    assert not secret_matches(secret, stored)
    with override_settings(SECRET_KEY_FALLBACKS=["the key of last year"]):
        assert secret_matches(secret, stored)
