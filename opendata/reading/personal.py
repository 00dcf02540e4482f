"""Columns that seem to say something about people: found for a named officer to look at, masked in what is kept."""

# ruff: noqa: S608 the names in the SQL are our own c0, c1 ..., the texts are quoted literals

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.reading import personal_words as words
from opendata.reading.engine import one, quoted
from opendata.reading.report import PersonalFinding

if TYPE_CHECKING:
    import duckdb

    from opendata.reading.tables import Typed

LINES = 20
_EXAMPLES = 3
_MOST = 0.6
_IBAN_LIMIT = 20_000
_FEW_ROWS = 20

EMAIL = r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,4}\.[A-Za-z]{2,24}"
# A number of Oman with its country code, or the eight digits alone; those are weak and need a header or a majority.
PHONE_ABROAD = r"(?:^|[^0-9])(?:\+|00)?968[ \-]?[279][0-9]{3}[ \-]?[0-9]{4}(?:$|[^0-9])"
PHONE_HERE = r"[79][0-9]{3}[ \-]?[0-9]{4}"
IBAN = r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}"
PASSPORT = r"[A-Z]{0,2}[0-9]{6,9}"
CIVIL = r"[0-9]{6,9}"


def find(connection: duckdb.DuckDBPyConnection, typed: list[Typed], rows: int) -> list[PersonalFinding]:
    """What each column seems to say about people, at most one finding a kind and column."""
    search = _Search(connection, rows)
    findings: list[PersonalFinding | None] = []
    for place, column in enumerate(typed):
        title = words.fold_words(column.facts.title)
        if column.decision.type != "boolean":  # a number of a person is one whatever type it was given
            findings += search.in_values(place, column, title)
        if column.decision.type in ("text", "date", "datetime") and words.BIRTH.search(title):
            findings.append(search.found(place, column, "birth_date", f"{column.facts.sql} IS NOT NULL"))
    findings += search.small_counts(typed)
    return [finding for finding in findings if finding]


