"""SQL out of a query: names from the table's own columns and quoted, every value bound, numbers compared exactly."""

# ruff: noqa: S608 - names are checked against the table and quoted, values are bound

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field

from opendata.building.engine import as_text, literal, quoted
from opendata.building.schema import CODE, GROUPS, ROW_NUMBER, ColumnSpec
from opendata.querying import folding, numbers
from opendata.querying.queries import Aggregate, Field, Filter, Query, answered, fields_of, is_in_place, ordered
from opendata.querying.spellings import Spellings, letters_each
from opendata.querying.values import written

_COMMA, _QUOTE, _TWO_QUOTES = ", ',', ", literal('"'), literal('""')
_NEEDS_QUOTES = '[,"\\r\\n]'
CONTAINS = "folded_contains"
"""The engine's function for the few texts that need the portal's folding itself: (text, folded) -> boolean."""


@dataclass(frozen=True)
class Statement:
    """SQL and the values of its question marks."""

    sql: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True)
class Table:
    """Where the rows are: how SQL calls them, the columns, and DuckDB's type of each; are they stored by number?

    `groups`: for columns whose groups were computed beforehand, the names of what is known of them.
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    physical: Mapping[str, str]
    spellings: Spellings
    in_order: bool
    groups: Mapping[str, Collection[str]] = field(default_factory=dict)


def lines(query: Query, table: Table, fmt: str, previous: Mapping[str, object] | None = None) -> Statement:
    """A page: for each row its line of JSON or CSV, and its number (0 where rows have none).

    One row more than the limit is asked for, which tells whether there is a page behind. `previous`: the row that the
    page before ended with, as `row` finds it.
    """
    inner = _page(query, table, previous)
    fields = answered(query, table.columns)
    line = _csv_line(fields) if fmt == "csv" else _json_line(fields, _finite(query, table))
    number = "0" if query.is_grouped or query.distinct else quoted(ROW_NUMBER)
    return Statement(f"SELECT {line}, {number} FROM ({inner.sql})", inner.values)


def export(query: Query, table: Table, fmt: str, target: str) -> Statement:
    """Write all the rows into `target`, as the version's own CSV is written, or as lines of JSON."""
    fields = answered(query, table.columns)
    inner = _page(query, table, None)
    if fmt == "csv":
        values = [as_text(one.name, one.type) for one in fields]
        if len(values) == 1:
            values = [f"coalesce({values[0]}, '')"]  # an empty line would be skipped by many readers
        listed = ", ".join(f"{value} AS {quoted(one.name)}" for value, one in zip(values, fields, strict=True))
        options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"
    else:
        listed = f"{_json_line(fields, _finite(query, table))} AS line"
        options = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01', NULLSTR ''"
    most = "" if query.limit is None else f" LIMIT {int(query.limit)}"  # a page asks for one row more
    rows = f"SELECT {listed} FROM ({inner.sql}){most}"
    return Statement(f"COPY ({rows}) TO {literal(target)} ({options})", inner.values)


def count(query: Query, table: Table) -> Statement:
    """How many rows all pages have together."""
    where, values = _where(query, table)
    if query.is_grouped:
        if computed := _computed(query, table):
            return Statement(f"SELECT count(*) FROM {computed}")
        by = ", ".join(_grouping(name, table) for name in query.group_by)
        inner = f"SELECT 1 FROM {table.name}{where} GROUP BY {by}" if by else "SELECT 1"
        return Statement(f"SELECT count(*) FROM ({inner})", values if by else ())
    if query.distinct:
        names = ", ".join(quoted(one.name) for one in answered(query, table.columns))
        return Statement(f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM {table.name}{where})", values)
    return Statement(f"SELECT count(*) FROM {table.name}{where}", values)


def row(query: Query, table: Table) -> Statement:
    """The values that rows are sorted by, of the row the page before ended with."""
    names = [one.column for one in ordered(query, table.columns)]
    return Statement(f"SELECT {', '.join(map(quoted, names))} FROM {table.name} WHERE {ROW_NUMBER} = ?", (query.after,))


def out_of_order(name: str) -> str:
    """Finds a row that is not stored in the place of its number, if there is one."""
    return f"SELECT 1 FROM {name} WHERE {ROW_NUMBER} <> rowid + 1 LIMIT 1"


