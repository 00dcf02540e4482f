"""What changed between two versions of a table, row by row, and which number the new version gets.

With a key that names each row once in both tables, rows are matched by it. Without one, or where it names two rows,
whole rows are compared by how often they occur, and a corrected row is one removed and one added. Columns that only one
of the versions has do not make a row different; they are reported by name. A value is the same where its number, date
or text is the same: 1.5 and 1.50 are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from opendata.building.schema import Schema

SAMPLE = 50
FILE = "difference.csv"
"""One line for each row added (`new` holds it as JSON) or removed (`old`), and for each value changed."""


@dataclass(frozen=True)
class Difference:
    """Numbers of rows, names of columns, and the first rows of each kind with their values as text.

    `matched_by` is the key that was used; () says that whole rows were compared, and `key_problem` why, where a key was
    given: "missing" (a version lacks one of its columns) or "repeated" (`key_repeated` values name several rows).
    `sample_added` and `sample_removed` are rows by column; `sample_changed` has `key` by column and `values`, the old
    and the new one of each changed column.
    """

    added: int
    removed: int
    changed: int
    unchanged: int
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: tuple[str, ...] = ()
    matched_by: tuple[str, ...] = ()
    key_problem: str = ""
    key_repeated: int = 0
    sample_added: list[dict[str, Any]] = field(default_factory=list)
    sample_removed: list[dict[str, Any]] = field(default_factory=list)
    sample_changed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Are both tables the same?"""
        columns = self.columns_added + self.columns_removed + self.columns_retyped
        return not (self.added or self.removed or self.changed or columns)

    def to_json(self) -> dict[str, Any]:
        """As `from_json` takes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Difference:
        """What `to_json` gave, also after a way through JSON."""
        tuples = ("columns_added", "columns_removed", "columns_retyped", "matched_by")
        return cls(**{**data, **{name: tuple(data[name]) for name in tuples}})


def compare(old: Path, new: Path, key: tuple[str, ...], into: Path) -> Difference:
    """Compare two typed Parquet tables; writes all of it to `into/difference.csv` (op, key, column, old, new).

    `key` of one column stands in the file as it is, of several as a JSON array. Memory stays within the engine's limit.
    """
    from opendata.building.comparing import Comparison
    from opendata.building.engine import engine

    into.mkdir(parents=True, exist_ok=True)
    with engine(old.parent, new.parent, into) as connection:
        return Comparison(connection, old, new).run(tuple(key), into / FILE)


def semver(previous: Schema | None, schema: Schema, difference: Difference | None) -> str:
    """Which part of MAJOR.MINOR.PATCH goes up: "major", "minor" or "patch".

    - major: what reads the last version may fail on this one. A column went, was renamed (which looks the same), got
      another type or another place among the others, or the key is another; also the first version, which is 1.0.0.
    - minor: there is more than before. New columns, or new rows, as of a new period.
    - patch: the same table, corrected. Values changed, rows taken out, or only what is said about it.

    Without a usable key a corrected row is one removed and one added: then only more rows than before make it minor.
    """
    if previous is None or difference is None or _breaks(previous, schema):
        return "major"
    if len(schema.columns) > len(previous.columns):
        return "minor"
    more = difference.added if difference.matched_by else difference.added - difference.removed
    return "minor" if more > 0 else "patch"


def _breaks(previous: Schema, schema: Schema) -> bool:
    """Do the old columns no longer stand there in their order, with their types and their key?"""
    before = [(column.name, column.type) for column in previous.columns]
    kept = [(column.name, column.type) for column in schema.columns if column.name in set(previous.names)]
    return before != kept or set(previous.key) != set(schema.key)
