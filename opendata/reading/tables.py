"""The table as it will be published: columns described, every problem of values told, Parquet written."""

# ruff: noqa: S608 the names in the SQL are our own c0, c1 ..., the texts are quoted literals

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata.reading.cells import is_missing
from opendata.reading.choices import Choices
from opendata.reading.engine import identifier, one, quoted
from opendata.reading.gathering import WRITTEN, Problems, excerpt
from opendata.reading.names import machine_names
from opendata.reading.report import Column
from opendata.reading.typing_columns import DISTINCT, Decision, Facts, decide
from opendata.reading.values import FOREIGN, Way

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 16
_SAMPLE_CELLS = 400_000
_SAMPLE_ROWS = 5_000
_EXAMPLES = 5
_SERIAL_WORDS = ("date", "تاريخ", "day", "يوم")


@dataclass
class Typed:
    """A described column with what is needed to write and examine it."""

    column: Column
    facts: Facts
    decision: Decision


def describe(
    connection: duckdb.DuckDBPyConnection, titles: list[str], rows: int, choices: Choices, problems: Problems
) -> list[Typed]:
    """Decide the type of every column of raw and tell what readers of the report must know."""
    everything = _facts(connection, titles)
    kept = [facts for facts in everything if facts.title or facts.filled] or everything
    for place, facts in enumerate(everything):
        if facts not in kept:
            problems.add("empty_column_left_out", value=f"{place + 1}")
    _sample(connection, kept, rows)
    names = machine_names([facts.title for facts in kept])
    _tell_titles(kept, names, problems)
    chosen = choices.types or {}
    for name in chosen.keys() - {*names}:
        problems.add("type_for_no_column", value=name, name=name)
    typed = []
    for place, (facts, name) in enumerate(zip(kept, names, strict=True)):
        decision = decide(connection, facts, choices, chosen.get(name))
        _tell(connection, place, facts, decision, problems)
        typed.append(Typed(_described(connection, facts, name, decision, rows), facts, decision))
    return typed


def write(connection: duckdb.DuckDBPyConnection, typed: list[Typed], target: Path) -> None:
    """Write all rows in the order of the file, columns typed and named by their machine names."""
    columns = ", ".join(f"{one.decision.sql} AS {identifier(one.column.name)}" for one in typed)
    rows = f"SELECT {columns} FROM raw ORDER BY line"  # threads that cast at different speeds mix row groups otherwise
    connection.execute(f"COPY ({rows}) TO {quoted(str(target.resolve()))} (FORMAT parquet, COMPRESSION zstd)")


def _facts(connection: duckdb.DuckDBPyConnection, titles: list[str]) -> list[Facts]:
    """Counts of every column, a few columns a query so that memory stays small."""
    everything = [Facts(f"c{place}", title) for place, title in enumerate(titles)]
    for start in range(0, len(everything), _AT_ONCE):
        part = everything[start : start + _AT_ONCE]
        asked = ", ".join(
            f"count({one.sql}), count({one.sql}) FILTER (NOT {one.present()}), approx_count_distinct({one.sql}), "
            f"coalesce(NOT bool_or(regexp_matches({one.sql}, {quoted(FOREIGN)})), true)"
            for one in part
        )
        found = one(connection, f"SELECT {asked} FROM raw")
        for place, facts in enumerate(part):
            facts.filled, facts.missing, facts.distinct, facts.plain = found[place * 4 : place * 4 + 4]
        _count_distinct(connection, part)
    return everything


def _count_distinct(connection: duckdb.DuckDBPyConnection, part: list[Facts]) -> None:
    """Exact counts where the estimate is small, else the cap."""
    few = [facts for facts in part if facts.distinct <= DISTINCT * 1.2]
    for facts in part:
        facts.distinct = DISTINCT
    if few:
        found = one(connection, f"SELECT {', '.join(f'count(DISTINCT {facts.sql})' for facts in few)} FROM raw")
        for facts, count in zip(few, found, strict=True):
            facts.distinct = min(count, DISTINCT)


