"""The process that `limited` starts: `python -m opendata.building <folder with job.json>`."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from opendata.building.differences import compare
from opendata.building.limited import ANSWER, COMPLAINT, JOB
from opendata.building.schema import BadSchema, Schema

MB = 1024 * 1024
FILES = 256
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def limit(memory_mb: int, seconds: float, file_mb: int, parent: int) -> None:
    """Take no more than this from now on, and end with the process that started us."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked to be told
            raise SystemExit("the process that asked for this is gone")
    processor_seconds = int(seconds * 4) + 1
    for what, most in (
        (resource.RLIMIT_AS, memory_mb * MB),
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_FSIZE, file_mb * MB),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def answer(job: dict[str, Any], into: Path) -> dict[str, Any]:
    """Do the job; returns what was made or a code and a detail of why it was not."""
    try:
        return {"made": _make(job, into)}
    except BadSchema as error:
        return {"failed": ["bad_schema", str(error)]}
    except MemoryError as error:
        return {"failed": ["too_big", str(error)]}
    except Exception as error:
        return {"failed": [_code(error), f"{type(error).__name__}: {error}"[:COMPLAINT], _where(error)]}


def _where(error: Exception) -> str:
    """What kind of error, and the lines it came through; nothing of its message, which may quote values."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {' > '.join(f'{Path(one.filename).name}:{one.lineno}' for one in frames)}"


def _make(job: dict[str, Any], into: Path) -> Any:
    if job["do"] == "compare":
        return compare(Path(job["old"]), Path(job["new"]), tuple(job["key"]), into).to_json()
    from opendata.building.files import build

    geojson = Path(job["geojson"]) if job["geojson"] else None
    codec = job["geojson_codec"]
    made = build(Path(job["table"]), Schema.from_json(job["schema"]), into, geojson=geojson, geojson_codec=codec)
    return [file.to_json() for file in made]


def _code(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "disk_full"
    if type(error).__name__ == "OutOfMemoryException":
        return "too_big"
    return "disk_full" if "No space left" in str(error) else "builder_failed"


def main(folder: str) -> None:
    """Read the job, keep its limits, leave the answer whole or not at all."""
    into = Path(folder)
    job = json.loads((into / JOB).read_text(encoding="utf-8"))
    limit(**job.pop("limits"))
    found = json.dumps(answer(job, into))
    draft = into / f"{ANSWER}.draft"
    draft.write_text(found, encoding="utf-8")
    draft.replace(into / ANSWER)


if __name__ == "__main__":
    main(sys.argv[1])
