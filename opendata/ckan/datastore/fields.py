"""Columns as fields of the datastore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opendata.building.schema import ROW_NUMBER, ColumnSpec

TYPES = {
    "text": "text",
    "integer": "int",
    "decimal": "numeric",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}
"""PostgreSQL's names of types, by which the datastore calls them."""


def fields(names: Sequence[str], columns: Sequence[ColumnSpec], *, with_schema: bool = False) -> list[dict[str, Any]]:
    """These columns with their types and what is said of them, English first."""
    known = {one.name: one for one in columns}
    return [_field(name, known.get(name), with_schema) for name in names]


def _field(name: str, column: ColumnSpec | None, with_schema: bool) -> dict[str, Any]:
    kind = TYPES[column.type] if column else "int"
    found: dict[str, Any] = {"id": name, "type": kind}
    if with_schema:
        is_number = name == ROW_NUMBER
        found["schema"] = {
            "native_type": kind,
            "notnull": is_number,
            "is_index": False,
            "index_name": "",
            "uidx": is_number,
        }
    if column:
        info = {
            "label": column.title_en, "notes": column.description_en, "type_override": "",
            "label_ar": column.title_ar, "notes_ar": column.description_ar, "unit": column.unit,
        }  # fmt: skip
        found["info"] = {key: value for key, value in info.items() if value or key in ("label", "notes")}
    return found
