"""The reader in its own process: limits hold, nothing leaks in, nothing outlives the parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from opendata.reading import Choices
from opendata.reading.limited import _environment, _frames, _kind_of_error, read_limited
from tests.opendata.reading.corpus import corpus

ROOT = Path(__file__).resolve().parents[3]


def many_rows(path: Path, count: int) -> Path:
    with path.open("w") as file:
        file.write("id,text,amount\n")
        for start in range(0, count, 1000):
            file.write("".join(f"{n},some text {n % 977},{n * 0.25}\n" for n in range(start, start + 1000)))
    return path


def test_it_reads_in_another_process_and_tells_its_progress(tmp_path: Path):
    source = many_rows(tmp_path / "upload", 20_000)
    stages: list[tuple[str, int]] = []
    report = read_limited(
        source, tmp_path / "read", Choices(), name="a.csv", on_progress=lambda stage, rows: stages.append((stage, rows))
    )
    assert (report.rows, report.readable, report.name) == (20_000, True, "a.csv")
    assert [stage for stage, _ in stages] == ["checking", "reading", "typing", "writing"]
    assert (tmp_path / "read" / "table.parquet").exists()


def test_time_is_limited(tmp_path: Path):
    source = many_rows(tmp_path / "upload", 3_000_000)
    begun = time.monotonic()
    report = read_limited(source, tmp_path / "read", Choices(), name="a.csv", seconds=2)
    assert time.monotonic() - begun < 20
    assert list(report.problem_counts) == ["took_too_long"]
    assert not list((tmp_path / "read").glob("work-*"))


def test_memory_is_limited(tmp_path: Path):
    """One cell in the last row and column of a sheet asks for a grid of seventeen billion cells."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>2</v></c></row>'
        "</sheetData></worksheet>"
    )
    source = _with_sheet(tmp_path, sheet)
    report = read_limited(source, tmp_path / "read", Choices(), name="a.xlsx")
    assert list(report.problem_counts) == ["too_big"]


def _with_sheet(folder: Path, sheet: str) -> Path:
    good, changed = folder / "good.xlsx", folder / "upload"
    good.write_bytes(corpus()["merged.xlsx"])
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, sheet if entry == "xl/worksheets/sheet1.xml" else old.read(entry))
    return changed


def test_a_reader_that_cannot_start_is_a_message(tmp_path: Path):
    report = read_limited(many_rows(tmp_path / "upload", 1000), tmp_path / "read", Choices(), name="a", memory_mb=60)
    assert set(report.problem_counts) <= {"too_big", "reader_failed"}
    assert not report.readable


def test_limits_are_set_by_the_reader_itself():
    """And not between fork and exec, where a lock that another thread holds would keep the child for ever."""
    program = (
        "import os, resource; from opendata.reading.__main__ import limit;"
        "limit(os.getppid(), 900, 60, 1000);"
        "print([resource.getrlimit(getattr(resource, 'RLIMIT_' + one))[0] for one in ('AS', 'CPU', 'FSIZE', 'CORE')])"
    )
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == str([900 * 2**20, 120, 1000 * 2**20, 0])


def test_a_reader_that_fails_leaves_its_place_in_the_log_and_no_cell(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    wrong: dict = {"types": ["not a mapping"]}
    report = read_limited(many_rows(tmp_path / "upload", 1000), tmp_path / "read", Choices(**wrong), name="a")
    assert [(one.code, one.params) for one in report.problems] == [("reader_failed", {"what": "AttributeError"})]
    assert "AttributeError; reading.py:" in caplog.text
    note = (
        'Traceback:\n  File "/x/tables.py", line 7, in describe\n    secret()\nduckdb.BinderException: cell 99887766\n'
    )
    assert (_kind_of_error(note), _frames(note)) == ("BinderException", "tables.py:7 describe")


def test_no_secret_of_the_environment_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    assert not {"SECRET_KEY", "DATABASE_URL", "PYTHONPATH"} & _environment(tmp_path).keys()


def test_the_reader_dies_with_its_parent(tmp_path: Path):
    source = many_rows(tmp_path / "upload", 3_000_000)
    program = (
        "from pathlib import Path; from opendata.reading import Choices;"
        "from opendata.reading.limited import read_limited;"
        f"read_limited(Path({str(source)!r}), Path({str(tmp_path / 'read')!r}), Choices(), name='a')"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    child = _wait_for(lambda: _reader_of(tmp_path))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert _wait_for(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))


def _reader_of(folder: Path) -> int | None:
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if b"opendata.reading\0" in command and str(folder).encode() in command:
                return int(process.name)
    return None


def _is_zombie(pid: int) -> bool:
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


def _wait_for(found, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not happen")