def _sample(connection: duckdb.DuckDBPyConnection, kept: list[Facts], rows: int) -> None:
    """Give each column values from rows spread evenly over the file, and from its first rows."""
    wanted = min(_SAMPLE_ROWS, max(100, _SAMPLE_CELLS // max(1, len(kept))))
    step = max(1, rows // wanted)
    for start in range(0, len(kept), _AT_ONCE):
        part = kept[start : start + _AT_ONCE]
        names = ", ".join(f"left({facts.sql}, 500)" for facts in part)
        found = connection.execute(f"SELECT {names} FROM raw WHERE rowid < 100 OR rowid % {step} = 0").fetchall()
        for facts, cells in zip(part, zip(*found, strict=True), strict=False):
            facts.sample = [cell for cell in cells if cell is not None]


def _tell_titles(kept: list[Facts], names: list[str], problems: Problems) -> None:
    seen: set[str] = set()
    for place, (facts, name) in enumerate(zip(kept, names, strict=True)):
        if not facts.title and not problems.counts["no_header"]:
            problems.add("header_empty", column=place, name=name)
        elif facts.title and facts.title in seen:
            problems.add("header_repeated", column=place, value=facts.title, name=name)
        seen.add(facts.title)


def _tell(
    connection: duckdb.DuckDBPyConnection, place: int, facts: Facts, decision: Decision, problems: Problems
) -> None:
    for code in decision.notes:
        extra: dict[str, Any] = {"read_as": "thousands"} if code == "comma_meaning" else {}
        problems.add(
            code, column=place, value=next((text for text in facts.sample if not is_missing(text)), ""), **extra
        )
    if facts.missing:
        _tell_missing(connection, place, facts, decision, problems)
    if decision.almost:
        _tell_misfits(connection, place, facts, decision.almost, "value_does_not_fit", problems)
    if decision.refused:
        _tell_misfits(connection, place, facts, decision.refused, "type_does_not_fit", problems)
    if decision.type == "integer" and any(word in facts.title.lower() for word in _SERIAL_WORDS):
        least, greatest = one(connection, f"SELECT min(v), max(v) FROM (SELECT {decision.sql} AS v FROM raw)")
        if least >= 20_000 and greatest <= 60_000:
            problems.add("excel_serials", column=place, value=facts.sample[0])


def _tell_missing(
    connection: duckdb.DuckDBPyConnection, place: int, facts: Facts, decision: Decision, problems: Problems
) -> None:
    made_empty = decision.type != "text"
    found = connection.execute(
        f"""SELECT {facts.sql}, min(line), count(*) FROM raw WHERE {facts.sql} IS NOT NULL AND NOT {facts.present()}
            GROUP BY ALL ORDER BY 3 DESC, 1 LIMIT 20"""
    )
    for value, line, count in found.fetchall():
        problems.add("stands_for_empty", line=line, column=place, value=value, count=count, made_empty=made_empty)


def _tell_misfits(
    connection: duckdb.DuckDBPyConnection, place: int, facts: Facts, way: Way, code: str, problems: Problems
) -> None:
    """Every cell that keeps the column from a type, with its line."""
    value = way.value(facts.sql, plain=facts.plain)
    misfit = f"FROM raw WHERE {facts.present()} AND {value} IS NULL"
    total = one(connection, f"SELECT count(*) {misfit}")[0]
    found = connection.execute(f"SELECT line, left({facts.sql}, 200) {misfit} ORDER BY rowid LIMIT {WRITTEN}")
    kind = {"double": "decimal"}.get(way.type, way.type)
    while cells := found.fetchmany(1_000):
        for line, cell in cells:
            problems.add(code, line=line, column=place, value=cell, type=kind)
    if total > WRITTEN:
        problems.add(code, column=place, times=total - WRITTEN, type=kind)
    if not total:  # every cell is a number, but not of the kind that was chosen
        problems.add(code, column=place, type=kind)


def _described(connection: duckdb.DuckDBPyConnection, facts: Facts, name: str, decision: Decision, rows: int) -> Column:
    least, greatest, filled = one(
        connection,
        f"SELECT CAST(min(v) AS VARCHAR), CAST(max(v) AS VARCHAR), count(v) FROM (SELECT {decision.sql} AS v FROM raw)",
    )
    examples = list(dict.fromkeys(excerpt(text) for text in facts.sample if not is_missing(text)))[:_EXAMPLES]
    column = Column(name, facts.title, decision.type, rows - filled, facts.distinct, examples=examples)
    return replace(column, least=_short(least), greatest=_short(greatest), format=decision.format)


def _short(value: Any) -> str | None:
    return None if value is None else excerpt(value)
