"""What is asked of the rows of a resource, read from the parameters of `datastore_search` and of a dump."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opendata.building.schema import ROW_NUMBER
from opendata.catalogue.querying import NoRows, Source, rows_of
from opendata.ckan import resources
from opendata.ckan.asked import Parameters, parsed
from opendata.ckan.datastore.filters import read_filters, read_sort, read_words
from opendata.ckan.resources import Resource
from opendata.ckan.wrong import invalid, not_found, unavailable
from opendata.querying.checking import check
from opendata.querying.client import NotAnswered, Unavailable
from opendata.querying.queries import Query, fields_of
from opendata.querying.words import BadQuery

MOST_OFFSET = 10**12


@dataclass(frozen=True)
class Table:
    """A resource with rows, and where they are."""

    resource: Resource
    source: Source


def table_of(identifier: str) -> Table:
    """The rows of a resource; raises Refused (404)."""
    one = resources.find(identifier)
    if one.file.format != resources.ROWS:
        sequence = one.version.sequence if one.is_of_version else 0
        instead = resources.resource_id(one.dataset, resources.ROWS, sequence)
        raise not_found(f'Resource "{identifier}" has no rows to ask for: those of the same table are in "{instead}"')
    try:
        return Table(one, rows_of(one.version))
    except NoRows as error:
        raise not_found(str(error)) from None


def query_of(asked: Parameters, table: Table, limit: int | None) -> Query:
    """The query; raises Refused (409)."""
    columns = table.source.columns
    known = fields_of(columns)
    is_distinct = asked.truth("distinct")
    names = asked.several("fields") or ([] if is_distinct else [ROW_NUMBER]) + [one.name for one in columns]
    if unknown := [name for name in names if name not in known]:
        raise invalid(fields=f'field "{unknown[0][:60]}" not in table')
    words, filters = _words(asked, known)
    given = json_value(asked, "filters")
    query = Query(
        columns=tuple(dict.fromkeys(names)),
        filters=(read_filters(given, known) if given not in (None, "") else ()) + filters,
        sort=read_sort(", ".join(asked.several("sort")), known),
        limit=limit,
        offset=min(asked.number("offset", 0), MOST_OFFSET),
        distinct=is_distinct,
        search=words,
    )
    check(query, columns)
    return query


def _words(asked: Parameters, known: Any) -> tuple[str, tuple[Any, ...]]:
    """Those of `q` and of `full_text` together."""
    is_plain = asked.truth("plain", True)
    words, filters = read_words(json_value(asked, "q") or "", known, is_plain=is_plain)
    return " ".join(filter(None, [words, asked.text("full_text").strip()])), filters


def json_value(asked: Parameters, name: str) -> Any:
    """A value that may be an object; where the request is an address, it is written as JSON."""
    value = asked.values.get(name)
    if isinstance(value, str) and (value.lstrip().startswith("{") or (name == "filters" and value.strip())):
        return parsed(name, value)
    return value


@contextmanager
def refusing() -> Iterator[None]:
    """What the engine refuses, in CKAN's shapes."""
    try:
        yield
    except BadQuery as error:
        raise invalid(**{error.parameter.partition("__")[0] or "query": error.message}) from None
    except Unavailable as error:
        raise unavailable(error.message) from None
    except NotAnswered as error:
        raise invalid(query=error.message) from None


def begun(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, after the first has been waited for: a query that fails does so before anything is sent."""
    rest = iter(pieces)
    with refusing():
        first = next(rest, None)
    return _with(first, rest)


def _with(first: bytes | None, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first is not None:
        yield first
        yield from rest
