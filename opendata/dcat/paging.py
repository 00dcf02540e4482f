"""Pages of the catalogue: which was asked for, what is on it, and where the others are.

A page is asked for by number. The link to the next one also says after which dataset it begins: harvesters delete what
they do not find, and counting alone would pass over a dataset when one before it is withdrawn between two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode

from opendata.catalogue.addresses import absolute
from opendata.dcat.rdf import Iri

PAGE_SIZE = 100
_LARGEST = 2**31
_NARROWING = ("q", "fq")
"""Parameters by which CKAN's own catalogue documents are narrowed."""


class Wrong(Exception):
    """A parameter nobody can answer: which, and what it should be."""

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter, self.detail = parameter, detail


class NoSuchPage(Exception):
    """A page after the last."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a page, the dataset after which it begins, the time since which something changed."""

    number: int = 1
    after: int | None = None
    since: datetime | None = None
    since_as_written: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """Raises Wrong. Parameters of others are passed over, but not those that ask for a part: whoever asks for the
        datasets of one body must not be given those of all."""
        for name in _NARROWING:
            if query.get(name):
                raise Wrong(name, f"“{name}” narrows nothing here. Search with /api/3/action/package_search.")
        written = query.get("modified_since", "")
        after = _number("after", query["after"], 0) if query.get("after") else None
        number = _number("page", query["page"], 1) if "page" in query else 1
        return cls(number, after, _moment(written) if written else None, written)


@dataclass(frozen=True)
class Page:
    """A page with its neighbours; their names are their addresses."""

    here: Iri
    first: Iri
    last: Iri
    previous: Iri | None
    next: Iri | None
    total: int
    size: int = PAGE_SIZE


def page_of(asked: Asked, path: str, rows: Any) -> tuple[Page, list[int]]:
    """The page, and the keys of the datasets on it, from rows in the order of their keys. Raises NoSuchPage."""
    if asked.since:
        rows = rows.filter(Q(modified_at__gte=asked.since) | Q(asset__updated_at__gte=asked.since))
    total = rows.count()
    last = max(1, -(-total // PAGE_SIZE))
    if asked.after is None:
        if asked.number > last:
            raise NoSuchPage
        first = (asked.number - 1) * PAGE_SIZE
    else:
        rows, first = rows.filter(pk__gt=asked.after), 0
    found = list(rows.values_list("pk", flat=True)[first : first + PAGE_SIZE + 1])
    keys, has_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    page = Page(
        here=_address(path, asked, asked.number, asked.after),
        first=_address(path, asked, 1),
        last=_address(path, asked, max(last, asked.number)),
        previous=_address(path, asked, min(asked.number - 1, last)) if asked.number > 1 else None,
        next=_address(path, asked, asked.number + 1, keys[-1]) if has_more else None,
        total=total,
    )
    return page, keys


def _address(path: str, asked: Asked, number: int, after: int | None = None) -> Iri:
    said = {"page": number, "after": after, "modified_since": asked.since_as_written}
    return Iri(absolute(f"{path}?{urlencode({name: value for name, value in said.items() if value})}"))


def _number(parameter: str, written: str, least: int) -> int:
    if written.isascii() and written.isdecimal() and least <= int(written[:11]) < _LARGEST:
        return int(written[:11])
    raise Wrong(parameter, f"“{parameter}” is a whole number from {least} on.")


def _moment(written: str) -> datetime:
    """A day or a moment as ISO 8601 has them, in UTC unless it says otherwise; a `+` may have come as a space."""
    try:
        found = _day(written) or parse_datetime(written) or parse_datetime("+".join(written.rsplit(" ", 1)))
    except ValueError:
        found = None
    if found is None:
        raise Wrong(
            "modified_since", "“modified_since” is a day or a moment, such as 2026-01-31 or 2026-01-31T10:00:00Z."
        )
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(written: str) -> datetime | None:
    found = parse_date(written)
    return datetime.combine(found, time.min) if found else None
