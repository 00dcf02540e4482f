"""`/datastore/dump/<id>`: all rows of a resource, or those that fit, as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from opendata.ckan.asked import Parameters
from opendata.ckan.datastore import writing
from opendata.ckan.datastore.asking import MOST_OFFSET, Table, begun, query_of, refusing, table_of
from opendata.ckan.datastore.fields import fields
from opendata.ckan.datastore.search import MOST
from opendata.ckan.streaming import gathered
from opendata.ckan.wrong import invalid
from opendata.querying.client import run, stream
from opendata.querying.queries import Query, answered

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}

WITH_MARK = ("csv", "tsv")
"""Formats that spreadsheets open, which take UTF-8 for something else without a mark in front."""


@dataclass(frozen=True)
class Dump:
    """Rows as a file: of which table, which of them, in which format, and whether spreadsheets are told it is UTF-8."""

    table: Table
    query: Query
    format: str
    with_mark: bool

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def filename(self) -> str:
        """What it is saved as."""
        one = self.table.resource
        return f"{one.dataset.slug}-{one.version.number}.{self.format}"

    @property
    def is_whole(self) -> bool:
        """Are these all rows?"""
        return self.query.is_whole and self.query.limit is None and not self.query.offset

    def pieces(self) -> Iterator[bytes]:
        """The bytes; raises Refused where the query fails before there are any. Closing it stops the query."""
        source = self.table.source
        fmt: Literal["csv", "ndjson"] = "csv" if self.format == "csv" else "ndjson"
        if self.query.limit is not None and self.query.limit <= MOST:  # a page, which takes no place of an export
            with refusing():
                rows = iter([run(source.path, source.columns, self.query, fmt).body])
        else:
            rows = begun(stream(source.path, source.columns, self.query, fmt))
        written = self._written(rows)
        return writing.with_mark(written) if self.with_mark else iter(written)

    def _written(self, rows: Iterator[bytes]) -> Iterable[bytes]:
        columns = self.table.source.columns
        names = [one.name for one in answered(self.query, columns)]
        if self.format == "csv":
            return rows
        if self.format == "tsv":
            return gathered(writing.tabbed(rows, names))
        if self.format == "json":
            return gathered(writing.json_dump(rows, fields(names, columns)))
        return gathered(writing.xml_dump(rows, names))


def dump(identifier: str, asked: Parameters) -> Dump:
    """What is asked for; nothing is computed yet. Raises Refused."""
    kind = asked.text("format") or "csv"
    if kind not in MEDIA_TYPES:
        raise invalid(format=f"Value must be one of {', '.join(MEDIA_TYPES)}")
    table = table_of(identifier)
    with refusing():
        limit = asked.number("limit", 0, MOST_OFFSET) if asked.has("limit") else None
        query = query_of(asked, table, limit)
    return Dump(table, query, kind, asked.truth("bom") and kind in WITH_MARK)
