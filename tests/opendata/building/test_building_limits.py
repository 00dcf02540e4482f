"""Building in a process of its own: within its limits, or not at all and with a reason."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opendata.building.limited import ROOT, BuildFailed, build_limited, compare_limited
from opendata.building.schema import ColumnSpec, Schema

Table = tuple[Path, Schema]


@pytest.fixture
def large(tmp_path: Path) -> Table:
    """A table that takes seconds to build."""
    path = tmp_path / "large" / "table.parquet"
    path.parent.mkdir()
    columns = ", ".join(f"'قيمة ' || (range * {n}) AS t{n}" for n in range(1, 11))
    duckdb.connect().execute(f"COPY (SELECT range AS id, {columns} FROM range(500000)) TO '{path}' (FORMAT parquet)")
    return path, Schema((ColumnSpec("id", "integer"), *(ColumnSpec(f"t{n}") for n in range(1, 11))))


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_builds_and_compares_in_another_process(awkward: Table, tmp_path: Path):
    table, schema = awkward
    files = build_limited(table, schema, tmp_path / "out")
    assert left_in(tmp_path / "out") == {file.name for file in files}
    difference = compare_limited(table, tmp_path / "out" / "data.parquet", ("id",), tmp_path / "difference")
    assert difference.key_problem == "repeated"
    assert difference.unchanged == files[0].rows


def test_it_does_not_load_the_engine_into_our_process():
    done = subprocess.run(
        [sys.executable, "-c", "import opendata.building.limited, sys; print('duckdb' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_a_dictionary_that_does_not_fit_is_a_clear_failure(awkward: Table, tmp_path: Path):
    with pytest.raises(BuildFailed) as failed:
        build_limited(awkward[0], Schema((ColumnSpec("other"),)), tmp_path / "out")
    assert failed.value.code == "bad_schema"
    assert "other" in failed.value.detail


def test_what_is_logged_of_a_failure_quotes_no_value():
    code = (
        "from pathlib import Path; from opendata.building.__main__ import answer; "
        "import opendata.building.__main__ as m; "
        "m._make = lambda job, into: int('Salim Al Balushi'); "
        "print(answer({}, Path('.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    kind, detail, where = ast.literal_eval(done.stdout)["failed"]
    assert "Salim" in detail
    assert "Salim" not in str(BuildFailed(kind, detail, where))
    assert "ValueError at __main__.py:" in str(BuildFailed(kind, detail, where))


def test_a_broken_table_is_a_clear_failure(tmp_path: Path):
    (tmp_path / "table.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(BuildFailed) as failed:
        build_limited(tmp_path / "table.parquet", Schema((ColumnSpec("a"),)), tmp_path / "out")
    assert failed.value.code == "builder_failed"


def test_it_stops_when_time_is_up(large: Table, tmp_path: Path):
    began = time.monotonic()
    with pytest.raises(BuildFailed) as failed:
        build_limited(*large, tmp_path / "out", seconds=0.7)
    assert failed.value.code == "took_too_long"
    assert time.monotonic() - began < 5
    assert "job.json" not in left_in(tmp_path / "out")


def test_it_stops_when_memory_is_up(large: Table, tmp_path: Path):
    with pytest.raises(BuildFailed) as failed:
        build_limited(*large, tmp_path / "out", memory_mb=330)
    assert failed.value.code == "too_big"


def test_the_process_gets_none_of_our_environment(awkward: Table, tmp_path: Path, monkeypatch: Any):
    from opendata.building import limited

    monkeypatch.setenv("SIGNING_KEY", "secret")
    started: dict[str, Any] = {}
    real = subprocess.Popen

    def watch(*args: Any, **kwargs: Any) -> Any:
        started.update(kwargs)
        return real(*args, **kwargs)

    monkeypatch.setattr(limited.subprocess, "Popen", watch)
    build_limited(*awkward, tmp_path / "out")
    assert set(started["env"]) == {"PATH", "LANG", "HOME", "TMPDIR", "PYTHONPATH", "MALLOC_ARENA_MAX"}


def test_it_ends_with_the_process_that_asked(large: Table, tmp_path: Path):
    table, _schema = large
    asking = (
        "import sys; from pathlib import Path; from opendata.building.limited import build_limited; "
        "from opendata.building.schema import Schema, ColumnSpec; "
        "columns = (ColumnSpec('id', 'integer'), *(ColumnSpec(f't{n}') for n in range(1, 11))); "
        "build_limited(Path(sys.argv[1]), Schema(columns), Path(sys.argv[2]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", asking, str(table), str(tmp_path / "out")], cwd=ROOT)
    child = _child_of(parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _child_of(pid: int) -> int:
    """Its child, as soon as that is at work."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children and Path(f"/proc/{children[0]}/maps").read_text().count("_duckdb"):
            return int(children[0])
        time.sleep(0.02)
    raise AssertionError("it started no process")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False
