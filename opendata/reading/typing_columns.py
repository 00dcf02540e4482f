"""What type each column is: candidates from a sample, the decision from every cell."""

# ruff: noqa: S608 the names in the SQL are our own c0, c1 ..., the texts are quoted literals

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from opendata.reading import values
from opendata.reading.cells import is_missing
from opendata.reading.choices import Choices
from opendata.reading.engine import one
from opendata.reading.values import MISSING_SQL, Way, fold_all, folded_sql

if TYPE_CHECKING:
    import duckdb

ALMOST = 0.95
_CANDIDATE = 0.5
DISTINCT = 10_000
_LOOKED_AT = 500
_UNMISTAKABLE = ("number", "ymd")  # written so, a value can mean nothing else
_HAS_DIGIT = re.compile(r"\d")


@dataclass
class Facts:
    """What is known of a column of raw: counts over all rows, and some of its values."""

    sql: str
    title: str
    filled: int = 0
    missing: int | None = None  # not counted yet
    distinct: int = 0
    plain: bool = True  # no digits or marks of numbers but Western ones
    sample: list[str] = field(default_factory=list)

    @property
    def valued(self) -> int:
        """Cells that hold a value, not something that stands for empty."""
        return self.filled - (self.missing or 0)

    def folded(self) -> str:
        """SQL for the cell with Western digits."""
        return self.sql if self.plain else folded_sql(self.sql)

    def present(self) -> str:
        """SQL that is true for cells that hold a value; the long list of marks only where some are known to occur."""
        if self.missing == 0:
            return f"({self.sql} IS NOT NULL)"
        return f"({self.sql} IS NOT NULL AND lower({self.sql}) NOT IN {MISSING_SQL})"


@dataclass
class Decision:
    """The type of a column and the SQL of its values.

    `almost` is the type it would be but for a few cells, `refused` the chosen one that its cells do not have.
    """

    type: str = "text"
    sql: str = ""
    format: str = ""
    way: Way | None = None
    almost: Way | None = None
    refused: Way | None = None
    notes: list[str] = field(default_factory=list)


def decide(connection: duckdb.DuckDBPyConnection, facts: Facts, choices: Choices, chosen: str | None) -> Decision:
    """The type of one column, `chosen` if the publisher said so and every cell fits; else as if nothing was chosen."""
    if chosen == "text" or not facts.valued:
        return Decision(sql=facts.sql)
    ways = _possible(facts, choices, chosen)
    fits = _fits(connection, facts, ways)
    whole = [way for way in ways if fits[way.name] == facts.valued]
    if whole:
        decision = _typed(connection, facts, whole[0], chosen)
        if decision:
            decision.notes += _notes(facts, whole, choices)
            return decision
    best = max(ways, key=lambda way: fits[way.name], default=None)
    if chosen:
        return replace(decide(connection, facts, choices, None), refused=best or _any_of(chosen))
    notes = _why_text(connection, facts)
    almost = best if best and not whole and not notes and fits[best.name] >= ALMOST * facts.valued else None
    return Decision(sql=facts.sql, almost=almost, notes=notes)


def _any_of(chosen: str) -> Way:
    return next(way for way in values.WAYS if way.type == chosen or (chosen == "integer" and way.type == "decimal"))


