"""DuckDB as building uses it: two threads, bounded memory that spills to disk, and no reach beyond its folders."""

# ruff: noqa: S608 - the only names in these queries are quoted ones that `Schema` has checked

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.building.schema import BadSchema, Schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_MB = 450
"""What DuckDB may hold; the process takes some 200 MB more."""
THREADS = 2
SPILL_MB = 10_000
"""What it may lay aside on disk; never more than half of what is free, for others write there too."""
_FAMILIES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "VARCHAR": "text",
    "DOUBLE": "decimal",
    "FLOAT": "decimal",
}
_INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")} | {
    "INTEGER",
    "UINTEGER",
}


@contextmanager
def engine(*folders: Path, memory_mb: int = MEMORY_MB) -> Iterator[DuckDBPyConnection]:
    """An empty database in memory that reads and writes below these folders only and spills into the last of them."""
    import duckdb  # here, so that importing this module costs a web worker nothing and never happens before a fork

    spill = folders[-1] / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    room = min(SPILL_MB, shutil.disk_usage(spill).free // 2_000_000)
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory_mb}MB",
            "threads": THREADS,
            "temp_directory": str(spill),
            "max_temp_directory_size": f"{room}MB",
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        allowed = ", ".join(literal(folder.resolve()) for folder in folders)
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
        for left in spill.glob("*"):
            left.unlink(missing_ok=True)
        spill.rmdir()


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text as SQL takes it: where no parameter may stand."""
    return "'" + str(text).replace("'", "''") + "'"


def source(table: Path) -> str:
    """The rows of a Parquet file, for FROM."""
    return f"read_parquet({literal(table.resolve())})"


def physical_types(connection: DuckDBPyConnection, table: Path) -> dict[str, str]:
    """DuckDB's type of each column of a Parquet file, in order."""
    found = connection.execute(f"DESCRIBE SELECT * FROM {source(table)}").fetchall()
    return {str(row[0]): str(row[1]) for row in found}


def family(physical: str) -> str:
    """Which of our types a DuckDB type is; "" for none of them."""
    plain = physical.partition("(")[0]
    if plain in _INTEGERS:
        return "integer"
    return "decimal" if plain == "DECIMAL" else _FAMILIES.get(plain, "")


def agree(schema: Schema, physical: dict[str, str]) -> None:
    """Raise `BadSchema` unless the dictionary names exactly the table's columns, in order and with their types."""
    if schema.names != list(physical):
        differing = sorted(set(schema.names) ^ set(physical)) or schema.names
        raise BadSchema(f"the dictionary and the table do not have the same columns: {', '.join(differing[:20])}")
    for column in schema.columns:
        if family(physical[column.name]) != column.type:
            raise BadSchema(f"column {column.name} is said to be {column.type} but holds {physical[column.name]}")


def as_text(name: str, kind: str) -> str:
    """SQL for a value as every text format writes it.

    Decimals keep the scale of their column, dates and times are ISO 8601, booleans are `true` and `false`.
    """
    column = quoted(name)
    if kind == "text":
        return column
    text = f"CAST({column} AS VARCHAR)"
    return f"replace({text}, ' ', 'T')" if kind == "datetime" else text