def _page(query: Query, table: Table, previous: Mapping[str, object] | None) -> Statement:
    where, values = _where(query, table)
    order = ordered(query, table.columns)
    if computed := _computed(query, table):
        sql = f"SELECT * FROM {computed}"
    elif query.is_grouped:
        by = [_grouping(name, table) for name in query.group_by]
        groups = [_of_group(name, table) for name in query.group_by]
        listed = ", ".join([*groups, *(_aggregate(one) for one in query.aggregates)])
        sql = f"SELECT {listed} FROM {table.name}{where}" + (f" GROUP BY {', '.join(by)}" if by else "")
    elif query.distinct:
        names = ", ".join(quoted(one.name) for one in answered(query, table.columns))
        sql = f"SELECT DISTINCT {names} FROM {table.name}{where}"
    elif is_in_place(query, table.columns):
        return _in_place(query, table, where, values)
    else:
        if previous is not None:
            after, known = _after(query, table, previous)
            where, values = f"{where}{' AND ' if where else ' WHERE '}({after})", (*values, *known)
        sql = f"SELECT * FROM {table.name}{where}"
    if order:
        sql += " ORDER BY " + ", ".join(
            f"{quoted(one.column)} {'DESC' if one.descending else 'ASC'} NULLS LAST" for one in order
        )
    return _limited(query, sql, values)


def _computed(query: Query, table: Table) -> str:
    """The table of groups in which everything that is asked was computed beforehand; "" where there is none."""
    if len(query.group_by) != 1 or query.filters or query.search:
        return ""
    known = table.groups.get(query.group_by[0], ())
    if not known or any(one.name not in known for one in query.aggregates):
        return ""
    return f"{table.name.rpartition('.')[0]}.{quoted(GROUPS.format(query.group_by[0]))}"


def _grouping(name: str, table: Table) -> str:
    """What rows are grouped by: the column, or its code where it has one."""
    code = CODE.format(name)
    return quoted(code if code in table.physical else name)


def _of_group(name: str, table: Table) -> str:
    """The value of a group: its code is cast once a group, not once a row."""
    by = _grouping(name, table)
    return by if by == quoted(name) else f"CAST({by} AS VARCHAR) AS {quoted(name)}"


def _in_place(query: Query, table: Table, where: str, values: tuple[object, ...]) -> Statement:
    """Rows in the order of the table: as a rule they are stored in it, so nothing is sorted, and little is read."""
    order = "" if table.in_order else f" ORDER BY {ROW_NUMBER}"
    if not query.is_whole:
        if query.after is not None:
            where, values = f"{where}{' AND ' if where else ' WHERE '}{ROW_NUMBER} > ?", (*values, query.after)
        return _limited(query, f"SELECT * FROM {table.name}{where}{order}", values)
    first = query.offset if query.after is None else query.after + query.offset
    sql = f"SELECT * FROM {table.name} WHERE {ROW_NUMBER} > ?"
    if query.limit is None:
        return Statement(f"{sql}{order}", (first,))
    return Statement(f"{sql} AND {ROW_NUMBER} <= ?{order}", (first, first + query.limit + 1))


def _limited(query: Query, sql: str, values: tuple[object, ...]) -> Statement:
    if query.limit is not None:
        sql, values = f"{sql} LIMIT ?", (*values, query.limit + 1)
    if query.offset:
        sql, values = f"{sql} OFFSET ?", (*values, query.offset)
    return Statement(sql, values)


