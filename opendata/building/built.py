"""What building hands back: the files, and a note where one is not what a reader may expect."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

QUERIES = "query.duckdb"
"""The file that row queries are answered from."""
MARKS = "data.json.marks"
"""Where rows begin in data.json, see `row_marks`."""
INTERNAL = (QUERIES, MARKS)
"""Never offered for download."""

NOTES = {
    "xlsx_does_not_fit": "Left out: the table has more rows, columns or cells, or longer texts, than a sheet takes.",
    "xlsx_values_as_text": "These columns are text in XLSX: a sheet would round their numbers or refuse their dates.",
    "xml_characters_replaced": "XML 1.0 forbids these control characters; each stands as U+FFFD in the XML file.",
}
"""Codes of notes. Params: `reason`, `found`, `most` | `columns` | `values` (how many values were touched)."""


@dataclass(frozen=True)
class Note:
    """A remark to translate: a code of `NOTES` and its figures."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BuiltFile:
    """One file of a version: its bytes and SHA-256, and the rows in it. One that was left out has no hash."""

    name: str
    format: str
    media_type: str
    size: int = 0
    sha256: str = ""
    rows: int = 0
    note: Note | None = None

    @property
    def left_out(self) -> bool:
        """Was it not written? Its note says why."""
        return not self.sha256

    @property
    def offered(self) -> bool:
        """Is it for download?"""
        return not self.left_out and self.name not in INTERNAL

    def to_json(self) -> dict[str, Any]:
        """As `from_json` takes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BuiltFile:
        """What `to_json` gave."""
        note = data.get("note")
        return cls(**{**data, "note": Note(**note) if note else None})
