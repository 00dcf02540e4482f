"""What stands in a file beside the table that was read, and seems to say something about people.

The original is published with the table: other sheets, comments and what surrounds a list in JSON are published too.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendata.reading import personal_words as words
from opendata.reading.cells import trimmed
from opendata.reading.personal import CIVIL, EMAIL, IBAN, LINES, PASSPORT, PHONE_ABROAD, PHONE_HERE, is_iban, masked
from opendata.reading.report import PersonalFinding
from opendata.reading.values import fold_all

_HEADER_ROWS = 50
_LONGEST_HEADER = 80
_EXAMPLES = 3
_PART = 64 * 1024 * 1024
_EMAIL, _PHONE, _IBAN = re.compile(EMAIL), re.compile(PHONE_ABROAD), re.compile(IBAN)
_DATE = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}.{0,20}"
# Under a header that says what it is, a value needs its shape only.
_HEADED = [
    (kind, header, re.compile(shape))
    for kind, header, shape in (
        ("civil_number", words.CIVIL, CIVIL),
        ("phone", words.PHONE, PHONE_HERE),
        ("passport", words.PASSPORT, PASSPORT),
        ("birth_date", words.BIRTH, _DATE),
        ("name", words.PERSON_NAME, words.NAME_SHAPE.pattern),
    )
]
_SHAPES = {kind: shape for kind, _, shape in _HEADED}
_COMMENTS = re.compile(r"xl/(?:comments[^/]*|comments/[^/]*|threadedComments/[^/]*)\.xml", re.I)
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)[\s>]")
_ODS_COMMENT = re.compile(rb"<office:annotation[\s>].*?</office:annotation>", re.S)
_TEXT = re.compile(rb">([^<>]+)<")
_MAKERS = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator)(?:\s[^>]*)?>([^<]+)<")


@dataclass
class Search:
    """What one place (a sheet, the comments, a value) says about people."""

    where: str
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def text(self, line: int, text: str) -> None:
        """Look for what needs no header: e-mail addresses, numbers with the code of Oman, account numbers."""
        folded = text if text.isascii() else fold_all(text)
        if "@" in folded and (found := _EMAIL.search(folded)):
            self._note("email", line, found[0])
        if "968" in folded and (found := _PHONE.search(folded)):
            self._note("phone", line, found[0].strip())
        if right := next(filter(is_iban, _IBAN.findall(folded)), None):
            self._note("iban", line, right)

    def under(self, kind: str, line: int, text: str) -> None:
        """Look at a value under a header of that kind."""
        if _SHAPES[kind].fullmatch(fold_all(text.upper() if kind == "passport" else text)):
            self._note(kind, line, text)

    def value(self, line: int, value: Any) -> None:
        """Look at a value of JSON with everything in it."""
        for key, text in _leaves("", value):
            self.text(line, text)
            if kind := kind_of_header(key):
                self.under(kind, line, trimmed(text))

    def _note(self, kind: str, line: int, text: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if len(lines := self.lines.setdefault(kind, [])) < LINES:
            lines.append(line)
        examples = self.examples.setdefault(kind, [])
        if len(examples) < _EXAMPLES and masked(text) not in examples:
            examples.append(masked(text))

    def findings(self) -> list[PersonalFinding]:
        """One finding a kind."""
        return [
            PersonalFinding(-1, kind, count, self.lines[kind], self.examples[kind], self.where)
            for kind, count in self.counts.items()
        ]


def kind_of_header(text: str) -> str | None:
    """What a header says its column holds about people, if anything."""
    if len(text) > _LONGEST_HEADER or not text:
        return None
    folded = words.fold_words(text)
    kind = next((kind for kind, header, _ in _HEADED if header.search(folded)), None)
    return None if kind == "name" and words.NOT_PERSON.search(folded) else kind


def in_rows(where: str, rows: Iterable[list[str]]) -> list[PersonalFinding]:
    """What a sheet that was not read says about people; a header is looked for in its first fifty rows."""
    search = Search(where)
    kinds: dict[int, str] = {}
    for line, cells in enumerate(rows, 1):
        search.text(line, "\n".join(filter(None, cells)))
        for column, kind in kinds.items():
            if column < len(cells) and cells[column]:
                search.under(kind, line, trimmed(cells[column]))
        if line <= _HEADER_ROWS:
            found = ((column, kind_of_header(cell)) for column, cell in enumerate(cells))
            kinds |= {column: kind for column, kind in found if kind}
    return search.findings()


def _leaves(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from _leaves(str(inner), one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(key, one)
    elif isinstance(value, str):
        yield key, value


@dataclass
class Margins:
    """What is written in the margins of a workbook: how many comments, who made it, what both say about people."""

    comments: int = 0
    makers: list[str] = field(default_factory=list)
    personal: list[PersonalFinding] = field(default_factory=list)


def margins_of(path: Path, kind: str) -> Margins:
    """The comments and properties of an XLSX or ODS; of an XLS nothing is known."""
    margins = Margins()
    if kind not in ("xlsx", "ods"):
        return margins
    search = Search("comments")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if kind == "xlsx" and _COMMENTS.fullmatch(name):
                content = _content(archive, name)
                margins.comments += len(_COMMENT.findall(content))
                _look(search, content)
            elif kind == "ods" and name == "content.xml":
                for found in _ODS_COMMENT.findall(_content(archive, name)):
                    margins.comments += 1
                    _look(search, found)
            elif name in ("docProps/core.xml", "meta.xml"):
                makers = [_plain(one) for one in _MAKERS.findall(_content(archive, name))]
                margins.makers = list(dict.fromkeys(one for one in makers if one and one.lower() != "openpyxl"))
    margins.personal = search.findings()
    return margins


def _look(search: Search, content: bytes) -> None:
    for text in _TEXT.findall(content):
        search.text(1, _plain(text))


def _plain(content: bytes) -> str:
    return html.unescape(content.decode("utf-8", "replace")).strip()


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(_PART)