def _after(query: Query, table: Table, previous: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """The condition that a row comes behind the previous one: NULLs are last, and the last column is never NULL."""
    ways, values = list[str](), list[object]()
    same, of_same = list[str](), list[object]()
    for one in ordered(query, table.columns):
        column, value = quoted(one.column), previous[one.column]
        if value is not None:
            sign = "<" if one.descending else ">"
            ways.append(" AND ".join([*same, f"({column} {sign} ? OR {column} IS NULL)"]))
            values += [*of_same, value]
        same.append(f"{column} IS NOT DISTINCT FROM ?")
        of_same.append(value)
    return " OR ".join(f"({way})" for way in ways), tuple(values)


def _aggregate(one: Aggregate) -> str:
    of = quoted(one.column) if one.column else "*"
    return f"{one.function}({of}) AS {quoted(one.name)}"


def _where(query: Query, table: Table) -> tuple[str, tuple[object, ...]]:
    """The conditions with WHERE in front, and their values; nothing where there is none."""
    known = fields_of(table.columns)
    words = folding.fold(query.search).split() if query.search else []
    letters = letters_each(len(words) + sum(one.op == "contains" for one in query.filters))
    found = [_condition(one, known[one.column].type, table, letters) for one in query.filters]
    text = _text_of_a_row(table)
    found += [_contains(text, word, table, letters) if text else Statement("FALSE") for word in words]
    if not found:
        return "", ()
    return " WHERE " + " AND ".join(one.sql for one in found), tuple(value for one in found for value in one.values)


def _text_of_a_row(table: Table) -> str:
    """SQL for all texts of a row, parted by what no word holds: one expression for each word, however many columns."""
    texts = [quoted(column.name) for column in table.columns if column.type == "text"]
    return f"concat_ws(chr(10), {', '.join(texts)})" if len(texts) > 1 else "".join(texts)


def _condition(one: Filter, kind: str, table: Table, letters: int) -> Statement:
    column = quoted(one.column)
    if one.op == "is_null":
        return Statement(f"{column} IS NULL" if one.values[0] else f"{column} IS NOT NULL")
    if one.op == "contains":
        return _contains(column, folding.fold(str(one.values[0])), table, letters)
    if kind in ("integer", "decimal"):
        return Statement(*numbers.condition(one, table.physical[one.column]))
    marks = ", ".join(f"CAST(? AS {table.physical[one.column]})" for _value in one.values)
    values = tuple(written(value) for value in one.values)
    if one.op == "in":
        return Statement(f"{column} IN ({marks})", values)
    return Statement(f"{column} {numbers.SIGNS[one.op]} {marks}", values)


def _contains(text: str, folded: str, table: Table, letters: int) -> Statement:
    """Does the text, folded, hold this? Nearly all texts are compared by their spellings, without folding them.

    The first expression finds what one of the others may find, so that most texts are looked at once.
    """
    spelled, rest = table.spellings.pattern(folded, letters), table.spellings.rest(folded)
    if len(folded) > letters:
        rest = ""  # which finds every text
    sql = (
        f"CASE WHEN regexp_matches({text}, ?) THEN"
        f" CASE WHEN regexp_matches({text}, ?) THEN {CONTAINS}({text}, ?) ELSE TRUE END ELSE FALSE END"
    )
    spelled = f"{spelled}|{table.spellings.rest(folded)}"
    return Statement(f"({sql})", (spelled, rest, folded))


def _finite(query: Query, table: Table) -> set[str]:
    """The columns of decimals that hold no infinity, and what is computed of them: all but those of doubles."""
    sources = {one.name: one.column for one in query.aggregates}
    names = [one.name for one in answered(query, table.columns)]
    return {name for name in names if table.physical.get(sources.get(name, name), "").startswith("DECIMAL")}


def _json_line(fields: Sequence[Field], finite: Container[str]) -> str:
    pieces = []
    for place, one in enumerate(fields):
        pieces.append(literal(f'{"," if place else "{"}"{one.name}":'))
        pieces.append(f"coalesce({_json_value(one.name, one.type, one.name in finite)}, 'null')")
    return f"concat({', '.join(pieces)}, '}}')"


def _json_value(name: str, kind: str, is_finite: bool) -> str:
    """SQL for a value as JSON has it; numbers with the very digits of the CSV."""
    column = quoted(name)
    if kind == "text":
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind == "decimal" and not is_finite:  # JSON knows finite numbers only
        return f"CASE WHEN isfinite(CAST({column} AS DOUBLE)) THEN CAST({column} AS VARCHAR) END"
    text = as_text(name, kind)
    return f"'\"' || {text} || '\"'" if kind in ("date", "datetime") else text


def _csv_line(fields: Sequence[Field]) -> str:
    empty = literal("" if len(fields) > 1 else '""')
    return f"concat({_COMMA.join(f'coalesce({_csv_value(one.name, one.type)}, {empty})' for one in fields)})"


def _csv_value(name: str, kind: str) -> str:
    text = as_text(name, kind)
    if kind != "text":
        return text
    marked = f"{text} = '' OR regexp_matches({text}, {literal(_NEEDS_QUOTES)})"
    return (
        f"CASE WHEN {marked} THEN concat({_QUOTE}, replace({text}, {_QUOTE}, {_TWO_QUOTES}), {_QUOTE}) ELSE {text} END"
    )
