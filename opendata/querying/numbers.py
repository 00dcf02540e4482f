"""Comparing a column with a number exactly, although the number may not be one that the column could hold.

A DECIMAL(10,2) never equals 1.005, and is above it when it is above 1.00: so every number is brought to the column's
own scale before it is bound, and no comparison is decided by rounding. Doubles are compared as doubles.
"""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Context, Decimal

from opendata.building.engine import quoted
from opendata.querying.queries import Filter

SIGNS = {"eq": "=", "ne": "IS DISTINCT FROM", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_BITS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64, "HUGEINT": 128}
_WIDE = Context(prec=1_000)
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")

Condition = tuple[str, tuple[object, ...]]


def condition(one: Filter, physical: str) -> Condition:
    """SQL and values of a filter on a column of this type of DuckDB."""
    column = quoted(one.column)
    values = [Decimal(str(value)) for value in one.values]
    if physical in ("DOUBLE", "FLOAT"):
        return _plain(column, one.op, [str(float(value)) for value in values], "DOUBLE")
    least, most, places = _range(physical)
    if one.op == "in":
        held = [value for value in values if _held(value, least, most, places)]
        return _plain(column, "in", [_text(value, places) for value in held], physical) if held else ("FALSE", ())
    return _compared(column, one.op, values[0], physical)


def _compared(column: str, op: str, value: Decimal, physical: str) -> Condition:
    least, most, places = _range(physical)
    there, nothing = f"{column} IS NOT NULL", "FALSE"
    if op in ("eq", "ne"):
        if _held(value, least, most, places):
            return _plain(column, op, [_text(value, places)], physical)
        return ("TRUE", ()) if op == "ne" else (nothing, ())
    above = op in ("gt", "gte")
    if value > most:
        return (nothing if above else there), ()
    if value < least:
        return (there if above else nothing), ()
    lower = value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR, _WIDE)
    if lower != value:  # between two that the column can hold
        op = "gt" if above else "lte"
    return _plain(column, op, [_text(lower, places)], physical)


def _plain(column: str, op: str, values: list[str], physical: str) -> Condition:
    marks = ", ".join(f"CAST(? AS {physical})" for _value in values)
    return f"{column} IN ({marks})" if op == "in" else f"{column} {SIGNS[op]} {marks}", tuple(values)


def _range(physical: str) -> tuple[Decimal, Decimal, int]:
    """The least and the greatest number of the type, and its decimal places."""
    if found := _DECIMAL.fullmatch(physical):
        digits, places = int(found[1]), int(found[2])
        most = Decimal(10**digits - 1).scaleb(-places, _WIDE)
        return most.copy_negate(), most, places  # a minus sign would round it to 28 digits
    unsigned = physical.startswith("U")
    bits = _BITS[physical.removeprefix("U")]
    if unsigned:
        return Decimal(0), Decimal(2**bits - 1), 0
    return Decimal(-(2 ** (bits - 1))), Decimal(2 ** (bits - 1) - 1), 0


def _held(value: Decimal, least: Decimal, most: Decimal, places: int) -> bool:
    """Is it one of the numbers that the column can hold?"""
    return least <= value <= most and value == value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR, _WIDE)


def _text(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR, _WIDE):f}"
