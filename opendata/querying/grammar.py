"""The closed grammar of queries over the rows of one table, as an address says it.

    columns=a,b           only these columns, in this order (`_id`, the number of the row from 1, may be named too)
    <column>=value        rows with this value; further operators as <column>__<op>=value, see `OPS`
    sort=-a,b             by these columns, `-` for descending; rows without a value come last either way
    limit, cursor|offset  a page, and the one after it
    group_by=a,b          one row for each combination, with aggregate=count,sum:c,avg:c,min:c,max:c,count:c
    distinct=true         each combination of `columns` once
    search=words          rows in which each word stands in some text column

All filters must hold together. `ne` also finds rows without a value. `contains` and `search` compare folded texts, see
`folding`. A list is one line of CSV: quotes around a value that holds a comma. A column that is called like a parameter
is reached as `column.<name>`. Columns called `a` and `a__gt` are told apart by `a__gt__eq`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from opendata.building.schema import ColumnSpec
from opendata.querying import cursors
from opendata.querying.checking import check, check_op, field
from opendata.querying.queries import (
    DEFAULT_LIMIT,
    FUNCTIONS,
    MOST_FILTERS,
    MOST_OFFSET,
    MOST_ROWS,
    MOST_VALUES,
    OPS,
    Aggregate,
    Field,
    Filter,
    Query,
    Sort,
    answered,
    fields_of,
    ordered,
)
from opendata.querying.values import MOST_CHARACTERS, Value, boolean, plain_text, value_of
from opendata.querying.words import CODES, BadQuery, listed

PARAMETERS = ("columns", "sort", "limit", "cursor", "offset", "group_by", "aggregate", "distinct", "search")
ELSEWHERE = ("format", "total")
"""Parameters of an address that say how to answer, not what is asked; whoever answers reads them."""
COLUMN = "column."
MOST_NAMES = 500
_MOST_LIST = 200_000
"""Characters of a list."""

__all__ = [
    "CODES", "DEFAULT_LIMIT", "ELSEWHERE", "FUNCTIONS", "MOST_FILTERS", "MOST_OFFSET", "MOST_ROWS", "MOST_VALUES",
    "OPS", "PARAMETERS", "Aggregate", "BadQuery", "Field", "Filter", "Query", "Sort", "Value", "answered", "check",
    "fields_of", "ordered", "parse", "value_of",
]  # fmt: skip


@dataclass(frozen=True)
class _Reading:
    """One address being read: what was said once, and the columns."""

    said: Mapping[str, str]
    known: Mapping[str, Field]

    def names(self, parameter: str) -> tuple[str, ...]:
        """A list of names; none where the parameter is not there."""
        if parameter not in self.said:
            return ()
        names = [name.strip() for name in _list(self.said[parameter], parameter, MOST_NAMES, "too_many_names")]
        if "" in names:
            raise BadQuery(parameter, "empty_list")
        return tuple(names)

    def number(self, parameter: str, default: int | None, least: int, most: int | None) -> int | None:
        """A whole number within bounds."""
        if parameter not in self.said:
            return default
        text = self.said[parameter]
        if re.fullmatch(r"\d{1,15}", text) and least <= (found := int(text)) and (most is None or found <= most):
            return found
        raise BadQuery(
            parameter, "not_in_range", value=text, least=least, most="999999999999999" if most is None else most
        )


def parse(
    params: Sequence[tuple[str, str]],
    columns: Sequence[ColumnSpec],
    *,
    default_limit: int | None = DEFAULT_LIMIT,
    most_rows: int | None = MOST_ROWS,
    elsewhere: Iterable[str] = ELSEWHERE,
    of: str = "",
) -> Query:
    """The query that an address asks; raises `BadQuery`. Parameters named in `elsewhere` are not looked at.

    For exports: `default_limit=None, most_rows=None`. `of`: as `client.run` was told for the page before.
    """
    ignored, said, conditions = set(elsewhere), dict[str, str](), list[tuple[str, str]]()
    for name, value in params:
        if name in PARAMETERS:
            if name in said:
                raise BadQuery(name, "said_twice", name=name)
            said[name] = plain_text(value, name)
        elif name not in ignored:
            conditions.append((name, value))
    reading = _Reading(said, fields_of(columns))
    if len(conditions) > MOST_FILTERS:
        raise BadQuery(conditions[MOST_FILTERS][0], "too_many_filters", most=MOST_FILTERS)
    query = Query(
        columns=reading.names("columns"),
        filters=tuple(_filter(name, value, reading.known) for name, value in conditions),
        sort=tuple(_sort(name) for name in reading.names("sort")),
        limit=reading.number("limit", default_limit, 0, most_rows),
        offset=reading.number("offset", 0, 0, MOST_OFFSET) or 0,
        group_by=reading.names("group_by"),
        aggregates=tuple(_aggregate(name) for name in reading.names("aggregate")),
        distinct=boolean(said["distinct"], "distinct") if "distinct" in said else False,
        search=said.get("search", ""),
    )
    if query.group_by and not query.aggregates:
        query = replace(query, aggregates=(Aggregate("count"),))
    check(query, columns)
    return _paged(query, columns, said, of)


def _paged(query: Query, columns: Sequence[ColumnSpec], said: Mapping[str, str], of: str) -> Query:
    if "cursor" not in said:
        return query
    if "offset" in said:
        raise BadQuery("cursor", "cursor_and_offset")
    return cursors.read(query, columns, said["cursor"], of)


def _filter(name: str, text: str, known: Mapping[str, Field]) -> Filter:
    column, op = _condition(name, known)
    found = field(column, known, name)
    check_op(found, op, name)
    if op == "is_null":
        return Filter(column, op, (boolean(text, name),))
    if op == "in":
        listed_values = _list(text, name, MOST_VALUES, "too_many_values")
        return Filter(column, op, tuple(value_of(found.type, one, name) for one in listed_values))
    return Filter(column, op, (value_of(found.type, text, name),))


def _condition(name: str, known: Mapping[str, Field]) -> tuple[str, str]:
    """Column and operator that a parameter names; raises `BadQuery` where there is no such column."""
    plain = name.removeprefix(COLUMN)
    column, split, op = plain.rpartition("__")
    if split and column in known and (op in OPS or plain not in known):
        return column, op
    if plain in known:
        return plain, "eq"
    every = ", ".join(PARAMETERS)
    raise BadQuery(name, "unknown_parameter", name=plain, known=f"Columns: {listed(list(known))}. Parameters: {every}.")


def _sort(name: str) -> Sort:
    return Sort(name.removeprefix("-"), name.startswith("-"))


def _aggregate(name: str) -> Aggregate:
    function, _colon, column = name.partition(":")
    return Aggregate(function, column)


def _list(text: str, parameter: str, most: int, code: str) -> list[str]:
    """The values of one line of CSV, without blanks in front of them."""
    if len(text) > _MOST_LIST:
        raise BadQuery(parameter, code, most=most)
    try:
        lines = list(csv.reader([text], strict=True, skipinitialspace=True))
    except csv.Error:
        raise BadQuery(parameter, "not_a_list") from None
    found = lines[0] if lines else []
    if not found:
        raise BadQuery(parameter, "empty_list")
    if len(found) > most:
        raise BadQuery(parameter, code, most=most)
    if any(len(value) > MOST_CHARACTERS for value in found):
        raise BadQuery(parameter, "too_long", most=MOST_CHARACTERS)
    return found
