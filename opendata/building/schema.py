"""The data dictionary: what each column of a published table is called, means and holds, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import Any

TYPES = ("text", "integer", "decimal", "boolean", "date", "datetime")
ROW_NUMBER = "_id"
"""The column that queries add. A table's own column may not be called so."""
CODE = "{}:code"
"""The column, of a name no table's own column has, that queries group a text column of few different values by."""
GROUPS = "{}:groups"
"""The table of the groups of such a column: each function of their rows is a column, called as queries call it."""
_NAME = re.compile(r"[a-z0-9_]{1,128}")


class BadSchema(ValueError):
    """A dictionary that contradicts itself or the table it is said to describe; the message says where."""


@dataclass(frozen=True)
class ColumnSpec:
    """One column: machine name, type (one of `TYPES`), and what people read about it."""

    name: str
    type: str = "text"
    title_ar: str = ""
    title_en: str = ""
    description_ar: str = ""
    description_en: str = ""
    unit: str = ""
    formula: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name == ROW_NUMBER:
            raise BadSchema(f"a column may not be called {self.name!r}: use a-z, 0-9 and _, and not {ROW_NUMBER}")
        if self.type not in TYPES:
            raise BadSchema(f"column {self.name} has the unknown type {self.type!r}; there are {', '.join(TYPES)}")


@dataclass(frozen=True)
class Schema:
    """The columns in the order of the table, and those whose values together name a row (none: no key)."""

    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = self.names
        if not names:
            raise BadSchema("a table needs at least one column")
        if twice := [name for name, times in Counter(names).items() if times > 1]:
            raise BadSchema(f"two columns are called {', '.join(twice)}")
        if missing := [name for name in self.key if name not in names]:
            raise BadSchema(f"the key names a column that is not there: {', '.join(missing)}")

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [column.name for column in self.columns]

    def to_json(self) -> dict[str, Any]:
        """As `from_json` takes it; empty fields are left out."""
        columns = [{name: value for name, value in asdict(column).items() if value} for column in self.columns]
        return {"columns": columns, "key": list(self.key)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Schema:
        """What `to_json` gave, also by a later release that knows more fields; raises `BadSchema`."""
        known = {field.name for field in fields(ColumnSpec)}
        try:
            columns = [{name: value for name, value in column.items() if name in known} for column in data["columns"]]
            return cls(tuple(ColumnSpec(**column) for column in columns), tuple(data.get("key", ())))
        except (KeyError, TypeError, AttributeError) as error:
            raise BadSchema(f"this is not a data dictionary: {error}") from error
