"""What the publisher decided about a file; whatever is None is detected."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Choices:
    """The publisher's decisions.

    encoding: a name of opendata.reading.encodings.KNOWN; delimiter: one of , ; tab |; sheet: its name;
    header_rows: how many rows of headers follow the title lines (0 = none); types: {machine name: one of report.TYPES};
    decimal: "." or "," for numbers written with Western marks; date_order: "day" or "month", which comes first in dates
    that could be read either way.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_rows: int | None = None
    types: dict[str, str] | None = None
    decimal: str | None = None
    date_order: str | None = None

    def to_json(self) -> str:
        """The choices as one JSON object."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Choices:
        """The choices that `to_json` wrote. Raises ValueError or TypeError for anything else."""
        return cls(**json.loads(text))
