"""Is a query in order? What `grammar.parse` gives always is; what others build by hand is checked the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opendata.building.schema import ColumnSpec
from opendata.querying import folding
from opendata.querying.queries import (
    FUNCTIONS,
    MOST_CHARACTERS,
    MOST_FILTERS,
    MOST_SORTS,
    MOST_VALUES,
    MOST_WORDS,
    OPS,
    Aggregate,
    Field,
    Filter,
    Query,
    answered,
    fields_of,
)
from opendata.querying.values import MOST_CHARACTERS as MOST_OF_A_VALUE
from opendata.querying.values import is_typed, plain_text
from opendata.querying.words import BadQuery, listed

_OPS_OF = {
    "text": OPS,
    "boolean": ("eq", "ne", "in", "is_null"),
    **dict.fromkeys(("integer", "decimal", "date", "datetime"), tuple(op for op in OPS if op != "contains")),
}
_NUMBERS = ("integer", "decimal")


def check(query: Query, columns: Sequence[ColumnSpec]) -> None:
    """Raise `BadQuery` where names, types or sizes are not in order."""
    known = fields_of(columns)
    for parameter, names in (("columns", query.columns), ("group_by", query.group_by)):
        _names(parameter, names, known)
    if len(query.filters) > MOST_FILTERS:
        raise BadQuery(query.filters[MOST_FILTERS].column, "too_many_filters", most=MOST_FILTERS)
    for one in query.filters:
        check_filter(one, known, f"{one.column}__{one.op}")
    _grouping(query, known)
    _sorting(query, columns)
    check_search(query.search)
    texts = [value for one in query.filters for value in one.values if isinstance(value, str)]
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise BadQuery(query.filters[-1].column, "too_much", most=MOST_CHARACTERS)


def field(name: str, known: Mapping[str, Field], parameter: str) -> Field:
    """The column of that name."""
    if name not in known:
        raise BadQuery(parameter, "unknown_column", name=name, known=f"There are: {listed(list(known))}.")
    return known[name]


def check_filter(one: Filter, known: Mapping[str, Field], parameter: str) -> None:
    """Raise `BadQuery` unless the operator suits the column and the values suit both."""
    found = field(one.column, known, parameter)
    check_op(found, one.op, parameter)
    if not one.values or (len(one.values) > 1 and one.op != "in"):
        raise BadQuery(parameter, "not_a_list" if one.op == "in" else "said_twice", name=one.op)
    if len(one.values) > MOST_VALUES:
        raise BadQuery(parameter, "too_many_values", most=MOST_VALUES)
    kind = "boolean" if one.op == "is_null" else found.type
    for value in one.values:
        if not is_typed(value, kind):
            article = "an" if kind == "integer" else "a"
            raise BadQuery(parameter, f"not_{article}_{kind}", value=str(value))
        if isinstance(value, str):
            _text(value, parameter)
    if one.op == "contains" and not folding.fold(str(one.values[0])):
        raise BadQuery(parameter, "nothing_to_find", value=str(one.values[0]))


def check_op(found: Field, op: str, parameter: str) -> None:
    """Raise `BadQuery` unless the operator exists and works on the column."""
    if op not in OPS:
        raise BadQuery(parameter, "unknown_op", op=op, ops=", ".join(OPS))
    if op not in _OPS_OF[found.type]:
        ops = ", ".join(_OPS_OF[found.type])
        raise BadQuery(parameter, "op_does_not_fit", op=op, column=found.name, type=found.type, ops=ops)


def check_search(words: str) -> None:
    """Raise `BadQuery` unless there is nothing, or something, to look for."""
    if not words:
        return
    _text(words, "search")
    if not (folded := folding.fold(words)):
        raise BadQuery("search", "nothing_to_find", value=words)
    if len(folded.split()) > MOST_WORDS:
        raise BadQuery("search", "too_many_words", most=MOST_WORDS)


def _text(text: str, parameter: str) -> None:
    if len(text) > MOST_OF_A_VALUE:
        raise BadQuery(parameter, "too_long", most=MOST_OF_A_VALUE)
    plain_text(text, parameter)


def _names(parameter: str, names: Sequence[str], known: Mapping[str, Field]) -> None:
    seen: set[str] = set()
    for name in names:
        field(name, known, parameter)
        if name in seen:
            raise BadQuery(parameter, "named_twice", name=name)
        seen.add(name)


def _grouping(query: Query, known: Mapping[str, Field]) -> None:
    if not query.is_grouped:
        return
    for parameter, there in (("columns", query.columns), ("distinct", query.distinct)):
        if there:
            raise BadQuery(parameter, "columns_and_groups", name=parameter)
    seen = set(query.group_by)
    for one in query.aggregates:
        _aggregate(one, known)
        if one.name in seen:
            code = "name_taken" if one.name in query.group_by else "named_twice"
            raise BadQuery("aggregate", code, name=one.name)
        seen.add(one.name)


def _aggregate(one: Aggregate, known: Mapping[str, Field]) -> None:
    if one.function not in FUNCTIONS:
        raise BadQuery("aggregate", "unknown_function", function=one.function, functions=", ".join(FUNCTIONS))
    if not one.column:
        if one.function != "count":
            example = next((name for name, found in known.items() if found.type in _NUMBERS and name != "_id"), "_id")
            raise BadQuery("aggregate", "function_needs_a_column", function=one.function, example=example)
        return
    found = field(one.column, known, "aggregate")
    if one.function in ("sum", "avg") and found.type not in _NUMBERS:
        raise BadQuery("aggregate", "function_does_not_fit", function=one.function, column=found.name, type=found.type)


def _sorting(query: Query, columns: Sequence[ColumnSpec]) -> None:
    known = fields_of(columns)
    inside = query.is_grouped or query.distinct
    there = {one.name: one for one in answered(query, columns)} if inside else known
    if len(query.sort) > MOST_SORTS:  # the condition of a page behind another grows with their square
        raise BadQuery("sort", "too_many_names", most=MOST_SORTS)
    seen: set[str] = set()
    for one in query.sort:
        if one.column not in there:
            code = "not_in_the_result" if inside else "unknown_column"
            names = listed(list(there))
            raise BadQuery("sort", code, name=one.column, known=names if inside else f"There are: {names}.")
        if one.column in seen:
            raise BadQuery("sort", "named_twice", name=one.column)
        seen.add(one.column)
