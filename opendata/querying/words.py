"""What is wrong with a query, in English, for the people who write programs: each code names how to mend it."""

from __future__ import annotations

from typing import Any

CODES = {
    "unknown_parameter": "There is no column {name} and no parameter of that name. {known}",
    "unknown_column": "There is no column {name}. {known}",
    "unknown_op": "There is no operator {op}. There are: {ops}.",
    "op_does_not_fit": "{op} does not work on {column}, which is of type {type}. These do: {ops}.",
    "not_a_text": "The value holds a character that no text may hold, such as NUL.",
    "not_an_integer": "{value} is no whole number of at most 38 digits.",
    "not_a_decimal": "{value} is no number of at most 38 digits, such as 12.5.",
    "not_a_boolean": "{value} is neither true nor false.",
    "not_a_date": "{value} is no date. Write it like 2026-01-31.",
    "not_a_datetime": "{value} is no date and time. Write it like 2026-01-31T14:30:00, without an offset.",
    "nothing_to_find": "Letters or digits are needed to look for; {value} has none.",
    "too_long": "A value may have at most {most} characters.",
    "too_many_values": "A list may have at most {most} values.",
    "too_many_filters": "A query may have at most {most} filters.",
    "too_much": "The values of a query may have at most {most} characters together.",
    "too_many_names": "A list of columns may have at most {most} names.",
    "too_many_words": "A search may have at most {most} words.",
    "said_twice": "{name} may be given once.",
    "named_twice": "{name} is in the list twice.",
    "empty_list": "The list is empty. Leave the parameter out or name at least one.",
    "not_a_list": "The list cannot be read. Separate values by commas; put quotes around one that holds a comma.",
    "not_in_range": "{value} is no whole number from {least} to {most}.",
    "bad_cursor": "This cursor was not given for this query. Take it from `next` of the page before.",
    "cursor_and_offset": "A cursor and an offset contradict each other. Leave one of them out.",
    "columns_and_groups": "Grouped rows have the columns of group_by and aggregate. Leave {name} out.",
    "unknown_function": "There is no aggregate {function}. There are: {functions}.",
    "function_does_not_fit": "{function} does not work on {column}, which is of type {type}.",
    "function_needs_a_column": "Say of which column, such as {function}:{example}.",
    "name_taken": "The result would have two columns called {name}. Count a column instead: count:_id.",
    "not_in_the_result": "Rows cannot be sorted by {name}, which is not in the result. These are: {known}.",
}  # fmt: skip
"""Stable codes. Of a list of names in a message at most `SHOWN` are shown."""
SHOWN = 30


class BadQuery(ValueError):
    """A query that cannot be answered as it is written: which parameter is wrong, why, and how to mend it.

    `code` is one of `CODES` and stable; `params` are its figures; `message` is English.
    """

    def __init__(self, parameter: str, code: str, **params: Any) -> None:
        self.parameter = parameter[:200]
        self.code = code
        self.params = {name: _short(value) for name, value in params.items()}
        self.message = CODES[code].format(**self.params)
        super().__init__(f"{self.parameter}: {self.message}")


def listed(names: list[str]) -> str:
    """Names as a message lists them."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _short(value: Any) -> Any:
    """What was sent, cut to what a message may carry; without characters that no answer could."""
    if not isinstance(value, str):
        return value
    if not value:
        return '""'
    plain = value.encode("utf-8", "replace").decode()
    return plain if len(plain) <= 2_000 else plain[:2_000] + "..."
