"""The container of old Office files, as far as the reader must see through it (Microsoft's MS-CFB, section 2).

Calamine follows the chains of sectors without end when one leads back to itself, and takes all memory for it; so every
chain is walked here first.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above are no sectors: end of chain, free, FAT, DIFAT
_ENTRY = 128


class BrokenContainer(ValueError):
    """The container is cut short or its chains are damaged."""


@dataclass(frozen=True)
class Stream:
    """A stream of the container: where its chain starts and how long it is."""

    name: str
    kind: int
    start: int
    size: int


class Container:
    """A compound file in memory. Raises BrokenContainer when its tables cannot be followed."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(MAGIC):
            raise BrokenContainer("header")
        self.content = content
        shift, self.mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or self.mini_shift != 6:
            raise BrokenContainer("sector size")
        self.size = 1 << shift
        self.most = len(content) // self.size + 1
        directory, self.cutoff, mini_fat = struct.unpack_from("<I4xII", content, 48)
        self.fat = self._fat()
        self.streams = self._directory(directory)
        root = next((one for one in self.streams if one.kind == 5), None)
        self.mini_fat = self._numbers(self.whole(mini_fat)) if mini_fat < _END else array("I")
        self.mini = self.whole(root.start) if root and root.start < _END else b""
        for one in self.streams:
            if one.kind == 2 and one.size:
                self.read(one)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.content):
            raise BrokenContainer("sector out of range")
        return self.content[start : start + self.size].ljust(self.size, b"\0")

    @staticmethod
    def _numbers(content: bytes) -> array[int]:
        numbers = array("I")
        numbers.frombytes(content[: len(content) // 4 * 4])
        return numbers

    def _fat(self) -> array[int]:
        """The table of which sector follows which, itself spread over sectors listed in the header and beyond."""
        listed = [number for number in struct.unpack_from("<109I", self.content, 76) if number < _END]
        following = struct.unpack_from("<I", self.content, 68)[0]
        for _ in range(self.most):
            if following >= _END:
                break
            *numbers, following = self._numbers(self._sector(following))
            listed += [number for number in numbers if number < _END]
        else:
            raise BrokenContainer("table in a circle")
        if len(listed) > self.most:
            raise BrokenContainer("table too long")
        return self._numbers(b"".join(map(self._sector, listed)))

    def chain(self, start: int, following: array[int]) -> list[int]:
        """The sectors of a chain in order."""
        found: list[int] = []
        while start < _END:
            if start >= len(following) or len(found) > len(following):
                raise BrokenContainer("chain in a circle")
            found.append(start)
            start = following[start]
        return found

    def whole(self, start: int) -> bytes:
        """Everything a chain of ordinary sectors holds."""
        return b"".join(map(self._sector, self.chain(start, self.fat)))

    def read(self, stream: Stream) -> bytes:
        """The content of a stream; small ones lie in the mini stream."""
        if stream.size >= self.cutoff:
            return self.whole(stream.start)[: stream.size]
        size = 1 << self.mini_shift
        chain = self.chain(stream.start, self.mini_fat)
        return b"".join(self.mini[number * size : (number + 1) * size] for number in chain)[: stream.size]

    def _directory(self, start: int) -> list[Stream]:
        content = self.whole(start)
        found = []
        for place in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, place + 64)
            first, size = struct.unpack_from("<II", content, place + 116)
            if kind:
                name = content[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.append(Stream(name, kind, first, size))
        return found
