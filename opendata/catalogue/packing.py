"""Packing published files by gzip, once, so that no request has to: texts become a quarter of their size.

Formats that are packed in themselves (XLSX, Parquet) and small files are left as they are.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from opendata.catalogue.models import VersionFile
from opendata.catalogue.storage import store

logger = logging.getLogger(__name__)

FORMATS = ("csv", "json", "xml", "geojson")
LEAST = 16 * 1024
"""Bytes from which a file is packed: below, a request costs more than the bytes that are saved."""
SECONDS = 300.0
"""After which a sweep begins no further file; the next one goes on."""


def is_packed(file: VersionFile) -> bool:
    """Is this a file that is packed, sooner or later?"""
    return file.format in FORMATS and file.size >= LEAST


def waiting() -> list[str]:
    """The hashes of files that stand and are not packed yet, newest first."""
    rows: Any = VersionFile.objects.filter(version__withdrawn_at=None, format__in=FORMATS, size__gte=LEAST)
    hashes = dict.fromkeys(rows.order_by("-pk").values_list("sha256", flat=True).iterator())
    kept = store()
    return [one for one in hashes if kept.has(one) and not kept.packed_path(one).is_file()]


def pack_waiting(seconds: float = SECONDS) -> int:
    """Pack what waits; returns how many files. What is damaged is told and left."""
    until, done, kept = time.monotonic() + seconds, 0, store()
    for sha256 in waiting():
        if time.monotonic() > until:
            break
        if kept.pack(sha256):
            done += 1
        else:
            logger.error("file %s of the store is not what its name says, so it was not packed", sha256)
    return done
