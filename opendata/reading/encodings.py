"""Which encoding a text file is in: BOM, strict UTF-8, UTF-16, then the old Arabic code pages by how they read.

Whatever is found can be overridden by the publisher, who sees decoded lines of every choice.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from opendata.reading.arabic_scoring import arabic_score
from opendata.reading.report import EncodingChoice

# Our name -> Python's codec. All of KNOWN may be chosen; those of OLD are tried.
OLD = {"windows-1256": "cp1256", "iso-8859-6": "iso8859_6", "cp864": "cp864", "windows-1252": "cp1252"}
KNOWN = {
    **{name: name for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")},
    **OLD, "cp720": "cp720",
}  # fmt: skip
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
CHUNK = 1024 * 1024
_SAMPLE = 64 * 1024
_SAMPLE_LINES = 3
UNSURE = 0.8


@dataclass(frozen=True)
class Encoding:
    """The encoding found and what else it might be.

    Reasons: "chosen", "bom", "ascii", "utf8", "utf8_broken" (UTF-8 but for a few bytes), "utf16_pattern", "scored".
    """

    name: str
    reason: str
    bom: int = 0
    choices: list[EncodingChoice] = field(default_factory=list)

    @property
    def codec(self) -> str:
        """The codec Python knows it by."""
        return KNOWN[self.name]


def detect(source: Path, chosen: str | None = None) -> Encoding:
    """The encoding of a text file, `chosen` if the publisher said so (one of KNOWN)."""
    with source.open("rb") as file:
        head = file.read(_SAMPLE)
    bom, marked = next(((len(mark), name) for mark, name in _BOMS if head.startswith(mark)), (0, ""))
    if chosen:
        choices = [] if marked else _scored(_foreign_lines(source))
        return Encoding(chosen, "chosen", bom if chosen == marked else 0, choices)
    if marked:
        return Encoding(marked, "bom", bom)
    if wide := _utf16_pattern(head):
        return Encoding(wide, "utf16_pattern")
    plain, valid = _utf8(source)
    if valid:
        return Encoding("utf-8", "ascii" if plain else "utf8")
    lines = _foreign_lines(source)
    if _mostly_utf8(b"\n".join(lines)):
        return Encoding("utf-8", "utf8_broken", choices=_scored(lines))
    choices = _scored(lines)
    return Encoding(choices[0].name, "scored", choices=choices)


def _utf8(source: Path) -> tuple[bool, bool]:
    """Whether the file is pure ASCII, and whether it is valid UTF-8, read to its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii_only = True
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            if ascii_only and chunk.isascii() and not decoder.getstate()[0]:
                continue
            ascii_only = False
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False, False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False, False
    return ascii_only, True


def _utf16_pattern(head: bytes) -> str:
    """UTF-16 without BOM: every second byte is the high one, 0 for ASCII and 6 for Arabic."""
    head = head[: len(head) // 2 * 2]
    if len(head) < 4:
        return ""
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        low = head[0::2] if name == "utf-16-le" else head[1::2]
        share = sum(high.count(byte) for byte in (0x00, 0x06, 0x20)) / len(high)
        if high.count(0) and share > 0.9 and low.count(0) < len(low) * 0.02:
            return name if _decodes(head, name) else ""
    return ""


def _decodes(content: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(KNOWN[name])().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 with a few broken places: a mix, or a file cut in the middle of a letter."""
    good = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", content))
    broken = content.decode("utf-8", "replace").count("\ufffd")
    return good > 4 * broken


def _foreign_lines(source: Path) -> list[bytes]:
    """Lines with bytes beyond ASCII, up to 64 KB, looked for in the whole file: they may be few and far down."""
    found: list[bytes] = []
    size = 0
    with source.open("rb") as file:
        while size < _SAMPLE and (line := file.readline(CHUNK)):
            if not line.isascii():
                found.append(line.rstrip(b"\r\n")[:2000])
                size += len(found[-1])
    return found


def _scored(lines: list[bytes]) -> list[EncodingChoice]:
    """The old code pages, best first, with scores that add up to about one."""
    if not lines:
        return []
    content = b"\n".join(dict.fromkeys(lines))
    marks: dict[str, float] = {}
    for name, codec in OLD.items():
        text = to_letters(content.decode(codec, "replace"))
        marks[name] = arabic_score(text) - 20 * text.count("\ufffd") / max(1, len(text))
    marks["windows-1252"] = 0.0 if _is_western(content) else -20.0
    if not content.translate(None, _VALID_8859_6):
        # cp864 shares the places of most letters with ISO-8859-6, but its final shapes lie on bytes that one lacks.
        marks["cp864"] -= 2.0
    best = max(marks.values())
    weights = {name: math.exp(2 * (mark - best)) for name, mark in marks.items()}
    total = sum(weights.values())
    return [
        EncodingChoice(name, round(weights[name] / total, 3), _shown(lines, OLD[name]))
        for name in sorted(weights, key=lambda name: -weights[name])
    ]


_VALID_8859_6 = bytes(range(0x80)) + bytes(
    byte for byte in range(0x80, 0x100) if bytes([byte]).decode("iso8859_6", "ignore")
)


def _is_western(content: bytes) -> bool:
    """Whether the bytes beyond ASCII are single letters inside Latin words, as in "Größe"."""
    touching = re.findall(
        rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[\x80-\xff]{1,2}(?=[A-Za-z])", content
    )
    foreign = len(re.findall(rb"[\x80-\xff]", content))
    return sum(map(len, touching)) > 0.6 * foreign


def _shown(lines: list[bytes], codec: str) -> list[str]:
    return [to_letters(line.decode(codec, "replace")).replace("\x00", "")[:200] for line in lines[:_SAMPLE_LINES]]


_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_SHADDA_ON_LINE = str.maketrans({"\ufe7d": "\u0651", "\ufe77": "\u064e", "\ufe79": "\u064f", "\ufe7b": "\u0650"})


def to_letters(text: str) -> str:
    """Text with Arabic letter shapes (cp864 and old systems store these) as ordinary letters; all else untouched."""
    return _SHAPES.sub(lambda run: unicodedata.normalize("NFKC", run[0].translate(_SHADDA_ON_LINE)), text)
