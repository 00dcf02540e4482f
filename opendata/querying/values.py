"""Values of queries: read from text by the type of their column, and written as the engine and cursors take them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from opendata.querying.words import BadQuery

Value = str | int | Decimal | bool | date | datetime
MOST_CHARACTERS = 1_000
MOST_DIGITS = 38
"""What DuckDB's widest decimal holds."""
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_INTEGER = re.compile(rf"[+-]?\d{{1,{MOST_DIGITS}}}")
_DECIMAL = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")


def value_of(kind: str, text: str, parameter: str) -> Value:
    """A value for a column of one of `schema.TYPES`; raises `BadQuery` about the parameter."""
    if len(text) > MOST_CHARACTERS:
        raise BadQuery(parameter, "too_long", most=MOST_CHARACTERS)
    if kind == "text":
        return plain_text(text, parameter)
    return _READERS[kind](text.strip(), parameter)


def plain_text(text: str, parameter: str) -> str:
    """The text, if a table may hold it."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuery(parameter, "not_a_text")
    return text


def boolean(text: str, parameter: str) -> bool:
    """true or false."""
    found = _BOOLEANS.get(text.strip().lower())
    if found is None:
        raise BadQuery(parameter, "not_a_boolean", value=text)
    return found


def _integer(text: str, parameter: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadQuery(parameter, "not_an_integer", value=text)
    return int(text)


def _decimal(text: str, parameter: str) -> Decimal:
    try:
        found = Decimal(text) if _DECIMAL.fullmatch(text) else None
    except InvalidOperation:
        found = None
    if found is None or not fits(found):
        raise BadQuery(parameter, "not_a_decimal", value=text)
    return found


def fits(number: Decimal) -> bool:
    """Can it be written out with at most 38 digits? Numbers as doubles write them (1e300) may be larger."""
    if not number.is_finite():
        return False
    _sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return len(digits) <= MOST_DIGITS and abs(number.adjusted()) <= 330 and exponent >= -400


def _date(text: str, parameter: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(_western(text))
    except ValueError:
        pass
    raise BadQuery(parameter, "not_a_date", value=text)


def _datetime(text: str, parameter: str) -> datetime:
    try:
        if _DATETIME.fullmatch(text):
            moment, _point, fraction = _western(text).partition(".")
            return datetime.fromisoformat(f"{moment}.{fraction:0<6}" if fraction else moment)
    except ValueError:
        pass
    raise BadQuery(parameter, "not_a_datetime", value=text)


def _western(text: str) -> str:
    """Digits as the standard library's ISO readers take them."""
    return re.sub(r"\d", lambda found: str(int(found[0])), text)


_READERS: dict[str, Callable[[str, str], Value]] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": boolean,
    "date": _date,
    "datetime": _datetime,
}
TYPES_OF: dict[str, tuple[type, ...]] = {
    "text": (str,), "integer": (int,), "decimal": (Decimal, int), "boolean": (bool,), "date": (date,),
    "datetime": (datetime,),
}  # fmt: skip


def is_typed(value: object, kind: str) -> bool:
    """Is it a Python value that a column of this type may be compared with?"""
    if isinstance(value, bool) != (kind == "boolean") or isinstance(value, datetime) != (kind == "datetime"):
        return False
    return isinstance(value, TYPES_OF[kind])


def written(value: Value | None) -> str | None:
    """The value as text that DuckDB casts back to the same value; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
