"""The engine's process: locked down, stopped in time, replaced when it dies, gone with whoever started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
import pytest

from opendata.querying import client
from opendata.querying.engine import EXPORTS, OPEN_FILES, Engine
from opendata.querying.grammar import Aggregate, Query, Sort, parse
from opendata.querying.process import ROOT, Limits, Process
from opendata.querying.watch import LONG_ONES, Watch
from tests.opendata.querying.queried import Asked
from tests.running import wait_until

SLOW = Query(search="نص سطر ن ص س ط ر طر", aggregates=(Aggregate("count"),))
"""Looks through every text eight times: all of them hold every word."""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Every test begins without an engine, and with the limits as they are."""
    client.end()
    yield
    client.LIMITS = Limits()
    client.end()


def engine_of(asked: Asked) -> Process:
    client.run(asked.path, asked.columns, Query(limit=1))
    return client._processes[asked.path.parents[1]]


def is_there(pid: int) -> bool:
    """Does a process run (one that only waits to be collected does not)?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_process_answers_all_threads_of_a_worker(large: Asked) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.run(large.path, large.columns, Query(offset=n, limit=1)), range(60)))
    assert [json.loads(answer.body)[0]["number"] for answer in answers] == list(range(60))
    assert len(client._processes) == 1


def test_a_killed_engine_is_replaced_and_what_was_asked_of_it_is_asked_again(large: Asked) -> None:
    process = engine_of(large)
    query = Query(aggregates=(Aggregate("count"),), search="لا", limit=1)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.run, large.path, large.columns, query, seconds=20)
        time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
        assert asked.result().body == b'[{"count":0}]'
    assert engine_of(large).pid != process.pid


def test_a_slow_query_is_stopped_while_others_are_answered(large: Asked) -> None:
    process = engine_of(large)
    refused: list[float] = []

    def slow() -> None:
        began = time.monotonic()
        with pytest.raises(client.TooSlow, match="longer than it may"):
            client.run(large.path, large.columns, SLOW, seconds=0.4)
        refused.append(time.monotonic() - began)

    threads = [threading.Thread(target=slow) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        assert client.run(large.path, large.columns, Query(offset=number), seconds=20).rows == 100
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert engine_of(large).pid == process.pid, "it was stopped from inside"


def test_one_long_query_too_many_is_stopped_before_its_time() -> None:
    """The others keep their time, and whoever comes when one of them has ended gets its place."""
    watch, stopped, now = Watch(), list[int](), time.monotonic()
    with ExitStack() as open_ones:
        every = [watch.until(now + 60, partial(stopped.append, n), now + 0.1) for n in range(LONG_ONES + 1)]
        alarms = [open_ones.enter_context(one) for one in every]
        wait_until(lambda: stopped)
        assert set(stopped) == {LONG_ONES}
        assert [one.is_one_too_many for one in alarms] == [False] * LONG_ONES + [True]
    with watch.until(time.monotonic() + 60, lambda: None, time.monotonic()) as later:
        wait_until(lambda: later.is_long)


def test_an_engine_that_does_not_stop_by_itself_is_killed_from_outside(large: Asked) -> None:
    process = engine_of(large)
    os.kill(process.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(client.TooSlow):
        client.run(large.path, large.columns, Query(), seconds=0.2)
    assert time.monotonic() - began < 10
    assert not is_there(process.pid)
    assert client.run(large.path, large.columns, Query()).rows == 100


def test_a_query_that_needs_too_much_memory_is_refused_and_the_next_one_answered(large: Asked) -> None:
    client.LIMITS = Limits(memory_mb=12)
    query = Query(distinct=True, sort=(Sort("text"),), limit=5)
    with pytest.raises(client.TooBig, match="more memory than it may"):
        client.run(large.path, large.columns, query, seconds=20)
    assert client.run(large.path, large.columns, Query(limit=3)).rows == 3


def test_an_engine_that_grows_too_large_is_killed_from_outside(large: Asked) -> None:
    client.LIMITS = Limits(resident_mb=20)
    with pytest.raises(client.TooBig):
        client.run(large.path, large.columns, SLOW, seconds=20)
    client.LIMITS = Limits()
    assert client.run(large.path, large.columns, Query(limit=3)).rows == 3


def test_a_page_with_too_many_bytes_is_refused(tmp_path: Path) -> None:
    from tests.opendata.querying.queried import specs, write

    path = write(tmp_path, {"text": "VARCHAR"}, "SELECT repeat('x', 2000) AS text FROM range(10000)")
    with pytest.raises(client.TooBig, match="fewer rows or columns"):
        client.run(path, specs({"text": "VARCHAR"}), Query(limit=10_000), seconds=20)


def test_numbers_that_cannot_be_added_up_are_refused(tmp_path: Path) -> None:
    from tests.opendata.querying.queried import specs, write

    columns = {"amount": "DECIMAL(38,0)"}
    path = write(tmp_path, columns, "SELECT CAST(repeat('9', 38) AS DECIMAL(38,0)) AS amount FROM range(3)")
    with pytest.raises(client.TooBig, match="more digits"):
        client.run(path, specs(columns), Query(aggregates=(Aggregate("sum", "amount"),)))


def test_the_engine_ends_with_the_process_that_started_it(large: Asked) -> None:
    code = (
        "import sys, time; from pathlib import Path; from opendata.querying import client, grammar\n"
        "from opendata.building.schema import ColumnSpec\n"
        "path = Path(sys.argv[1]); client.run(path, [ColumnSpec('number', 'integer')], grammar.Query())\n"
        "print(client._processes[path.parents[1]].pid, flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(large.path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    pid = int(worker.stdout.readline())
    assert is_there(pid)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    wait_until(lambda: not is_there(pid))


def test_a_forked_worker_gets_an_engine_of_its_own(large: Asked) -> None:
    process = engine_of(large)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            pid = engine_of(large).pid
            os.write(writing, f"{pid}".encode())
            client.end()
        finally:
            os._exit(0)
    os.close(writing)
    assert int(os.read(reading, 100)) != process.pid
    os.close(reading)
    os.waitpid(child, 0)
    assert engine_of(large).pid == process.pid


def test_the_process_knows_none_of_our_settings_and_writes_no_file(large: Asked) -> None:
    process = engine_of(large)
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"SECRET" not in environment
    assert b"DATABASE_URL" not in environment
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert limits.split("Max file size")[1].split()[0] == "0"
    loaded = Path(f"/proc/{process.pid}/maps").read_text()
    assert "psycopg" not in loaded


def test_duckdb_in_it_opens_nothing_else_and_changes_nothing(large: Asked, tmp_path: Path) -> None:
    engine = Engine(large.path.parents[1])
    (tmp_path / "other.csv").write_text("a\n1\n")
    (tmp_path / "other").write_bytes(large.path.read_bytes())
    with pytest.raises(duckdb.Error), engine.table(tmp_path / "other", large.columns):
        pass
    with engine.table(large.path, large.columns) as table:
        for statement in (
            f"SELECT * FROM '{tmp_path}/other.csv'",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM read_text('/proc/self/environ')",
            "SELECT * FROM glob('/etc/*')",
            "SELECT * FROM 'http://127.0.0.1:9/a.csv'",
            "ATTACH 'dbname=postgres' AS other (TYPE postgres)",
            "LOAD httpfs",
            f"SET allowed_directories = ['{tmp_path}']",
            "SET memory_limit = '90GB'",
            f"ATTACH '{tmp_path}/new.duckdb'",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            "SET threads = 4",
            "SET enable_external_access = true",
            "INSTALL httpfs",
            f"DELETE FROM {table.name}",
        ):
            with pytest.raises(duckdb.Error):
                engine._connection.execute(statement)


def test_files_that_are_not_asked_any_more_are_closed(small: Asked, tmp_path: Path) -> None:
    engine = Engine(tmp_path / "objects")
    paths = [tmp_path / "objects" / f"{number:02}" / f"{number}" for number in range(OPEN_FILES + 5)]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_bytes(small.path.read_bytes())
        with engine.table(path, small.columns) as table:
            assert len(engine.page(table, Query(limit=2), "json", time.monotonic() + 9, total=False).lines) == 2
    assert len(engine._opened) == OPEN_FILES
    assert str(paths[0]) not in engine._opened


def test_a_file_that_was_destroyed_is_closed(small: Asked, tmp_path: Path) -> None:
    engine = Engine(tmp_path / "objects")
    kept, destroyed = (tmp_path / "objects" / "ab" / name for name in ("kept", "destroyed"))
    kept.parent.mkdir(parents=True)
    for path in (kept, destroyed):
        path.write_bytes(small.path.read_bytes())
        with engine.table(path, small.columns):
            pass
    with engine.table(destroyed, small.columns):
        destroyed.unlink()
        engine.close_destroyed()
        assert list(engine._opened) == [str(kept), str(destroyed)], "a query is at it"
    engine.close_destroyed()
    assert list(engine._opened) == [str(kept)]
    with engine.table(kept, small.columns):
        assert list(engine._opened) == [str(kept)]
    with pytest.raises(duckdb.Error), engine.table(destroyed, small.columns):
        pass


def test_a_file_that_is_not_there_is_unavailable(small: Asked) -> None:
    with pytest.raises(client.Unavailable):
        client.run(small.path.with_name("ffff"), small.columns, Query())
    with pytest.raises(client.Unavailable):
        next(iter(client.stream(small.path.with_name("ffff"), small.columns, Query(limit=None))))


def test_an_export_waits_for_its_reader_and_ends_when_it_leaves(large: Asked) -> None:
    exporting = client.stream(large.path, large.columns, Query(limit=None))
    assert next(exporting).startswith(b"number,amount,text\n")
    time.sleep(0.3)
    exporting.close()
    assert sum(map(len, client.stream(large.path, large.columns, Query(limit=None)))) > 10_000_000


def test_an_export_is_whole(large: Asked) -> None:
    lines = b"".join(client.stream(large.path, large.columns, Query(limit=None))).split(b"\n")
    assert len(lines) == 300_002
    assert [int(line.split(b",")[0]) for line in lines[1:-1]] == list(range(300_000))


def test_more_exports_than_there_are_pipes_are_refused_at_once(large: Asked) -> None:
    query = Query(limit=None)
    open_ones = [client.stream(large.path, large.columns, query) for _ in range(EXPORTS)]
    for one in open_ones:
        next(one)
    with pytest.raises(client.Unavailable, match="Too many exports"):
        next(client.stream(large.path, large.columns, query))
    assert client.run(large.path, large.columns, Query()).rows == 100
    for one in open_ones:
        one.close()
    wait_until(lambda: _exports(large, query))


def _exports(large: Asked, query: Query) -> bool:
    try:
        return bool(next(client.stream(large.path, large.columns, replace(query, limit=5))))
    except client.Unavailable:
        return False


def test_an_export_beyond_its_time_breaks_off(large: Asked) -> None:
    exporting = client.stream(large.path, large.columns, Query(limit=None, sort=(Sort("text"),)), seconds=0.05)
    with pytest.raises((client.TooSlow, client.TooBig)):
        list(exporting)


def test_an_engine_killed_in_the_middle_of_an_export_breaks_it_off(large: Asked) -> None:
    exporting = client.stream(large.path, large.columns, Query(limit=None))
    next(exporting)
    os.kill(client._processes[large.path.parents[1]].pid, signal.SIGKILL)
    with pytest.raises(client.Unavailable):
        list(exporting)


def test_memory_stays_flat_over_many_queries(large: Asked) -> None:
    process = engine_of(large)
    asked: list[Callable[[int], Query]] = [
        lambda n: parse([("number__gte", str(n)), ("sort", "-amount")], large.columns),
        lambda n: parse([("text__contains", f"{n}"), ("limit", "20")], large.columns),
        lambda n: parse([("group_by", "amount"), ("aggregate", "count,min:number,max:text"), ("limit", str(n))],
                        large.columns),
    ]  # fmt: skip

    def ask(times: int) -> float:
        for number in range(times):
            client.run(large.path, large.columns, asked[number % 3](number % 100), seconds=20)
        return process.resident_mb()

    settled = ask(60)
    assert ask(150) < settled + 40
    assert engine_of(large).pid == process.pid
