"""What may be asked of the rows of one table, as data: the grammar reads it from addresses, `sql` makes SQL of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendata.building.schema import ROW_NUMBER, ColumnSpec
from opendata.querying.values import Value

OPS = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "is_null")
FUNCTIONS = ("count", "sum", "avg", "min", "max")
DEFAULT_LIMIT, MOST_ROWS, MOST_OFFSET = 100, 1_000, 100_000
MOST_FILTERS, MOST_VALUES, MOST_CHARACTERS, MOST_WORDS, MOST_SORTS = 50, 500, 100_000, 8, 20


@dataclass(frozen=True)
class Field:
    """A column of what is asked or answered: its name and one of `schema.TYPES`."""

    name: str
    type: str


@dataclass(frozen=True)
class Filter:
    """A condition on one column; `in` has several values, `is_null` has True or False, the others one value.

    Values are typed as their column: str, int, Decimal, bool, date, datetime.
    """

    column: str
    op: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Sort:
    """By a column, or by the name of an aggregate."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Aggregate:
    """`count` of rows, or a function of a column's values."""

    function: str
    column: str = ""

    @property
    def name(self) -> str:
        """What its column is called in the answer: `count`, `sum:amount`."""
        return f"{self.function}:{self.column}" if self.column else self.function


@dataclass(frozen=True)
class Query:
    """What is asked of a table. `limit` None: all of it. `after`: the number of the row the page before ended with."""

    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int | None = DEFAULT_LIMIT
    after: int | None = None
    offset: int = 0
    group_by: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    distinct: bool = False
    search: str = ""

    @property
    def is_grouped(self) -> bool:
        return bool(self.group_by or self.aggregates)

    @property
    def is_whole(self) -> bool:
        """Does it ask for every row, so that the number of rows is that of the table?"""
        return not (self.filters or self.search or self.is_grouped or self.distinct)

    @property
    def canonical(self) -> str:
        """The same text for the same query, and another for any other."""
        return repr(self)


def fields_of(columns: Sequence[ColumnSpec]) -> dict[str, Field]:
    """What may be named in a query: the columns, and the number of the row."""
    return {ROW_NUMBER: Field(ROW_NUMBER, "integer"), **{one.name: Field(one.name, one.type) for one in columns}}


def answered(query: Query, columns: Sequence[ColumnSpec]) -> list[Field]:
    """The columns of the answer, in order."""
    known = fields_of(columns)
    if query.is_grouped:
        return [known[name] for name in query.group_by] + [result_of(one, known) for one in query.aggregates]
    return [known[name] for name in query.columns or [column.name for column in columns]]


def result_of(aggregate: Aggregate, known: Mapping[str, Field]) -> Field:
    """The column that an aggregate makes."""
    if aggregate.function == "count":
        return Field(aggregate.name, "integer")
    return Field(aggregate.name, "decimal" if aggregate.function == "avg" else known[aggregate.column].type)


def ordered(query: Query, columns: Sequence[ColumnSpec]) -> list[Sort]:
    """The whole order: what was asked for, then what tells rows apart, so that every page follows from the last."""
    if query.is_grouped or query.distinct:
        last = list(query.group_by) if query.is_grouped else [one.name for one in answered(query, columns)]
    else:
        last = [ROW_NUMBER]
    order: dict[str, Sort] = {}
    for one in [*query.sort, *map(Sort, last)]:
        order.setdefault(one.column, one)
        if one.column == ROW_NUMBER and not query.is_grouped and not query.distinct:
            break
    return list(order.values())


def is_in_place(query: Query, columns: Sequence[ColumnSpec]) -> bool:
    """Is the order asked for that of the table itself?"""
    return ordered(query, columns) == [Sort(ROW_NUMBER)] and not query.is_grouped and not query.distinct
