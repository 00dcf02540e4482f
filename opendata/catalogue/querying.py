"""Where the rows of a version are asked: its files in the store, its columns, how many rows it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opendata.building.schema import ColumnSpec, Schema
from opendata.catalogue.models import Version
from opendata.catalogue.storage import store
from opendata.querying.client import Answer
from opendata.querying.cutting import cut
from opendata.querying.queries import Query


class NoRows(LookupError):
    """Rows of this version cannot be asked; the message says in English why and what there is instead."""


@dataclass(frozen=True)
class Source:
    """What `opendata.querying` takes: the file, its columns in order, its number of rows; where rows begin in the JSON
    file, and what tells the table from others of the same columns."""

    path: Path
    columns: tuple[ColumnSpec, ...]
    rows: int
    marks: Path | None = None
    of: str = ""


def as_it_stands(source: Source, query: Query, fmt: str, *, total: bool) -> Answer | None:
    """A page of the table as it stands, cut out of its JSON file; None where only the engine has the answer."""
    if source.marks is None:
        return None
    return cut(source.marks, store().path, source.columns, query, fmt, rows=source.rows, total=total, of=source.of)


def rows_of(version: Version) -> Source:
    """Where the rows of a version are; raises `NoRows`. Whether it was withdrawn is the caller's to ask."""
    if not version.query_sha256:
        raise NoRows("This version was published without a file for queries. Its files can be downloaded.")
    path = store().path(version.query_sha256)
    if not path.is_file():
        raise NoRows("The file for queries of this version is missing from the store. Its files can be downloaded.")
    schema = Schema.from_json({"columns": version.columns, "key": version.key})
    marks = store().path(version.marks_sha256) if version.marks_sha256 else None
    return Source(path, schema.columns, version.rows, marks, version.query_sha256)
