"""What the reader found in a file: plain, frozen values that travel as JSON between processes and into the database.

Lines are 1-based: lines of a text file, rows of a sheet, the place of an object in JSON. Columns are 0-based indexes
into `Report.columns`.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

STOPS, ASKS, TELLS = "stops", "asks", "tells"
TYPES = ("text", "integer", "decimal", "boolean", "date", "datetime")


@dataclass(frozen=True)
class EncodingChoice:
    """One way to decode the file: its name, how well the result reads (0 to 1) and what some lines would look like."""

    name: str
    score: float
    sample_lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook with its size in cells, header included."""

    name: str
    rows: int
    columns: int


@dataclass(frozen=True)
class Column:
    """One column of the table that was read.

    `distinct` counts up to 10,000 (then it says 10,000). `least` and `greatest` are typed values as text.
    `format` tells how the values were written where that is not plain, e.g. "dd/mm/yyyy".
    """

    name: str
    title: str
    type: str = "text"
    empty: int = 0
    distinct: int = 0
    least: str | None = None
    greatest: str | None = None
    examples: list[str] = field(default_factory=list)
    format: str = ""


@dataclass(frozen=True)
class Problem:
    """Something the publisher must mend (stops), decide (asks) or know (tells). Codes: opendata.reading.codes."""

    code: str
    severity: str
    line: int | None = None
    column: int | None = None
    value: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonalFinding:
    """A column that looks as if it said something about people; kinds: opendata.reading.codes.PERSONAL.

    What stands in no column of the table has column -1, and `where` says in which sheet, part or column of the file.
    """

    column: int
    kind: str
    count: int
    lines: list[int] = field(default_factory=list)
    masked_examples: list[str] = field(default_factory=list)
    where: str = ""


@dataclass(frozen=True)
class Report:
    """Everything known after reading one file. `rows` counts rows of data, without headers.

    `problems` holds the first fifty of each code, `problem_counts` counts all of them.
    """

    kind: str
    name: str
    size: int
    sha256: str
    encoding: str = ""
    encoding_reason: str = ""
    encodings: list[EncodingChoice] = field(default_factory=list)
    delimiter: str = ""
    sheets: list[Sheet] = field(default_factory=list)
    sheet: str = ""
    header_rows: int = 0
    rows: int = 0
    columns: list[Column] = field(default_factory=list)
    sample: list[list[str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_counts: dict[str, int] = field(default_factory=dict)
    personal: list[PersonalFinding] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Whether a typed table was written: nothing stopped the reader."""
        return not any(problem.severity == STOPS for problem in self.problems)

    def to_json(self) -> str:
        """The report as one JSON object."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """The report that `to_json` wrote. Raises ValueError or TypeError for anything else."""
        found: dict[str, Any] = json.loads(text)
        for key, part in _PARTS.items():
            found[key] = [part(**one) for one in found.get(key, [])]
        return cls(**found)


_PARTS: dict[str, type[Any]] = {
    "encodings": EncodingChoice,
    "sheets": Sheet,
    "columns": Column,
    "problems": Problem,
    "personal": PersonalFinding,
}
