"""Copying published files into the bucket, and taking out of it what was withdrawn.

Each round compares all that should be there with all that is, so that nothing depends on the round before: what
somebody removed from the bucket is copied again, and is given out from here until then. So is everything while the
bucket does not answer.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.db.models import F

from opendata.catalogue import bucket
from opendata.catalogue.models import Version, VersionFile
from opendata.catalogue.offering import media_type, saved_as
from opendata.catalogue.serving import FOR_EVER, disposition
from opendata.catalogue.storage import root, store

logger = logging.getLogger(__name__)

_LOOK = 0.1

SECONDS = 900.0
"""After which a round begins no further copy; the next one goes on."""
PATIENCE = 10.0
"""Seconds that `clear` waits for the copy that is being made at the moment."""


class NotCleared(Exception):
    """Nobody knows that the bucket holds no copies any more; the message says why."""


@dataclass
class Round:
    """What a round did."""

    copied: int = 0
    removed: int = 0
    left: int = 0
    """Copies for which there was no time."""


def fill(seconds: float = SECONDS) -> Round:
    """Do a round; nothing where there is no bucket, or where another process is at it."""
    where, done = bucket.place(), Round()
    if where is None:
        return done
    with _alone() as is_alone:
        if is_alone:
            _fill(where, done, time.monotonic() + seconds)
    return done


def clear(version: Version) -> None:
    """Take every copy of a withdrawn version out of the bucket, where there is one. Raises NotCleared.

    It is looked at afterwards: what still answers is not gone. No copy of it comes after that.
    """
    where = bucket.place()
    if where is None:
        return
    with _alone("copying", PATIENCE) as is_alone:
        if not is_alone:
            raise NotCleared("a copy is being made")
        try:
            _clear(where, version)
        except NotCleared:
            raise
        except Exception as error:
            raise NotCleared(type(error).__name__) from error


def _clear(where: bucket.Place, version: Version) -> None:
    folder = bucket.folder_of(version)
    for file in version.files.all():
        bucket.mark_of(where, file.pk).unlink(missing_ok=True)
    for key in _listed(where, folder, is_hasty=True):
        _remove(where, key, is_hasty=True)
    if left := _listed(where, folder, is_hasty=True):
        raise NotCleared(f"{len(left)} copies are still there")


def _fill(where: bucket.Place, done: Round, until: float) -> None:
    try:
        there = _listed(where)
    except Exception:
        shutil.rmtree(bucket.marks(where), ignore_errors=True)
        raise
    withdrawn_first = F("version__withdrawn_at").desc(nulls_last=True)
    rows = VersionFile.objects.select_related("version__dataset").order_by(withdrawn_first, "-pk").only(
        "name", "size", "sha256", "media_type", "format", "version__sequence", "version__withdrawn_at",
        "version__major", "version__minor", "version__patch", "version__dataset__slug",
    )  # fmt: skip
    for file in rows.iterator(chunk_size=500):
        key, mark = bucket.key_of(file), bucket.mark_of(where, file.pk)
        if file.version.is_withdrawn:
            mark.unlink(missing_ok=True)
            done.removed += _remove(where, key) if key in there else 0
        elif there.get(key) == file.size:
            _mark(where, file)
        elif time.monotonic() > until:
            mark.unlink(missing_ok=True)
            done.left += 1
        else:
            mark.unlink(missing_ok=True)
            with _alone("copying", PATIENCE) as is_alone:
                done.copied += _copy(where, file, key) if is_alone else 0


def _listed(where: bucket.Place, folder: str = "", *, is_hasty: bool = False) -> dict[str, int]:
    """Keys and sizes of everything in the bucket, or of what lies in this folder of it."""
    import obstore

    pages = obstore.list(bucket.connection(where, is_hasty=is_hasty), folder or None)
    return {one["path"]: one["size"] for page in pages for one in page}


def _copy(where: bucket.Place, file: VersionFile, key: str) -> int:
    import obstore

    if not Version.objects.standing().filter(pk=file.version_id).exists():  # withdrawn since the round began
        return 0
    kept = store()
    if not kept.check(file.sha256):
        logger.error("file %s of the store is missing or damaged, so it was not copied", file.sha256)
        return 0
    attributes = {
        "Content-Type": media_type(file), "Content-Disposition": disposition(saved_as(file)), "Cache-Control": FOR_EVER,
    }  # fmt: skip
    obstore.put(bucket.connection(where), key, kept.path(file.sha256), attributes=attributes)
    _mark(where, file)
    return 1


def _remove(where: bucket.Place, key: str, *, is_hasty: bool = False) -> int:
    import obstore

    obstore.delete(bucket.connection(where, is_hasty=is_hasty), key)
    return 1


def _mark(where: bucket.Place, file: VersionFile) -> None:
    mark = bucket.mark_of(where, file.pk)
    if not mark.exists():
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


@contextmanager
def _alone(name: str = "lock", patience: float = 0) -> Iterator[bool]:
    """True for one process at a time; False where another one was at it all these seconds."""
    folder = root() / "uploaded"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        yield _locked(file, time.monotonic() + patience)


def _locked(file: IO[str], until: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK)
        else:
            return True