class _Search:
    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: int) -> None:
        self.connection, self.rows = connection, rows

    def in_values(self, place: int, column: Typed, title: str) -> list[PersonalFinding | None]:
        """Findings by the shape of values, helped by the header where the shape alone says little."""
        x, text = column.facts.folded(), column.decision.type == "text"
        found: list[PersonalFinding | None] = []
        if text:
            found.append(
                self.found(place, column, "email", f"contains({x}, '@') AND regexp_matches({x}, {quoted(EMAIL)})")
            )
            found.append(self.ibans(place, column))
            found.append(self.name(place, column, title))
        phone = self.phone(place, column, title)
        found.append(phone)
        if words.PASSPORT.search(title):
            found.append(self.found(place, column, "passport", f"regexp_full_match(upper({x}), {quoted(PASSPORT)})"))
        elif not phone:
            found.append(self.civil(place, column, title))
        return found

    def found(self, place: int, column: Typed, kind: str, where: str) -> PersonalFinding | None:
        """A finding of all cells for which the SQL is true; None when there are none."""
        count = one(self.connection, f"SELECT count(*) FROM raw WHERE {where}")[0]
        if not count:
            return None
        cells = self.connection.execute(
            f"SELECT line, left({column.facts.sql}, 100) FROM raw WHERE {where} ORDER BY rowid LIMIT {LINES}"
        ).fetchall()
        examples = list(dict.fromkeys(masked(cell) for _, cell in cells))[:_EXAMPLES]
        return PersonalFinding(place, kind, count, [line for line, _ in cells], examples)

    def share(self, column: Typed, pattern: str) -> float:
        """The share of values that match the whole of a pattern."""
        x = f"upper({column.facts.folded()})"
        count = one(self.connection, f"SELECT count(*) FROM raw WHERE regexp_full_match({x}, {quoted(pattern)})")[0]
        return float(count) / max(1, column.facts.valued)

    def unique(self, column: Typed) -> bool:
        """Whether values hardly repeat, as numbers of people do."""
        facts = column.facts
        return facts.distinct >= 10_000 or facts.distinct >= 0.7 * max(1, facts.valued)

    def phone(self, place: int, column: Typed, title: str) -> PersonalFinding | None:
        x = column.facts.folded()
        where = f"regexp_matches({x}, {quoted(PHONE_ABROAD)})"
        said = bool(words.PHONE.search(title))
        if said or (column.decision.type == "text" and self.unique(column) and self.share(column, PHONE_HERE) >= _MOST):
            where = f"({where} OR regexp_full_match({x}, {quoted(PHONE_HERE)}))"
        elif column.decision.type != "text" and self.share(column, r"968[279][0-9]{7}") < _MOST:
            return None
        return self.found(place, column, "phone", where)

    def civil(self, place: int, column: Typed, title: str) -> PersonalFinding | None:
        """Civil numbers: eight digits alone are weak; the header must speak of a number and values hardly repeat."""
        said = words.CIVIL.search(title)
        if not said and not (words.NUMBERED.search(title) and column.facts.valued >= _FEW_ROWS and self.unique(column)):
            return None
        if self.share(column, CIVIL if said else r"[0-9]{8}") < (_MOST if said else 0.95):
            return None
        return self.found(place, column, "civil_number", f"regexp_full_match({column.facts.folded()}, {quoted(CIVIL)})")

    def ibans(self, place: int, column: Typed) -> PersonalFinding | None:
        """Account numbers whose check number is right."""
        shaped = self.connection.execute(
            f"""SELECT line, {column.facts.sql} FROM raw WHERE strlen({column.facts.sql}) BETWEEN 15 AND 200
                AND regexp_matches(upper({column.facts.sql}), {quoted(IBAN)}) ORDER BY rowid LIMIT {_IBAN_LIMIT}"""
        ).fetchall()
        right = [(line, cell) for line, cell in shaped if any(map(is_iban, re.findall(IBAN, cell.upper())))]
        if not right:
            return None
        examples = list(dict.fromkeys(masked(cell) for _, cell in right))[:_EXAMPLES]
        return PersonalFinding(place, "iban", len(right), [line for line, _ in right[:LINES]], examples)

    def name(self, place: int, column: Typed, title: str) -> PersonalFinding | None:
        """Names of people: a header that says so, or "name" alone over values that look like names of people."""
        if words.NOT_PERSON.search(title):
            return None
        sample = column.facts.sample[:1_000]
        most = max(1, len(sample))
        shaped = sum(bool(words.NAME_SHAPE.fullmatch(text)) for text in sample) / most
        people = sum(bool(words.NAME_PARTS.search(words.fold_words(text))) for text in sample) / most
        bare = words.BARE_NAME.search(title) and shaped >= _MOST and people >= 0.2
        patronymics = people >= 0.4 and shaped >= 0.8 and len(sample) >= 5 and self.unique(column)
        if words.PERSON_NAME.search(title) or bare or patronymics:
            return self.found(place, column, "name", column.facts.present())
        return None

    def small_counts(self, typed: list[Typed]) -> list[PersonalFinding | None]:
        """Columns of counts, many of them 1 to 4, in a table that has a trait of people among its columns."""
        if self.rows < _FEW_ROWS or not any(words.TRAIT.search(words.fold_words(one.facts.title)) for one in typed):
            return []
        found = []
        for place, column in enumerate(typed):
            title = words.fold_words(column.facts.title)
            if not words.COUNT.search(title):
                continue
            where = f"TRY_CAST({column.facts.folded()} AS DOUBLE) IN (1, 2, 3, 4)"  # whatever type the column was given
            small = one(self.connection, f"SELECT count(*) FROM raw WHERE {where}")[0]
            if small >= 3 and small >= 0.1 * column.facts.valued:
                found.append(self.found(place, column, "small_counts", where))
        return found


def masked(text: str) -> str:
    """A value of which only the first and last characters can be read; e-mail addresses keep the shape."""
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}•••@{host[:1]}•••"
    if len(text) <= 4:
        return "•" * len(text)
    return f"{text[0]}{'•' * min(len(text) - 2, 10)}{text[-1]}"


def is_iban(text: str) -> bool:
    """Whether letters and digits are an account number by ISO 13616: rearranged, the number leaves 1 modulo 97."""
    plain = text.replace(" ", "")
    if plain.startswith("OM") and len(plain) != 23:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
