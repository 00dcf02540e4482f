"""DuckDB, locked down: it sees one directory, fetches nothing, and spills to disk instead of growing."""

# ruff: noqa: S608 the names in the SQL are our own c0, c1 ..., the texts are quoted literals

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

MEMORY_MB = 350
SPILL_MB = 6_000
"""What it may lay aside on disk; never more than half of what is free, for others write there too."""
_WIDE = 200
_USUAL_ROW = 2 * 1024 * 1024


def connect(into: Path, work: Path, width: int) -> duckdb.DuckDBPyConnection:
    """A database of its own in `work` that can read and write files under `into` only.

    A table of many columns needs buffers for each of them in every thread, so it gets one thread.
    """
    import duckdb

    connection = duckdb.connect(str(work / "table.duckdb"))
    (work / "spill").mkdir(exist_ok=True)
    room = min(SPILL_MB, shutil.disk_usage(work).free // 2_000_000)
    for name, value in {
        "memory_limit": f"{MEMORY_MB}MB",
        "threads": 2 if width <= _WIDE else 1,
        "temp_directory": str(work / "spill"),
        "max_temp_directory_size": f"{room}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "enable_progress_bar": False,
    }.items():
        connection.execute(f"SET {name} = {quoted(str(value))}")
    connection.execute(f"SET allowed_directories = [{quoted(str(into.resolve()) + '/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def load(connection: duckdb.DuckDBPyConnection, path: Path, width: int, rows: int, longest: int) -> None:
    """Fill raw(line, c0, c1 ...) from the normalised CSV; empty cells are NULL. RuntimeError unless every row came."""
    line = max(longest, _USUAL_ROW)  # every thread has buffers of several times this size
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    connection.execute(
        f"""CREATE TABLE raw AS SELECT * FROM read_csv({quoted(str(path.resolve()))}, auto_detect=false, header=false,
            delim=',', quote='"', escape='"', new_line='\\r\\n', encoding='utf-8',
            max_line_size={line}, buffer_size={4 * line}, columns={{'line': 'BIGINT', {columns}}})"""
    )
    found = one(connection, "SELECT count(*) FROM raw")[0]
    if found != rows:
        raise RuntimeError(f"{rows} rows written, {found} read back")


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """The first row of a result; every query used with it has one."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
