"""A ZIP archive made while it is sent: no file of it on disk, a piece of it in memory.

`zipfile` of the standard library writes the format, with its 64-bit form where a file or the archive needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PIECE = 64 * 1024
LEVEL = 1
"""Of deflate: four times as fast as 6, and a table comes to a third of its size instead of a quarter."""
_READABLE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """A file of the archive: its path there, when it was made, what it holds, and its size where that is known."""

    name: str
    at: datetime
    content: Iterable[bytes]
    size: int


class _Sink:
    """What the archive is written to; it is taken from here piece by piece. It cannot be sought in."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.held = 0

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.held += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self, at_least: int = 1) -> Iterator[bytes]:
        """What was written so far, once it is that much."""
        if self.held >= at_least:
            taken, self.pieces, self.held = b"".join(self.pieces), [], 0
            yield taken


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive, piece by piece; the same members give the same bytes with the same zlib."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]
        for member in members:
            with archive.open(_info(member), "w") as target:
                for piece in member.content:
                    target.write(piece)
                    yield from sink.take(PIECE)
            yield from sink.take(PIECE)
    yield from sink.take()


def _info(member: Member) -> ZipInfo:
    """Times are in UTC, since the format has no zones."""
    found = ZipInfo(member.name, member.at.astimezone(UTC).timetuple()[:6])
    found.compress_type, found._compresslevel = ZIP_DEFLATED, LEVEL  # type: ignore[attr-defined]
    found.external_attr = _READABLE
    found.file_size = member.size  # decides whether its 64-bit form is needed
    return found
