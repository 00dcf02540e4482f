"""The text formats, each written by one query of DuckDB.

CSV: UTF-8 without a mark, comma, quotes where RFC 4180 asks for them, and LF at the end of a line. RFC 4180 says CRLF;
the W3C's model of tabular data takes both, every reader does, and with LF the last column is right in `cut`, `awk` and
`join` too. An empty value is nothing between two commas, an empty text is `""`; in a table of one column both are `""`,
because an empty line is skipped by many readers. (DuckDB tells the two apart with `allow_quoted_nulls = false`.)
Nothing is put in front of what looks like a formula: the data are published as they are.

JSON: an array of objects, one a line. Integers and decimals are numbers with all their digits: read them with a reader
that keeps decimals where more than 15 digits matter. An empty value is `null`.

XML: `<dataset>`, in it a `<row>` for each row, in it an element for each column that has a value, called as the column
(with `_` in front of a name that begins with a digit). An empty value has no element, an empty text an empty one.
XML 1.0 cannot hold most control characters at all: each of them becomes U+FFFD.
"""

# ruff: noqa: S608 - the only names in these queries are quoted ones that `Schema` has checked

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opendata.building.engine import as_text, literal, quoted, source
from opendata.building.schema import ColumnSpec, Schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORBIDDEN_IN_XML = "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{FFFE}\\x{FFFF}]"
_XML_START = '<?xml version="1.0" encoding="UTF-8"?>\n<dataset>'
_XML_END = "</dataset>\n"


def write_csv(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> None:
    """Write the table as CSV."""
    values = [as_text(column.name, column.type) for column in schema.columns]
    if len(values) == 1:
        values = [f"coalesce({values[0]}, '')"]
    named = ", ".join(f"{value} AS {quoted(name)}" for value, name in zip(values, schema.names, strict=True))
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"
    _copy(connection, f"SELECT {named} FROM {source(table)}", target, options)


def write_json(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> None:
    """Write the table as JSON."""
    values = ", ".join(
        f"{as_text(column.name, column.type) if column.type == 'datetime' else quoted(column.name)} "
        f"AS {quoted(column.name)}"
        for column in schema.columns
    )
    _copy(connection, f"SELECT {values} FROM {source(table)}", target, "FORMAT json, ARRAY true")


def write_xml(connection: DuckDBPyConnection, table: Path, schema: Schema, target: Path) -> None:
    """Write the table as XML: lines of a CSV with one column and no quotes, which is as fast as DuckDB writes."""
    elements = element_names(schema.names)
    values = ", ".join(_element(column, elements[column.name]) for column in schema.columns)
    rows = f"SELECT concat('<row>', {values}, '</row>') AS {quoted(_XML_START)} FROM {source(table)}"
    _copy(connection, rows, target, "FORMAT csv, HEADER, QUOTE '', ESCAPE '', DELIMITER ',', NULLSTR ''")
    with target.open("a", encoding="utf-8", newline="") as file:
        file.write(_XML_END)


def element_names(names: list[str]) -> dict[str, str]:
    """The XML element of each column: its name, with `_` in front where XML allows no such beginning."""
    found: dict[str, str] = {}
    taken = set(names)
    for name in names:
        element = name
        while element[0].isdigit() or (element != name and element in taken):
            element = f"_{element}"
        taken.add(element)
        found[name] = element
    return found


def _element(column: ColumnSpec, element: str) -> str:
    """SQL for one element; `concat` takes NULL for nothing."""
    value = as_text(column.name, column.type)
    if column.type == "text":
        value = f"regexp_replace({value}, {literal(FORBIDDEN_IN_XML)}, '\ufffd', 'g')"
        # A carriage return that is not written as a reference is turned into a newline by every XML reader.
        for plain, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
            value = f"replace({value}, {literal(plain)}, {literal(written)})"
    return f"'<{element}>' || {value} || '</{element}>'"


def _copy(connection: DuckDBPyConnection, query: str, target: Path, options: str) -> None:
    connection.execute(f"COPY ({query}) TO {literal(target.resolve())} ({options})")
