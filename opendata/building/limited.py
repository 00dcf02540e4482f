"""Building and comparing in a process of their own, which may not take more memory, time or disk than it is given.

The process gets no environment of ours (it holds keys and addresses), no input, a group of its own, and ends with us
however we end. What it was asked and what it answers are files in the folder it writes to.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from opendata.building.built import BuiltFile
from opendata.building.differences import Difference
from opendata.building.schema import Schema

JOB, ANSWER = "job.json", "answer.json"
ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY_MB = 2_000
"""Address space. A million rows of 12 columns take 1,100 of it, and 450 MB of memory: much is reserved, not filled."""
SECONDS = 900
FILE_MB = 20_000
COMPLAINT = 2_000
"""Characters of what a broken process wrote that are kept."""

CODES = {
    "bad_schema": "The data dictionary does not fit the table; the detail says where.",
    "too_big": "The table needs more memory than building may take.",
    "took_too_long": "Building did not end in time.",
    "disk_full": "There is no room for the files.",
    "builder_failed": "Building broke off; the log says where.",
}


class BuildFailed(Exception):
    """Nothing was built: `code` is one of `CODES`.

    `detail` is English and may quote values of the table, so it belongs in no log; `where` may be logged.
    """

    def __init__(self, code: str, detail: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.detail = detail
        self.where = where
        """Kind of the error and the lines of our code it came through."""


def build_limited(
    table: Path,
    schema: Schema,
    into: Path,
    *,
    geojson: Path | None = None,
    geojson_codec: str = "utf-8",
    memory_mb: int = MEMORY_MB,
    seconds: float = SECONDS,
) -> list[BuiltFile]:
    """`files.build` in a process of its own; raises `BuildFailed`."""
    job = {
        "do": "build",
        "table": str(table.resolve()),
        "schema": schema.to_json(),
        "geojson": str(geojson.resolve()) if geojson else None,
        "geojson_codec": geojson_codec,
    }
    return [BuiltFile.from_json(file) for file in _run(job, into, memory_mb, seconds)]


def compare_limited(
    old: Path,
    new: Path,
    key: tuple[str, ...],
    into: Path,
    *,
    memory_mb: int = MEMORY_MB,
    seconds: float = SECONDS,
) -> Difference:
    """`differences.compare` in a process of its own; raises `BuildFailed`."""
    job = {"do": "compare", "old": str(old.resolve()), "new": str(new.resolve()), "key": list(key)}
    return Difference.from_json(_run(job, into, memory_mb, seconds))


def _run(job: dict[str, Any], into: Path, memory_mb: int, seconds: float) -> Any:
    into.mkdir(parents=True, exist_ok=True)
    answer = into / ANSWER
    answer.unlink(missing_ok=True)
    limits = {"memory_mb": memory_mb, "seconds": seconds, "file_mb": FILE_MB, "parent": os.getpid()}
    (into / JOB).write_text(json.dumps({**job, "limits": limits}), encoding="utf-8")
    try:
        code, complaint = _wait([sys.executable, "-m", "opendata.building", str(into.resolve())], into, seconds)
        if not answer.is_file():
            raise BuildFailed(*_why(code, complaint), f"ended with {code}")
        found = json.loads(answer.read_text(encoding="utf-8"))
    finally:
        answer.unlink(missing_ok=True)
        (into / JOB).unlink(missing_ok=True)
    if "failed" in found:
        raise BuildFailed(*found["failed"])
    return found["made"]


def _wait(command: list[str], into: Path, seconds: float) -> tuple[int, str]:
    """Run it to its end; returns its exit code and the last of what it complained."""
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(into),
        "TMPDIR": str(into),
        "PYTHONPATH": str(ROOT),
        "MALLOC_ARENA_MAX": "2",  # each thread's own arena would take address space and fill little of it
    }
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _nothing, complaint = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise BuildFailed("took_too_long", f"stopped after {seconds:.0f} s") from None
    finally:
        _end(process)
    return process.returncode, complaint.decode(errors="replace")[-COMPLAINT:]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop it and what it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _why(code: int, complaint: str) -> tuple[str, str]:
    """What a process that gave no answer died of."""
    detail = complaint or f"ended with {code}"
    if code == -signal.SIGXCPU:
        return "took_too_long", detail
    if code == -signal.SIGXFSZ:
        return "disk_full", detail
    if (
        code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV)
        or "bad_alloc" in complaint
        or "failed to map" in complaint
    ):
        return "too_big", detail
    return "builder_failed", detail
