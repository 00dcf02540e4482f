"""The parameters of an action, from a query string, a form or a JSON object, and reading values of any shape."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core import exceptions
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from opendata.ckan.wrong import BadRequest, invalid

LONGEST = 10_000
"""Characters of one text."""
MOST = 1_000
"""Values of one list."""
_BROKEN = (
    exceptions.BadRequest,
    exceptions.SuspiciousOperation,
    MultiPartParserError,
    UnreadablePostError,
    UnicodeError,
    ValueError,
    RecursionError,
)
_YES, _NO = ("true", "1", "yes", "t", "y", "on"), ("false", "0", "no", "f", "n", "off")


class Parameters:
    """What was asked for. Each reading says what is wrong with a value that is not of its kind (409)."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = {str(name): value for name, value in values.items() if value is not None}

    def has(self, name: str) -> bool:
        """Was it given, and not left empty?"""
        return self.values.get(name, "") != ""

    def text(self, name: str, usual: str = "") -> str:
        """A text; numbers are taken as they are written."""
        value = self.values.get(name, usual)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid(**{name: "Must be a text"})
        return clean(name, str(value))

    def wanted(self, name: str) -> str:
        """A text that must not be missing."""
        if not self.has(name):
            raise invalid(**{name: "Missing value"})
        return self.text(name)

    def number(self, name: str, usual: int, most: int | None = None) -> int:
        """A whole number from 0; what is above `most` is taken for that."""
        value = self.values.get(name, usual)
        if value == "":
            return usual
        found = _whole(value)
        if found is None:
            raise invalid(**{name: "Invalid integer"})
        if found < 0:
            raise invalid(**{name: "Must be a natural number"})
        return found if most is None else min(found, most)

    def truth(self, name: str, usual: bool = False) -> bool:
        """Yes or no; texts are read as CKAN reads them."""
        value = self.values.get(name, usual)
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower() if isinstance(value, str | int) else "?"
        if word in _YES:
            return True
        if word in _NO or word == "":
            return False
        raise invalid(**{name: "Must be true or false"})

    def several(self, name: str) -> list[str]:
        """A list of texts: as JSON, as a repeated parameter, or one text with commas between them."""
        value = self.values.get(name, [])
        if isinstance(value, str):
            value = parsed(name, value) if value.lstrip().startswith("[") else value.split(",")
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise invalid(**{name: "Must be a list of texts"})
        if len(value) > MOST:
            raise invalid(**{name: f"Must not have more than {MOST} values"})
        return [found for one in value if (found := clean(name, one).strip())]


def clean(name: str, text: str) -> str:
    """The text without what the database cannot hold: NUL and halves of characters."""
    if len(text) > LONGEST:
        raise invalid(**{name: f"Must not be longer than {LONGEST} characters"})
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def parsed(name: str, text: str) -> Any:
    """A value given as JSON in a text."""
    try:
        return loads(text)
    except (ValueError, RecursionError):
        raise invalid(**{name: "Cannot parse JSON"}) from None


def loads(text: str | bytes) -> Any:
    """JSON as the standard has it: no NaN, no Infinity, and no number too large to be one."""
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def read(request: HttpRequest) -> Parameters:
    """The parameters of a request; raises BadRequest for a body or query nobody can read."""
    try:
        return Parameters(_read(request))
    except _BROKEN as error:
        raise BadRequest(f"Bad request: {_words(error)}") from None


def _read(request: HttpRequest) -> Mapping[str, Any]:
    if request.method != "POST":
        return _flat(request.GET)
    if request.content_type == "multipart/form-data":
        return _flat(request.POST)
    body = request.body.strip()
    is_form = request.content_type == "application/x-www-form-urlencoded"
    if is_form and not body.startswith(b"{"):  # curl sends JSON under this type unless told otherwise
        return _flat(QueryDict(body.decode()))
    if not body:
        return _flat(request.GET)
    found = loads(body.decode("utf-8-sig"))
    if not isinstance(found, dict):
        raise ValueError("Request data JSON needs to be a dictionary")
    return found


def _flat(query: QueryDict) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in query.lists()}


class _Number(float):
    """A number that remembers how it was written: as a float, its last digits may be lost."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def _finite(text: str) -> float:
    found = _Number(text)
    return found if math.isfinite(found) else _refuse(text)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word[:40]} is not JSON")


def _words(error: Exception) -> str:
    if isinstance(error, exceptions.RequestDataTooBig):
        return "The request is too large"
    if isinstance(error, exceptions.TooManyFieldsSent | exceptions.TooManyFilesSent):
        return "The request has too many fields"
    if isinstance(error, json.JSONDecodeError):
        return "Error decoding JSON data"
    if isinstance(error, ValueError) and "dictionary" in str(error):
        return str(error)
    return "The request cannot be read"


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = int(str(value).strip()) if isinstance(value, str) else int(value)
    except (ValueError, OverflowError):
        return None
    return found if found == value or isinstance(value, str) else None
