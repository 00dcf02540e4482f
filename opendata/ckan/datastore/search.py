"""`datastore_search` and `datastore_info`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from opendata.building.schema import ROW_NUMBER
from opendata.ckan.asked import Parameters
from opendata.ckan.datastore import writing
from opendata.ckan.datastore.asking import Table, json_value, query_of, refusing, table_of
from opendata.ckan.datastore.fields import fields
from opendata.ckan.streaming import dumps
from opendata.ckan.wrong import invalid
from opendata.querying.client import Answer, run
from opendata.querying.queries import Query, answered

USUAL, MOST = 100, 32_000
KNOWN = (
    "resource_id", "id", "filters", "q", "full_text", "distinct", "plain", "language", "limit", "offset", "fields",
    "sort", "include_total", "records_format", "include_next_page", "total_estimation_threshold",
)  # fmt: skip
ECHOED = ("filters", "q", "full_text", "sort", "distinct", "plain", "language")
FORMATS = ("objects", "lists", "csv", "tsv")
PATH = "/api/3/action/datastore_search"


@dataclass(frozen=True)
class Rows:
    """The result: what stands before and behind the records, and the records as the engine wrote them."""

    head: dict[str, Any]
    body: bytes
    records_format: str
    tail: dict[str, Any]

    def parts(self) -> Iterator[str]:
        """The JSON, in pieces."""
        yield f"{dumps(self.head)[:-1]}, "
        yield '"records": '
        yield from self._records()
        yield f", {dumps(self.tail)[1:]}"

    def _records(self) -> Iterator[str]:
        if self.records_format == "csv":
            # The first line has the names of the columns, in which there is no line break.
            yield dumps(self.body.partition(b"\n")[2].decode())
        elif self.records_format == "tsv":
            yield dumps("".join(writing.tabbed([self.body])))
        elif self.records_format == "lists":
            yield f"[{', '.join(map(writing.listed, writing.lines([self.body])))}]"
        else:
            # No line break stands within a line of JSON.
            yield f"[{self.body.decode().strip().replace(chr(10), ', ')}]"


@dataclass(frozen=True)
class Search:
    """Rows that are asked for; nothing is computed yet."""

    asked: Parameters
    resource_id: str
    table: Table
    query: Query
    limit: int
    records_format: str
    with_total: bool

    def rows(self) -> Rows:
        """The result; raises Refused."""
        asked, query, kind = self.asked, self.query, self.records_format
        with refusing():
            answer = self._run()
        columns = self.table.source.columns
        names = [one.name for one in answered(query, columns)]
        head = {
            "include_total": self.with_total, "limit": self.limit, "records_format": kind,
            "resource_id": self.resource_id,
            **_echoed(asked, query),
            "fields": fields(names, columns),
        }  # fmt: skip
        tail: dict[str, Any] = {"total": answer.total, "total_was_estimated": False} if self.with_total else {}
        if following := _next(query, answer, kind, names):
            tail["next_page"] = following
        tail["_links"] = _links(asked, query, self.limit)
        return Rows(head, answer.body, kind, tail)

    def _run(self) -> Answer:
        source, query = self.table.source, self.query
        if query.limit == 0 and (query.is_whole or not self.with_total):  # what clients ask to know the columns
            return Answer(b"", [], 0, None, source.rows)
        fmt: Literal["csv", "ndjson"] = "csv" if self.records_format == "csv" else "ndjson"
        return run(source.path, source.columns, query, fmt, total=self.with_total, rows=source.rows)


def datastore_search(asked: Parameters) -> Search:
    """Rows of a CSV resource. Parameters: resource_id, filters, q, full_text, plain, distinct, limit (100, at most
    32000), offset, fields, sort, include_total, records_format (objects, lists, csv or tsv). Words are found in the
    columns of texts, however their letters are written in Arabic. Unknown parameters are refused."""
    if unknown := [name for name in asked.values if name not in KNOWN]:
        words = "The input field was not expected. Known are: " + ", ".join(KNOWN)
        raise invalid(**{name[:60]: words for name in unknown[:10]})
    identifier = asked.text("resource_id") or asked.wanted("id" if asked.has("id") else "resource_id")
    kind = asked.text("records_format") or "objects"
    if kind not in FORMATS:
        raise invalid(records_format=f"Value must be one of {', '.join(FORMATS)}")
    table = table_of(identifier)
    limit, with_total = asked.number("limit", USUAL, MOST), asked.truth("include_total", True)
    with refusing():
        query = query_of(asked, table, limit)
    return Search(asked, identifier, table, query, limit, kind, with_total)


def _echoed(asked: Parameters, query: Query) -> dict[str, Any]:
    """The parameters as they were understood."""
    found = {name: json_value(asked, name) for name in ECHOED if asked.has(name)}
    return {**found, **({"offset": query.offset} if asked.has("offset") else {})}


def _next(query: Query, answer: Answer, kind: str, names: list[str]) -> dict[str, Any] | None:
    """The filter that leads on from the last row, where rows stand in their own order."""
    if answer.next is None or query.sort or kind != "objects" or ROW_NUMBER not in names:
        return None
    last = writing.values(answer.body.strip().rpartition(b"\n")[2].decode())
    return {ROW_NUMBER: {"gt": int(last[ROW_NUMBER])}}


def _links(asked: Parameters, query: Query, limit: int) -> dict[str, str]:
    """Where the first and the next page are, as clients of older releases look for it."""
    given = {
        name: value if isinstance(value, str) else dumps(value)
        for name, value in asked.values.items()
        if name not in ("offset", "limit")
    }
    pages = ({**given, "limit": limit}, {**given, "limit": limit, "offset": query.offset + limit})
    start, following = (f"{PATH}?{urlencode(page, errors='replace')}" for page in pages)
    return {"start": start, "next": following}


def datastore_info(asked: Parameters) -> dict[str, Any]:
    """Columns and number of rows of a CSV resource. Parameters: resource_id (or id)."""
    identifier = asked.text("resource_id") or asked.wanted("id")
    table = table_of(identifier)
    size = table.source.path.stat().st_size
    names = [ROW_NUMBER, *(one.name for one in table.source.columns)]
    meta = {
        "id": identifier, "count": table.source.rows, "table_type": "BASE TABLE", "size": size, "db_size": size,
        "idx_size": 0, "aliases": [],
    }  # fmt: skip
    return {"meta": meta, "fields": fields(names, table.source.columns, with_schema=True)}
