"""Emptying the database after a test that committed, at a fraction of what Django's `flush` costs.

`flush` truncates every table and then makes content types, permissions and groups anew, which takes seconds with as
many tables as the portal has. Here rows are deleted where there are any, and what migrating made comes from a copy.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from portal.working_days import cache as working_hours

COPIES = "made_by_migrating"
"""A schema with a copy of each table that is not empty after migrating."""
HASH = "SELECT coalesce(md5(string_agg(row::text, '' ORDER BY row::text)), '') FROM {} row"
_hashes: dict[str, str] = {}


def filled(cursor: CursorWrapper) -> list[str]:
    """The tables that hold rows, in one query."""
    tables = [table for table in connection.introspection.table_names(cursor) if table != "django_migrations"]
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def changed(cursor: CursorWrapper) -> list[str]:
    """The tables that do not hold what migrating left in them."""
    if not _hashes:
        return []
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}', ({HASH.format(table)})" for table in _hashes))
    return [table for table, now in cursor.fetchall() if now != _hashes[table]]


def empty(case: Any = None) -> None:
    """What `TransactionTestCase` calls after each test, in place of its own.

    Triggers, which keep what was signed and told from being emptied, and foreign keys are off meanwhile.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled(cursor):
            if table not in _hashes:
                cursor.execute(f"DELETE FROM {table}")
        for table in changed(cursor):
            cursor.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {COPIES}.{table}")
    working_hours._known.clear()  # the calendar that migrating made is given out again, with the version it had


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database, and a copy of what migrating left in it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE; CREATE SCHEMA {COPIES}")
        for table in filled(cursor):
            cursor.execute(f"CREATE TABLE {COPIES}.{table} AS TABLE {table}")
            cursor.execute(HASH.format(table))
            _hashes[table] = cursor.fetchone()[0]
    TransactionTestCase._fixture_teardown = empty
