"""All files of a version out of one typed table.

The same table and dictionary give the same bytes with the same release of DuckDB and of the XLSX writer; only
`query.duckdb` is exempt, which nobody downloads. Memory stays within the engine's limit however long the table is.
"""

# ruff: noqa: S608 - the only names in these queries are quoted ones that `Schema` has checked

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.building.built import MARKS, QUERIES, BuiltFile, Note
from opendata.building.engine import agree, engine, literal, physical_types, quoted, source
from opendata.building.row_marks import write_marks
from opendata.building.schema import CODE, GROUPS, ROW_NUMBER, Schema
from opendata.building.sheets import XLSX_TYPE, write_xlsx, xlsx_obstacle
from opendata.building.texts import FORBIDDEN_IN_XML, write_csv, write_json, write_xml
from opendata.trust.hashing import hash_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEW_VALUES, SHORT_VALUE = 250, 100
"""Different values of a column that has a code, and bytes of the longest."""
GROUPED, SUMMED = 10, 20
"""Columns whose groups are computed beforehand, and of how many columns of numbers: it takes time."""
COUNT = "count"
_LETTERS = 1_000_000
Write = Callable[["DuckDBPyConnection", Path, Schema, Path], object]


def write_parquet(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> None:
    """Write the table as Parquet with its types, compressed by Zstandard."""
    names = ", ".join(quoted(name) for name in schema.names)
    query = f"SELECT {names} FROM {source(table)}"
    connection.execute(f"COPY ({query}) TO {literal(target.resolve())} (FORMAT parquet, COMPRESSION zstd)")


def write_queries(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> None:
    """Write a DuckDB file with the one table `rows`: the columns, and `_id`, the number of the row from 1.

    A text column of few different values has a second one beside it, `CODE`, with the same values as an enumeration:
    grouping by that takes half the time. Everything else is quicker, or simpler, with the texts themselves. What is
    asked most of such groups is computed here once: see `_write_groups`.
    """
    target.unlink(missing_ok=True)
    listed = ", ".join(quoted(name) for name in schema.names)
    numbered = f"read_parquet({literal(table.resolve())}, file_row_number = true)"
    codes = {name: CODE.format(name) for name in _of_few_values(connection, table, schema)}
    connection.execute(f"ATTACH {literal(target.resolve())} AS made")
    try:
        for name, code in codes.items():
            values = f"SELECT DISTINCT {quoted(name)} FROM {source(table)} WHERE {quoted(name)} IS NOT NULL"
            connection.execute(f"CREATE TYPE made.{quoted(code)} AS ENUM ({values})")
            listed += f", CAST({quoted(name)} AS made.{quoted(code)}) AS {quoted(code)}"
        connection.execute(
            f"CREATE TABLE made.rows AS SELECT file_row_number + 1 AS {ROW_NUMBER}, {listed} FROM {numbered}"
        )
        _write_groups(connection, [name for name in codes if name != COUNT][:GROUPED], _summed(connection, table))
    finally:
        connection.execute("DETACH made")


def _write_groups(connection: DuckDBPyConnection, names: list[str], numbers: list[str]) -> None:
    """Write, for each of these columns of `made.rows`, a table of its groups and every function of these numbers."""
    functions = "".join(
        f", {function}({quoted(number)}) AS {quoted(f'{function}:{number}')}"
        for number in numbers
        for function in ("count", "sum", "avg", "min", "max")
    )
    for name in names:
        code = quoted(CODE.format(name))
        connection.execute(
            f"CREATE TABLE made.{quoted(GROUPS.format(name))} AS SELECT CAST({code} AS VARCHAR) AS {quoted(name)},"
            f" count(*) AS {quoted(COUNT)}{functions} FROM made.rows GROUP BY {code}"
        )


def _summed(connection: DuckDBPyConnection, table: Path) -> list[str]:
    """The columns of exact numbers whose sum can be held, whatever they are."""
    types = physical_types(connection, table)
    return [name for name, kind in types.items() if kind == "BIGINT" or kind.startswith("DECIMAL(18,")][:SUMMED]


def _of_few_values(connection: DuckDBPyConnection, table: Path, schema: Schema) -> list[str]:
    """The text columns whose values are, by estimate, few and short enough to be held whenever the file is open."""
    names = [column.name for column in schema.columns if column.type == "text"]
    if not names:
        return []
    measured = ", ".join(f"approx_count_distinct({quoted(name)}), max(strlen({quoted(name)}))" for name in names)
    found = connection.execute(f"SELECT {measured} FROM {source(table)}").fetchone() or ()
    return [
        name
        for name, values, longest in zip(names, found[::2], found[1::2], strict=True)
        if 0 < values <= FEW_VALUES and longest <= SHORT_VALUE
    ]


FORMATS: list[tuple[str, str, str, Write]] = [
    ("data.csv", "csv", "text/csv", write_csv),
    ("data.json", "json", "application/json", write_json),
    ("data.xml", "xml", "application/xml", write_xml),
    ("data.parquet", "parquet", "application/vnd.apache.parquet", write_parquet),
    (QUERIES, "duckdb", "application/vnd.duckdb", write_queries),
]


def build(
    table: Path, schema: Schema, into: Path, *, geojson: Path | None = None, geojson_codec: str = "utf-8"
) -> list[BuiltFile]:  # fmt: skip
    """Write every format of a typed Parquet table into a folder.

    `geojson` is the original where it was GeoJSON, `geojson_codec` what Python decodes it with; it is offered as UTF-8,
    as RFC 8259 wants it. Raises `BadSchema` where the dictionary does not fit the table, and what DuckDB raises where
    memory or disk do not suffice; nothing written then counts.
    """
    into.mkdir(parents=True, exist_ok=True)
    with engine(table.parent, into) as connection:
        agree(schema, physical_types(connection, table))
        rows = _count(connection, table)
        made = []
        for name, kind, media_type, write in FORMATS:
            write(connection, table, schema, into / name)
            made.append(_built(into / name, kind, media_type, rows))
        made[2] = _with_note(made[2], _replaced(connection, table, schema))
        write_marks(into / "data.json", made[1].sha256, rows, into / MARKS)
        made.append(_built(into / MARKS, "marks", "application/octet-stream", rows))
        made.insert(1, _sheet(connection, table, schema, into, rows))
    if geojson is not None:
        _as_utf8(geojson, geojson_codec, into / "data.geojson")
        made.append(_built(into / "data.geojson", "geojson", "application/geo+json", rows))
    return made


def _as_utf8(source: Path, codec: str, target: Path) -> None:
    """The same text as UTF-8 without a byte order mark; what is UTF-8 already keeps its bytes."""
    with (
        source.open(encoding=codec, newline="") as incoming,
        target.open("w", encoding="utf-8", newline="") as outgoing,
    ):
        piece = incoming.read(_LETTERS).removeprefix("\ufeff")
        while piece:
            outgoing.write(piece)
            piece = incoming.read(_LETTERS)


def _sheet(connection: DuckDBPyConnection, table: Path, schema: Schema, into: Path, rows: int) -> BuiltFile:
    obstacle = xlsx_obstacle(connection, table, schema, rows)
    if obstacle is not None:
        return BuiltFile("data.xlsx", "xlsx", XLSX_TYPE, note=Note("xlsx_does_not_fit", obstacle))
    as_text = write_xlsx(connection, table, schema, into / "data.xlsx")
    note = Note("xlsx_values_as_text", {"columns": as_text}) if as_text else None
    return _with_note(_built(into / "data.xlsx", "xlsx", XLSX_TYPE, rows), note)


def _built(path: Path, kind: str, media_type: str, rows: int) -> BuiltFile:
    return BuiltFile(path.name, kind, media_type, path.stat().st_size, hash_file(path), rows)


def _with_note(file: BuiltFile, note: Note | None) -> BuiltFile:
    return BuiltFile(**{**file.__dict__, "note": note})


def _count(connection: DuckDBPyConnection, table: Path) -> int:
    found = connection.execute(f"SELECT count(*) FROM {source(table)}").fetchone()
    return int(found[0]) if found else 0


def _replaced(connection: DuckDBPyConnection, table: Path, schema: Schema) -> Note | None:
    """How many values hold something that XML cannot."""
    texts = [quoted(column.name) for column in schema.columns if column.type == "text"]
    if not texts:
        return None
    pattern = literal(FORBIDDEN_IN_XML)
    counts = ", ".join(f"count_if(regexp_matches({text}, {pattern}))" for text in texts)
    found = connection.execute(f"SELECT {counts} FROM {source(table)}").fetchone() or ()
    values = sum(int(count or 0) for count in found)  # there is none of no rows
    return Note("xml_characters_replaced", {"values": values}) if values else None
