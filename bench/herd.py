"""Very many cases and clocks: a few made by the portal's own actions, then multiplied inside the database."""

from __future__ import annotations

from typing import Any

from django.db import connection, models


def multiply(model: type[models.Model], times: int, where: str = "true", **changes: str) -> int:
    """Insert `times` copies of every row that meets `where`; returns how many rows came in.

    `changes` are SQL expressions by column, which may use the row's columns and the copy's number `n`. Written
    against the model's columns as they are, so that a new column needs nothing here.
    """
    columns = [field.column for field in model._meta.local_concrete_fields if not field.primary_key]
    values = [changes.get(column, f"row.{column}") for column in columns]
    table = model._meta.db_table
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM generate_series(1, {times}) n, {table} row WHERE {where} ORDER BY n, row.id"
    )
    return execute(statement)


def execute(statement: str, *values: Any) -> int:
    """Run one statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


def settle(*tables: type[models.Model]) -> None:
    """Let PostgreSQL look at the new rows now, and not in the middle of a measurement."""
    for model in tables:
        execute(f"VACUUM ANALYZE {model._meta.db_table}")
    execute("CHECKPOINT")
