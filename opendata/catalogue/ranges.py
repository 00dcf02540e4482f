"""Parts of files, as RFC 9110 has browsers and download programs ask for them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

CHUNK = 256 * 1024
MOST_RANGES = 8
"""Whoever asks for more parts than that gets the whole file, which the standard allows."""
_ONE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)

Range = tuple[int, int]
"""First and last byte, both included."""


def read_ranges(header: str, size: int) -> list[Range] | None:
    """The parts a Range header asks for: none of them satisfiable is [], and None means to ignore the header."""
    unit, equals, text = header.partition("=")
    if unit.strip().lower() != "bytes" or not equals:
        return None
    asked = [match and _bounds(match[1], match[2], size) for match in map(_ONE.fullmatch, text.split(","))]
    if None in asked or len(asked) > MOST_RANGES:
        return None
    found = [(first, last) for first, last in asked if first <= last]  # type: ignore[misc]
    return None if _overlap(found) else found


def _bounds(first: str, last: str, size: int) -> Range | None:
    """None for what is no range; a range behind the end comes back the wrong way round."""
    if len(first) > 18 or len(last) > 18 or (not first and not last):
        return None
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (1, 0)
    if last and int(last) < int(first):
        return None
    start = int(first)
    return (start, min(int(last), size - 1) if last else size - 1) if start < size else (1, 0)


def _overlap(found: Sequence[Range]) -> bool:
    ordered = sorted(found)
    return any(ordered[n][1] >= ordered[n + 1][0] for n in range(len(ordered) - 1))


def read_part(path: Path, part: Range) -> Iterator[bytes]:
    """The bytes of one part, piece by piece."""
    first, last = part
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


class Multipart:
    """Several parts in one answer (multipart/byteranges): its media type, length and bytes."""

    def __init__(self, path: Path, parts: Sequence[Range], size: int, media_type: str) -> None:
        self.path, self.parts = path, parts
        self.boundary = secrets.token_hex(16)
        self.content_type = f"multipart/byteranges; boundary={self.boundary}"
        self.heads = [
            f"\r\n--{self.boundary}\r\nContent-Type: {media_type}\r\n"
            f"Content-Range: bytes {first}-{last}/{size}\r\n\r\n".encode()
            for first, last in parts
        ]
        self.end = f"\r\n--{self.boundary}--\r\n".encode()
        self.length = len(self.end) + sum(
            len(head) + last - first + 1 for head, (first, last) in zip(self.heads, parts, strict=True)
        )

    def __iter__(self) -> Iterator[bytes]:
        for head, part in zip(self.heads, self.parts, strict=True):
            yield head
            yield from read_part(self.path, part)
        yield self.end
