"""Text files as rows with line numbers, streamed: two gigabytes take no more memory than two kilobytes."""

from __future__ import annotations

import csv
import itertools
import re
from codecs import register_error
from collections.abc import Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from opendata.reading import dialects, encodings
from opendata.reading.choices import DELIMITERS, Choices
from opendata.reading.gathering import Problems
from opendata.reading.source import Row, Source

LONGEST_LINE = 4_000_000
LONGEST_CELL = 1_000_000
_HEAD_LINES = 2_000
_HEAD_CHARACTERS = 1_000_000
_BROKEN_LINES = 1_000  # after so many the file is not what it seems
_BAD = "\udcff"  # a lone surrogate: no decoder makes it of valid bytes
_ODD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{_BAD}]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _BAD, max(error.end, error.start + 1)


register_error("opendata.reading.bad", _mark_bad_bytes)


def open_text(path: Path, choices: Choices, problems: Problems) -> Source:
    """A text file as a Source. Raises Unreadable when it is not text at all."""
    encoding = encodings.detect(path, choices.encoding)
    _tell_encoding(encoding, problems)
    file = _opened(path, encoding)
    head, whole = _head(file, problems)
    if not any(line.strip() for line in head):
        raise problems.stop("no_table")
    _refuse_binary("".join(head), problems)
    dialect = dialects.detect(_without_odd(head), choices.delimiter, whole=whole)
    if not dialect.evenness and any(mark in line for line in head for mark in DELIMITERS):
        problems.add("delimiter_unsure", delimiter=dialect.delimiter)
    if not dialect.quoted and any('"' in line for line in head):
        problems.add("quotes_kept")
    lines = _checked(itertools.chain(head, _pieces(file)), encoding, problems)
    return Source(
        kind="csv" if dialect.delimiter != "\t" else "tsv",
        rows=_records(lines, dialect, problems),
        encoding=encoding,
        delimiter=dialect.delimiter,
        close=file.close,
    )


def _opened(path: Path, encoding: encodings.Encoding) -> TextIO:
    raw = path.open("rb")
    raw.seek(encoding.bom)
    return TextIOWrapper(raw, encoding=encoding.codec, errors="opendata.reading.bad", newline="")


def _tell_encoding(encoding: encodings.Encoding, problems: Problems) -> None:
    if encoding.reason != "scored":
        return
    best, second = encoding.choices[0], encoding.choices[1]
    if best.score < encodings.UNSURE:
        problems.add("encoding_unsure", encoding=best.name, other=second.name)
    else:
        problems.add("encoding_guessed", encoding=best.name, score=best.score)


def _head(file: TextIO, problems: Problems) -> tuple[list[str], bool]:
    """The first lines, and whether the file ends there."""
    lines: list[str] = []
    size = 0
    for line in _pieces(file):
        lines.append(line)
        size += len(line)
        if len(line) >= LONGEST_LINE:
            raise problems.stop("cell_too_long", line=len(lines), limit=LONGEST_LINE)
        if len(lines) >= _HEAD_LINES or size >= _HEAD_CHARACTERS:
            return lines, False
    return lines, True


def _pieces(file: TextIO) -> Iterator[str]:
    """Lines with their ends; one longer than allowed comes in pieces of exactly that length."""
    return iter(partial(file.readline, LONGEST_LINE), "")


def _refuse_binary(text: str, problems: Problems) -> None:
    if len(_CONTROL.findall(text)) + text.count("\x00") > max(8, len(text) // 20):
        raise problems.stop("not_text")


def _without_odd(lines: list[str]) -> list[str]:
    return [line.replace("\x00", "") for line in lines]


def _checked(lines: Iterator[str], encoding: encodings.Encoding, problems: Problems) -> Iterator[str]:
    """The same lines, letters mended, NUL removed, bytes without meaning reported. One look per thousands of lines."""
    number = 0
    shapes = encoding.codec in ("cp864", "cp720")
    while batch := list(itertools.islice(lines, 4096)):
        text = "".join(batch)
        if max(map(len, batch)) >= LONGEST_LINE:
            raise problems.stop("cell_too_long", line=number + 1, limit=LONGEST_LINE)
        if shapes and encodings.to_letters(text) != text:
            if not problems.counts["presentation_forms"]:
                problems.add("presentation_forms")
            batch = [encodings.to_letters(line) for line in batch]
        if _ODD.search(text):
            batch = [_mended(line, number + place, encoding, problems) for place, line in enumerate(batch, 1)]
        number += len(batch)
        yield from batch


def _mended(line: str, number: int, encoding: encodings.Encoding, problems: Problems) -> str:
    if _BAD in line:
        shown = line.replace(_BAD, "\ufffd").strip()
        problems.add("bytes_not_in_encoding", line=number, value=shown, encoding=encoding.name)
        line = line.replace(_BAD, "\ufffd")
    if "\x00" in line:
        problems.add("nul_removed", line=number, value=line, count=line.count("\x00"))
        line = line.replace("\x00", "")
    if found := _CONTROL.findall(line):
        problems.add("control_characters", line=number, value=line, count=len(found))
    return line


def _records(lines: Iterator[str], dialect: dialects.Dialect, problems: Problems) -> Iterator[Row]:
    """Each record with the line it begins on. Broken quotes are reported; the file then is not published."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, **dialect.settings())
    start = 1
    broken = 0
    while True:
        try:
            for row in reader:
                yield start, row
                start = reader.line_num + 1
            return
        except csv.Error as error:
            broken += 1
            _tell_broken(str(error), start, problems, last=broken >= _BROKEN_LINES)
            start = reader.line_num + 1


def _tell_broken(message: str, line: int, problems: Problems, *, last: bool) -> None:
    if "end of data" in message:
        problems.add("unclosed_quote", line=line)
    elif "field limit" in message:
        raise problems.stop("cell_too_long", line=line, limit=LONGEST_CELL)
    else:
        problems.add("bad_quote", line=line)
    if last:
        raise problems.stop("bad_quote", line=line)
