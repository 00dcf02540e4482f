"""Where the rows of a version are asked: its file for queries in the store, its columns, how many rows it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opendata.building.schema import ColumnSpec, Schema
from opendata.catalogue.models import Version
from opendata.catalogue.storage import store


class NoRows(LookupError):
    """Rows of this version cannot be asked; the message says in English why and what there is instead."""


@dataclass(frozen=True)
class Source:
    """What `opendata.querying.client` takes: the file, its columns in order, its number of rows."""

    path: Path
    columns: tuple[ColumnSpec, ...]
    rows: int


def rows_of(version: Version) -> Source:
    """Where the rows of a version are; raises `NoRows`. Whether it was withdrawn is the caller's to ask."""
    if not version.query_sha256:
        raise NoRows("This version was published without a file for queries. Its files can be downloaded.")
    path = store().path(version.query_sha256)
    if not path.is_file():
        raise NoRows("The file for queries of this version is missing from the store. Its files can be downloaded.")
    schema = Schema.from_json({"columns": version.columns, "key": version.key})
    return Source(path, schema.columns, version.rows)
