"""Transactions of other connections that are held open, to see who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from tests.running import wait_until


def aside(act: Callable[[], Any]) -> Future[Any]:
    """Begin to do something on a connection of its own."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    return future


@contextmanager
def held_open(act: Callable[[], Any]) -> Iterator[None]:
    """Do something in a transaction of another connection, which is committed only on leaving."""
    done, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            act()
            done.set()
            assert let_go.wait(30)

    future = aside(hold)
    wait_until(lambda: done.is_set() or future.done())
    try:
        yield
    finally:
        let_go.set()
        future.result(30)


def wait_until_blocked(count: int = 1) -> None:
    """Wait until so many connections of this database wait for a lock."""

    def blocked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.fetchone()[0] >= count)

    wait_until(blocked)