def _possible(facts: Facts, choices: Choices, chosen: str | None) -> list[Way]:
    """The ways worth counting, in order of preference."""
    ways = list(values.WAYS)
    if choices.decimal == ".":
        ways = [way for way in ways if way.name not in ("comma", "percent_comma")]
    if choices.decimal == ",":
        ways = [way for way in ways if way.name not in ("number", "grouped", "percent")]
    if choices.date_order == "month":  # the first that fits is taken
        ways = sorted(ways, key=lambda way: way.name.startswith("dmy"))
    if chosen:
        types = {"integer": {"decimal"}, "decimal": {"decimal", "double"}}.get(chosen, {chosen})
        extra = [values.SERIAL, values.ZERO_ONE]
        return [way for way in [*ways, *extra] if way.type in types]
    values_seen = [fold_all(text) for text in facts.sample if not is_missing(text)]
    sample = values_seen[:: max(1, len(values_seen) // _LOOKED_AT)]
    return [way for way in ways if sum(map(way.matches, sample)) >= _CANDIDATE * max(1, len(sample))]


def _fits(connection: duckdb.DuckDBPyConnection, facts: Facts, ways: list[Way]) -> Counter[str]:
    """How many of the values are written each way; only the first, when it is a plain one that fits all of them."""
    if not ways:
        return Counter()
    if ways[0].name in _UNMISTAKABLE and len(ways) > 1:
        found = _fits(connection, facts, ways[:1])
        if found[ways[0].name] == facts.valued:
            return found
    counts = ", ".join(f"count({way.value(facts.sql, plain=facts.plain)})" for way in ways)
    numbers = one(connection, f"SELECT {counts} FROM raw WHERE {facts.present()}")
    return Counter(dict(zip((way.name for way in ways), numbers, strict=True)))


def _typed(connection: duckdb.DuckDBPyConnection, facts: Facts, way: Way, chosen: str | None) -> Decision | None:
    """The decision for a way all values are written in; None where numbers are too long to be kept exactly."""
    value = f"CASE WHEN {facts.present()} THEN {way.value(facts.sql, plain=facts.plain)} END"
    shown = way.format
    if not facts.plain and (digits := _digits_of(facts.sample)):
        shown = f"{shown}, {digits}" if shown else digits
    if way.type not in ("decimal", "double"):
        return Decision(way.type, value, shown, way)
    if way.type == "double":
        return Decision("decimal", f"CAST({value} AS DOUBLE)", shown, way)
    places, whole = one(
        connection,
        f"""SELECT max(CASE WHEN strpos(x, '.') > 0 THEN strlen(x) - strpos(x, '.') ELSE 0 END),
            max(strlen(ltrim(split_part(x, '.', 1), '-'))) FROM (SELECT {value} AS x FROM raw)""",
    )
    if places == 0 and whole <= 15 and chosen != "decimal":
        return Decision("integer", f"CAST({value} AS BIGINT)", shown, way)
    if chosen == "integer" or (places == 0 and whole > 15) or places + whole > 38:
        return None
    precision = 18 if places + whole <= 18 else 38
    return Decision("decimal", f"CAST({value} AS DECIMAL({precision},{places}))", shown, way)


def _digits_of(sample: list[str]) -> str:
    text = "".join(sample)
    if any("٠" <= char <= "٩" for char in text):
        return "Arabic-Indic digits"
    return "Persian digits" if any("۰" <= char <= "۹" for char in text) else ""


def _notes(facts: Facts, whole: list[Way], choices: Choices) -> list[str]:
    """Codes of problems that explain how a typed column was read."""
    names = [way.name for way in whole]
    notes = []
    if _digits_of(facts.sample):
        notes.append("other_digits")
    if names[0].startswith("percent"):
        notes.append("percent")
    if {"grouped", "comma"} <= {*names} and "number" not in names and choices.decimal is None:
        notes.append("comma_meaning")
    if names[0] == "scientific":
        notes.append("inexact_numbers")
    if names[0].startswith("dmy") and any(name.startswith("mdy") for name in names) and choices.date_order is None:
        notes.append("date_order_unsure")
    if names[0].startswith("mdy") and choices.date_order != "month":
        notes.append("month_first")
    return notes


def _why_text(connection: duckdb.DuckDBPyConnection, facts: Facts) -> list[str]:
    """Codes that explain why a column of something like numbers or dates stays text."""
    if not any(_HAS_DIGIT.search(text) for text in facts.sample):
        return []
    x = facts.folded()
    tests = {
        "digits": f"regexp_full_match({x}, '{values.DIGITS}')",
        "leading_zeros": f"regexp_full_match({x}, '0[0-9]+')",
        "long_numbers": f"regexp_full_match({x}, '-?[0-9]{{16,}}(?:[.][0-9]+)?')",
        "hijri_dates": f"regexp_full_match({x}, '{values.HIJRI}')",
        "hijri_years": f"regexp_full_match({x}, '{values.HIJRI_YEAR}')",
        "two_digit_years": f"regexp_full_match({x}, '{values.TWO_DIGIT_YEAR}')",
        "times_with_zone": f"regexp_full_match({x}, '{values.ZONED}')",
    }
    counts = ", ".join(f"count(*) FILTER ({test})" for test in tests.values())
    found = dict(zip(tests, one(connection, f"SELECT {counts} FROM raw WHERE {facts.present()}"), strict=True))
    notes = [code for code in ("two_digit_years", "times_with_zone") if found[code] >= ALMOST * facts.valued]
    if found["hijri_dates"] - found["hijri_years"] >= _CANDIDATE * facts.valued:
        notes.append("hijri_dates")
    if found["digits"] == facts.valued or found["digits"] + found["long_numbers"] >= facts.valued:
        notes += [code for code in ("leading_zeros", "long_numbers") if found[code]]
    return notes
