"""Zip containers are looked through before anything opens them: what they claim to hold, what they unpack to."""

from __future__ import annotations

import time
import zipfile
import zlib
from pathlib import Path

from opendata.reading.gathering import Problems

ENTRIES = 10_000
UNPACKED = 1_500 * 1024 * 1024
RATIO = 400  # real workbooks stay under about 60; a bomb begins at 1,000
SMALL = 20 * 1024 * 1024  # below this a high ratio does no harm
_CHUNK = 1024 * 1024


def check_zip(source: Path, problems: Problems) -> set[str]:
    """The names inside. Raises Unreadable for a damaged, encrypted or exploding archive."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            _check_claims(source, entries, problems)
            _check_real_sizes(source, archive, entries, problems)
            return {entry.filename for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise problems.stop("damaged", what=type(error).__name__) from error
    except RuntimeError as error:  # zipfile's way to say "encrypted, password required"
        raise problems.stop("password") from error


def _check_claims(source: Path, entries: list[zipfile.ZipInfo], problems: Problems) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or _explodes(total, source.stat().st_size):
        raise problems.stop("zip_bomb", megabytes=total // _CHUNK, limit=UNPACKED // _CHUNK)
    if len({entry.filename for entry in entries}) != len(entries):
        raise problems.stop("damaged", what="duplicate names")


def _check_real_sizes(
    source: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], problems: Problems
) -> None:
    """Unpack everything into nothing: checks each CRC, and that no entry is longer than it claims."""
    packed, total = source.stat().st_size, 0
    begun = time.monotonic()
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels", ".bin", "mimetype")):
            continue  # pictures and the like are never opened
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                if _explodes(total, packed) or time.monotonic() - begun > 120:
                    raise problems.stop("zip_bomb", megabytes=total // _CHUNK, limit=UNPACKED // _CHUNK)


def _explodes(unpacked: int, packed: int) -> bool:
    return unpacked > UNPACKED or (unpacked > SMALL and unpacked > RATIO * packed)
