"""Files kept for ever under the SHA-256 of what is in them: `objects/ab/ab12...`.

A file that is there is whole: it is written beside its place, flushed to disk and renamed into it. Nobody may write
to it afterwards, and the same content is kept once however often it is added. Beside a file may lie the same packed
by gzip, `objects/ab/ab12....gz`: it can be made again at any time.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from opendata.trust.hashing import hash_file

CHUNK = 1024 * 1024
READ_ONLY = 0o440
PACKED = ".gz"
_LEVEL = 6
"""Of gzip: 9 takes four times as long and makes a table 4 % smaller."""
_FOLDER = 0o750
"""Uploads that are not published are nobody else's on this machine to read."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """A file of the store: the hash it is found by, and its bytes."""

    sha256: str
    size: int


class Store:
    """The files under one folder; several processes may use it at the same moment."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.objects = self.root / "objects"
        self.work = self.root / "work"

    def add(self, path: Path) -> Stored:
        """Keep a copy of a file; `path` itself is left as it is. Raises `OSError` when the disk is full."""
        self.open_work()
        coming = self.work / f"coming-{uuid.uuid4().hex}"
        try:
            stored = _copy(Path(path), coming)
            self._take_in(coming, stored.sha256)
        finally:
            coming.unlink(missing_ok=True)
        return stored

    def open_work(self) -> Path:
        """The folder for what is not whole yet; nobody else on this machine gets into what the store keeps."""
        self.root.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        self.work.mkdir(mode=_FOLDER, exist_ok=True)
        return self.work

    def _take_in(self, coming: Path, sha256: str) -> None:
        """Rename it into its place. A second one of the same content replaces the first, which no reader notices."""
        place = self.path(sha256)
        made = not place.parent.exists()
        self.objects.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        place.parent.mkdir(mode=_FOLDER, exist_ok=True)
        with self._alone():
            os.replace(coming, place)
        _flush_folder(place.parent)
        if made:
            _flush_folder(self.objects)
            _flush_folder(self.root)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process puts a file into its place or removes one: it is held for moments only."""
        with (self.root / "lock").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is, or would be; raises `ValueError` for what is no hash."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {sha256[:80]!r}")
        return self.objects / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Is it there? What it holds is not read: see `check`."""
        return self.path(sha256).is_file()

    def packed_path(self, sha256: str) -> Path:
        """Where the same file packed by gzip is, or would be; raises `ValueError` like `path`."""
        place = self.path(sha256)
        return place.with_name(place.name + PACKED)

    def pack(self, sha256: str) -> bool:
        """Put the file packed by gzip beside itself; False where it is not there or not what its name says.

        What is destroyed while it is being packed does not come back packed.
        """
        self.open_work()
        coming = self.work / f"coming-{uuid.uuid4().hex}"
        try:
            if _pack(self.path(sha256), coming) != sha256:
                return False
            with self._alone():
                if not self.has(sha256):
                    return False
                os.replace(coming, self.packed_path(sha256))
        except FileNotFoundError:
            return False
        finally:
            coming.unlink(missing_ok=True)
        return True

    def check(self, sha256: str) -> bool:
        """Read the whole file again: is it there, and is it what its name says?"""
        try:
            return hash_file(self.path(sha256)) == sha256
        except FileNotFoundError:
            return False

    @contextmanager
    def scratch(self, name: str = "") -> Iterator[Path]:
        """A folder `work/<name>` on the same disk, removed at the end; what a crash leaves, `sweep_unused` removes."""
        folder = self.open_work() / (name or uuid.uuid4().hex)
        folder.mkdir(mode=_FOLDER, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def discard(self, sha256: str) -> bool:
        """Destroy a file and its packed copy, whoever still names it; False where there was neither."""
        place, packed = self.path(sha256), self.packed_path(sha256)
        if not place.parent.exists():
            return False
        with self._alone():
            if not (place.exists() or packed.exists()):
                return False
            packed.unlink(missing_ok=True)
            place.unlink(missing_ok=True)
        _flush_folder(place.parent)
        return True

    def sweep_unused(self, used: set[str], older_than: timedelta) -> list[str]:
        """Remove files whose hash is not in `used`, and scratch that a crash left; returns the hashes removed.

        `older_than` must be longer than a publication takes: a file is stored before the row that names it is.
        """
        before = time.time() - older_than.total_seconds()
        removed = []
        for file in sorted(self.objects.glob("??/*")):
            if file.name.removesuffix(PACKED) not in used and self._remove_old(file, before):
                removed += [] if file.name.endswith(PACKED) else [file.name]
        for left in self.work.glob("*"):
            if _newest(left) < before:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        return removed

    def _remove_old(self, file: Path, before: float) -> bool:
        """Remove it unless it is newer; what is added again is new again, and does not come in between."""
        with self._alone():
            if _age(file) >= before:
                return False
            file.unlink(missing_ok=True)
            return True


def _copy(source: Path, target: Path) -> Stored:
    """Hash and copy in one reading, so that what is hashed is what is kept even while somebody writes to the source."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as incoming, target.open("xb") as outgoing:
        while piece := incoming.read(CHUNK):
            digest.update(piece)
            outgoing.write(piece)
            size += len(piece)
        outgoing.flush()
        os.fchmod(outgoing.fileno(), READ_ONLY)
        os.fsync(outgoing.fileno())
    return Stored(digest.hexdigest(), size)


def _pack(source: Path, target: Path) -> str:
    """Pack a file; the hash of what was read, so that a damaged one is not taken for what it was."""
    digest = hashlib.sha256()
    with source.open("rb") as incoming, target.open("xb") as outgoing:
        with gzip.GzipFile("", "wb", _LEVEL, outgoing, mtime=0) as packing:  # the same bytes at any time
            while piece := incoming.read(CHUNK):
                digest.update(piece)
                packing.write(piece)
        outgoing.flush()
        os.fchmod(outgoing.fileno(), READ_ONLY)
        os.fsync(outgoing.fileno())
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    """A rename is safe from a power cut only once its folder is on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _newest(path: Path) -> float:
    """When anything in it was last written, in seconds of the epoch."""
    return max(_age(found) for found in [path, *path.rglob("*")])
