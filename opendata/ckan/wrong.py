"""What is answered to a question that cannot be: the shapes CKAN's own clients turn back into exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BadRequest(Exception):
    """A request that is no question at all: 400, and the body is a bare JSON string."""

    status = 400


class Refused(Exception):
    """A question with an answer in CKAN's envelope: `success` false and an `error` with a `__type`.

    `retry_after`: seconds after which the same may be asked again; 0 where waiting does not help.
    """

    def __init__(self, status: int, kind: str, details: Mapping[str, Any], *, retry_after: int = 0) -> None:
        super().__init__(details.get("message", kind))
        self.status, self.retry_after = status, retry_after
        self.error = {**details, "__type": kind}


def not_found(what: str = "") -> Refused:
    """404: there is no such thing, or it is not public (any more)."""
    return Refused(404, "Not Found Error", {"message": f"Not found: {what}" if what else "Not found"})


def invalid(**fields: str) -> Refused:
    """409: parameters that cannot be meant, each with what is wrong with it."""
    return Refused(409, "Validation Error", {name: [words] for name, words in fields.items()})


def not_understood(message: str) -> Refused:
    """400: a search, filter, facet or order outside the grammar."""
    return Refused(400, "Search Query Error", {"message": message})


def too_many(seconds: int) -> Refused:
    """429: more than one address may ask."""
    message = f"Too many queries from this address. Wait {seconds} s."
    return Refused(429, "Too Many Requests", {"message": message}, retry_after=seconds)


def unavailable(message: str) -> Refused:
    """503: rows cannot be asked for at the moment."""
    return Refused(503, "Search Connection Error", {"message": message})
