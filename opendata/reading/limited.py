"""The reader in a process of its own, with limits on memory, time and disk: a bad file can hurt nobody else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from opendata.reading.choices import Choices
from opendata.reading.gathering import Problems
from opendata.reading.report import Report

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_NOTE = 20_000
_FRAME = re.compile(r'^ *File "([^"\n]+)", line (\d+), in (\S+)$', re.M)
_ERROR = re.compile(r"^(?:[a-z_]\w*\.)*([A-Z]\w*(?:Error|Exception|Exit|Interrupt))(?::|$)", re.M)
_FRAMES = 12
MOST_DISK_MB = 12_000

OnProgress = Callable[[str, int], None]


def read_limited(
    source: Path,
    into: Path,
    choices: Choices,
    *,
    name: str,
    memory_mb: int = 900,
    seconds: int = 600,
    on_progress: OnProgress | None = None,
) -> Report:
    """`reading.read` in a child process; one that is killed, crashes or takes too long ends in a stopping problem.

    Memory is limited as address space, time both as processor time and by the clock; the child gets no
    environment but its own, no input, and dies with its parent. `on_progress` is called with (stage, rows).
    """
    into.mkdir(parents=True, exist_ok=True)
    child = _start(source, into, choices, name, memory_mb, seconds)
    try:
        ended = _follow(child, seconds, on_progress)
        code = child.wait() if ended else None
    finally:
        _end(child)
        for left in into.glob("work-*"):
            shutil.rmtree(left, ignore_errors=True)
    if code == 0:
        with contextlib.suppress(OSError, ValueError, TypeError):
            return Report.from_json((into / "report.json").read_text(encoding="utf-8"))
    note = (into / "reader.log").read_text(encoding="utf-8", errors="replace")[-_LONGEST_NOTE:]
    return _failed(source, into, name, code, note, memory_mb, seconds)


def _start(
    source: Path, into: Path, choices: Choices, name: str, memory_mb: int, seconds: int
) -> subprocess.Popen[bytes]:
    limits = {"parent": os.getpid(), "memory_mb": memory_mb, "seconds": seconds, "disk_mb": MOST_DISK_MB}
    order = {"source": str(source.resolve()), "into": str(into.resolve()), "choices": choices.to_json(), "name": name,
             "limits": limits}  # fmt: skip
    with (into / "reader.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "opendata.reading", json.dumps(order)],
            cwd=_ROOT,
            env=_environment(into),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            close_fds=True,
        )


def _environment(into: Path) -> dict[str, str]:
    """Nothing of ours: no secrets, no proxies. Few malloc arenas, as each reserves address space."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(into.resolve()),
        "TMPDIR": str(into.resolve()),
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
    }


def _follow(child: subprocess.Popen[bytes], seconds: int, on_progress: OnProgress | None) -> bool:
    """Pass the child's progress on until its output ends; False when the time is up."""
    assert child.stdout is not None
    deadline = time.monotonic() + seconds
    kept = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(timeout=min(left, 1.0)):
                continue
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                return _ended(child, deadline)
            *lines, kept = (kept + chunk).split(b"\n")
            kept = kept[-1_000:]
            for line in lines:
                _tell(line, on_progress)
    return False


def _ended(child: subprocess.Popen[bytes], deadline: float) -> bool:
    try:
        child.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _tell(line: bytes, on_progress: OnProgress | None) -> None:
    stage, _, rows = line.decode("ascii", "replace").partition(" ")
    if on_progress and stage.isalpha() and rows.isdigit():
        on_progress(stage, int(rows))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the child and its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout:
        child.stdout.close()


def _failed(source: Path, into: Path, name: str, code: int | None, note: str, memory_mb: int, seconds: int) -> Report:
    """The report of a reader that did not finish: `code` is how it ended, None when time was up."""
    problems = Problems()
    out_of_memory = ("MemoryError", "OutOfMemory", "Out of Memory", "memory allocation", "bad_alloc", "File too large")
    if code is None or code in (-signal.SIGXCPU,):
        problems.add("took_too_long", limit=seconds)
    elif code in (-signal.SIGXFSZ, -signal.SIGKILL) or any(sign in note for sign in out_of_memory):
        problems.add("too_big", limit=memory_mb)
    else:
        kind = _kind_of_error(note) or f"ended with {code}"
        logger.error("the reader failed: %s; %s", kind, _frames(note))
        problems.add("reader_failed", what=kind)
    (into / "table.parquet").unlink(missing_ok=True)
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    report = Report(
        "", name, source.stat().st_size, sha256, problems=problems.reported(), problem_counts=dict(problems.counts)
    )
    problems.write(into / "problems.csv")
    (into / "report.json").write_text(report.to_json(), encoding="utf-8")
    return report


def _kind_of_error(note: str) -> str:
    """The type of the last error in a traceback, never its message: that may quote a cell."""
    found = _ERROR.findall(note)
    return found[-1] if found else ""


def _frames(note: str) -> str:
    """Where the error came from: the last places of a traceback, without the text of any line."""
    places = [f"{Path(file).name}:{line} {name}" for file, line, name in _FRAME.findall(note)[-_FRAMES:]]
    return " < ".join(reversed(places)) or "no traceback"
