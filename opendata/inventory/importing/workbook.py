"""The first sheet of a workbook, read in a process of its own with limits on memory and time.

Calamine lays a sheet out from its first to its last cell: one stray cell far away takes more memory than there is, and
ends the whole process. The child reads the XLSX from its standard input and answers in JSON; it imports no Django.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

DAMAGED, UNREADABLE, UNPACKED, TOO_BIG = "damaged", "unreadable", "unpacked", "too_big"
"""Why there are no rows; the last also stands for a child that was ended or crashed."""

_ROOT = Path(__file__).resolve().parents[3]
_MEMORY = 512 * 1024 * 1024
_SECONDS = 20
_UNPACKED = 80 * 1024 * 1024
_CHUNK = 1024 * 1024
_LETTERS = 20_000_000
"""Of all rows together: a text that a thousand cells share takes its place a thousand times."""


class NoRows(Exception):
    """The workbook cannot be read; `code` is one of the above."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def rows_of(content: bytes, rows: int, cells: int) -> list[list[str]]:
    """The first rows of the first sheet, no more cells of each than `cells`, as somebody would type them.

    Empty rows are there as well. Raises NoRows.
    """
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
    command = [sys.executable, "-m", __name__, str(rows), str(cells)]
    try:
        child = subprocess.run(
            command, cwd=_ROOT, env=environment, input=content, capture_output=True, timeout=_SECONDS + 10, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NoRows(TOO_BIG) from error
    answer = json.loads(child.stdout)
    if isinstance(answer, str):
        raise NoRows(answer)
    return list(answer)


# In the child ----------------------------------------------------------------------------------------------


def _main() -> None:
    _limit(resource.RLIMIT_AS, _MEMORY)
    _limit(resource.RLIMIT_CPU, _SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    rows, cells = int(sys.argv[1]), int(sys.argv[2])
    json.dump(_answer(sys.stdin.buffer.read(), rows, cells), sys.stdout, ensure_ascii=False)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, allowed))


def _answer(content: bytes, rows: int, cells: int) -> list[list[str]] | str:
    """The rows, or the code of why there are none."""
    if code := _unpacked_badly(content):
        return code
    try:
        found = _rows(content, rows, cells)
    except MemoryError:
        return TOO_BIG
    except Exception:
        return UNREADABLE
    except BaseException as error:  # a panic of the Rust library is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return UNREADABLE
    return found if sum(len(cell) for row in found for cell in row) <= _LETTERS else TOO_BIG


def _rows(content: bytes, rows: int, cells: int) -> list[list[str]]:
    from python_calamine import load_workbook

    sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    return [[_typed(cell) for cell in row[:cells]] for row in sheet.to_python(skip_empty_area=False, nrows=rows)]


def _unpacked_badly(content: bytes) -> str:
    """Unpack it into nothing first, so that a small file cannot fill the memory; empty where that went well."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    while chunk := file.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > _UNPACKED:
                            return UNPACKED
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        return DAMAGED
    return ""


def _typed(value: Any) -> str:
    """A cell as somebody would type it."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


if __name__ == "__main__":
    _main()
