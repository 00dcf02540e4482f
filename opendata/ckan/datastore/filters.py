"""The `filters`, `q` and `sort` of the datastore as parts of a query; every mistake names its parameter (409)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opendata.ckan.asked import clean
from opendata.ckan.wrong import invalid
from opendata.querying.queries import MOST_FILTERS, MOST_VALUES, Field, Filter, Sort
from opendata.querying.values import Value, value_of

_OPS = ("eq", "gt", "gte", "lt", "lte")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_SORT = re.compile(r'\s*"?(?P<name>\w+)"?(?:\s+(?P<way>asc|desc))?(?:\s+nulls\s+(?P<nulls>first|last))?\s*', re.I)
_OPERATORS = re.compile(r":\*|&")
MOST_SORTS = 20


def read_filters(found: Any, known: Mapping[str, Field]) -> tuple[Filter, ...]:
    """`{"column": value | [values] | {"gt": value, ...}, "$and": [...]}`; all of them must hold."""
    filters = tuple(_filters(found, known, 0))
    if len(filters) > MOST_FILTERS:
        raise invalid(filters=f"Must not have more than {MOST_FILTERS} conditions")
    return filters


def _filters(found: Any, known: Mapping[str, Field], depth: int) -> Iterator[Filter]:
    if not isinstance(found, dict):
        raise invalid(filters="Not a json object")
    for name, wanted in found.items():
        if name == "$and" and isinstance(wanted, list) and depth < 3:
            for one in wanted[: MOST_FILTERS + 1]:
                yield from _filters(one, known, depth + 1)
        elif name.startswith("$"):
            raise invalid(filters=f"{name[:60]} is not supported: only conditions that must all hold")
        else:
            yield from _column(_field(name, known, "filters"), wanted)


def _column(field: Field, wanted: Any) -> Iterator[Filter]:
    if isinstance(wanted, dict):
        for op, value in wanted.items():
            if op == "in":
                yield _among(field, value)
            elif op in _OPS:
                yield Filter(field.name, op, (_value(field, value),))
            else:
                raise invalid(filters=f"There is no operator {op[:60]}; there are in, {', '.join(_OPS)}")
    elif isinstance(wanted, list):
        yield _among(field, wanted)
    elif wanted is None:
        yield Filter(field.name, "is_null", (True,))
    else:
        yield Filter(field.name, "eq", (_value(field, wanted),))


def _among(field: Field, wanted: Any) -> Filter:
    if not isinstance(wanted, list) or not wanted:
        raise invalid(filters=f"{field.name} needs a list of values")
    if len(wanted) > MOST_VALUES:
        raise invalid(filters=f"Must not have more than {MOST_VALUES} values for a column")
    return Filter(field.name, "in", tuple(dict.fromkeys(_value(field, one) for one in wanted)))


def _value(field: Field, value: Any) -> Value:
    if not isinstance(value, str | int | float | bool):
        raise invalid(filters=f"{field.name} needs a value that is a text, a number, true or false")
    text = str(value).lower() if isinstance(value, bool) else clean("filters", str(value))
    if field.type == "date":
        text = _MIDNIGHT.sub("", text)
    return value_of(field.type, text, "filters")


def _field(name: str, known: Mapping[str, Field], parameter: str) -> Field:
    if name not in known:
        raise invalid(**{parameter: f'field "{name[:60]}" not in table'})
    return known[name]


def read_words(found: Any, known: Mapping[str, Field], *, is_plain: bool) -> tuple[str, tuple[Filter, ...]]:
    """`q`: words to be found in any text, or by column. Without `plain`, `&` and `:*` are what they always are here:
    all words must be there, and the beginning of one is enough."""
    if isinstance(found, dict):
        if len(found) > MOST_FILTERS:
            raise invalid(q=f"Must not have more than {MOST_FILTERS} columns")
        return "", tuple(one for name, text in found.items() for one in _contains(_field(name, known, "q"), text))
    text = _text(found)
    if not is_plain:
        if re.search(r"[|!<>]", text):
            raise invalid(q="Only words that must all be there are supported: leave out | ! < and >")
        text = _OPERATORS.sub(" ", text)
    return text.strip(), ()


def _contains(field: Field, text: Any) -> Iterator[Filter]:
    for word in _text(text).split():
        if field.type == "text":
            yield Filter(field.name, "contains", (word,))
        else:
            yield Filter(field.name, "eq", (value_of(field.type, word, "q"),))


def _text(found: Any) -> str:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise invalid(q="Must be a text, or an object of columns and texts")
    return clean("q", str(found))


def read_sort(text: str, known: Mapping[str, Field]) -> tuple[Sort, ...]:
    """`a, b desc nulls last`; rows without a value are always last."""
    parts = text.split(",") if text.strip() else []
    if len(parts) > MOST_SORTS:
        raise invalid(sort=f"Must not have more than {MOST_SORTS} columns")
    return tuple(_sort(part, known) for part in parts)


def _sort(part: str, known: Mapping[str, Field]) -> Sort:
    match = _SORT.fullmatch(part)
    if match is None:
        raise invalid(sort=f"Cannot be read at {part.strip()[:60]!r}: write a column, then asc or desc")
    if (match["nulls"] or "").lower() == "first":
        raise invalid(sort="Rows without a value are always last: nulls first is not supported")
    return Sort(_field(match["name"], known, "sort").name, (match["way"] or "").lower() == "desc")
