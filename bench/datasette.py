"""Datasette in an environment of its own under bench/var, over the same rows in SQLite."""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSION = "0.65.5"
VENV = Path(__file__).resolve().parent / "var" / "datasette"
COMMAND = VENV / "bin" / "datasette"
TYPES = ("INTEGER", "TEXT", "TEXT", "INTEGER", "TEXT", "REAL", "REAL", "INTEGER", "INTEGER", "TEXT", "TEXT", "TEXT")


def install() -> None:
    """Install it once."""
    noted = VENV / "installed.txt"
    if noted.exists() and noted.read_text() == VERSION:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    wanted = [f"datasette=={VERSION}", "setuptools<81"]  # it imports pkg_resources
    python = str(VENV / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted], check=True)
    noted.write_text(VERSION)


def load(source: Path, target: Path) -> None:
    """A CSV of the pipeline's benchmark as the table `rows`, typed, and what `datasette inspect` counts of it."""
    with sqlite3.connect(target) as connection, source.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        defined = ", ".join(f'"{name}" {kind}' for name, kind in zip(next(reader), TYPES, strict=True))
        connection.execute(f"CREATE TABLE rows ({defined})")
        connection.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(TYPES))})", _typed(reader))
        connection.commit()
        connection.execute("ANALYZE")
    counts = [str(COMMAND), "inspect", str(target), "--inspect-file", str(target.with_suffix(".json"))]
    subprocess.run(counts, check=True)


def _typed(rows: Iterator[list[str]]) -> Iterator[list[Any]]:
    """Booleans as SQLite has them, nothing where a cell is empty; the rest is left to the columns' types."""
    for row in rows:
        yield [{"true": 1, "false": 0, "": None}.get(value, value) for value in row]


def command(database: Path, port: int) -> list[str]:
    """Serve it as a file that never changes, with time enough for every query."""
    return [
        str(COMMAND), "serve", "--immutable", str(database), "--inspect-file", str(database.with_suffix(".json")),
        "--port", str(port), "--setting", "sql_time_limit_ms", "60000", "--setting", "max_csv_mb", "0",
    ]  # fmt: skip
