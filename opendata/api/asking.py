"""Rows of a version: the query of the address, what it costs, and the answer as it was written.

Nothing is asked of the engine where whoever asks has the answer already: its ETag follows from the version's manifest
and the query alone. `next` leads to the version's own address, so that a walk through all pages reads one version even
where a newer one comes meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from opendata.api.answering import answer_known, headed
from opendata.api.endpoints import ROW_TYPES
from opendata.api.parameters import Pairs, values_of
from opendata.api.places import dataset_path, next_page
from opendata.api.remembering import Remembered
from opendata.api.row_parameters import OF_ANSWER
from opendata.api.sheets import MOST_CELLS as SHEET_CELLS
from opendata.api.sheets import MOST_ROWS as SHEET_ROWS
from opendata.api.sheets import sheet
from opendata.api.wrong import Wrong
from opendata.catalogue import limits
from opendata.catalogue.addresses import absolute
from opendata.catalogue.models import Version
from opendata.catalogue.querying import NoRows, Source, as_it_stands, rows_of
from opendata.catalogue.serving import SHORTLY, compact, is_known
from opendata.catalogue.storage import store
from opendata.querying import client, grammar
from opendata.querying.queries import Query, answered
from opendata.querying.words import BadQuery

SECONDS = 5.0
"""What a page of rows may take."""
FOR_A_WHILE = "public, max-age=3600"
"""Rows of a version never change; but it may be withdrawn."""
remembered = Remembered()
SHAPE = 1
"""Goes up when answers to the same query look different than before: known ETags no longer hold then."""


@dataclass(frozen=True)
class Asked:
    """A query to a version, and how it is to be answered."""

    version: Version
    source: Source
    query: Query
    pairs: Pairs
    format: str
    has_total: bool

    @property
    def is_whole(self) -> bool:
        """Is it every row that fits, not a page?"""
        return self.query.limit is None

    @property
    def is_file(self) -> bool:
        """Is it what the version's own CSV file holds, byte for byte?"""
        return self.format == "csv" and self.query == Query(limit=None)

    @property
    def etag(self) -> str:
        parts = (SHAPE, self.version.manifest_sha256, self.format, self.has_total, self.query.canonical)
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()}"'

    @property
    def points(self) -> int:
        """What it costs; a file that lies there already costs as little as a page."""
        return limits.PAGE if self.is_file else limits.price(self.query, self.source.rows)

    def next(self, cursor: str | None) -> str | None:
        """The address of the next page, in this version."""
        path = dataset_path(self.version.dataset.slug, "versions", self.version.sequence, "rows")
        return next_page(path, [pair for pair in self.pairs if pair[0] != "offset"], cursor)


def answer_rows(request: HttpRequest, version: Version, pairs: Pairs, *, is_latest: bool) -> HttpResponseBase:
    """The rows an address asks for; raises `Wrong`."""
    try:
        asked = _read(version, pairs)
        cache = SHORTLY if is_latest else FOR_A_WHILE
        if is_known(request, asked.etag):
            return answer_known(asked.etag, cache)
        limits.charge(request, asked.points)
        with limits.timed(request):
            response, after = _answer(request, asked)
    except NoRows as reason:
        raise Wrong("no-rows", str(reason)) from None
    except BadQuery as error:
        raise Wrong("bad-parameter", error.message, parameter=error.parameter, reason=error.code) from None
    except client.Unavailable as error:
        raise Wrong("unavailable", error.message, headers={"Retry-After": "30"}, retry_after=30) from None
    except client.NotAnswered as error:
        raise Wrong(error.code.replace("_", "-"), error.message) from None
    return headed(response, asked.etag, cache, after)


def _read(version: Version, pairs: Pairs) -> Asked:
    own = [one.name for one in OF_ANSWER]
    values = values_of([pair for pair in pairs if pair[0] in own], OF_ANSWER)
    fmt, source = values["format"], rows_of(version)
    limit = grammar.DEFAULT_LIMIT if fmt == "json" else None
    query = grammar.parse(pairs, source.columns, default_limit=limit, of=source.of)
    return Asked(version, source, query, pairs, fmt, values["total"] and fmt == "json")


def _answer(request: HttpRequest, asked: Asked) -> tuple[HttpResponseBase, str | None]:
    """The answer without its usual headers, and the address of the next page."""
    kind = ROW_TYPES[asked.format]
    if asked.format == "xlsx":
        content, after = _sheet(asked)
        return _saved(HttpResponse(content, kind), asked), after
    if asked.is_file and (place := _own_csv(asked.version)):
        return _saved(FileResponse(place.open("rb"), content_type=kind), asked), None
    if asked.is_whole:
        return _saved(_streamed(request, asked, kind), asked), None
    found = _page(asked)
    after = asked.next(found.next)
    if asked.format == "json":
        return HttpResponse(_envelope(asked, found, after), kind), after
    return _saved(HttpResponse(found.body, kind), asked), after


def _page(asked: Asked) -> client.Answer:
    found = as_it_stands(asked.source, asked.query, asked.format, total=asked.has_total) or remembered.get(asked.etag)
    if found is None:
        found = _run(asked, asked.query, asked.format)
        remembered.put(asked.etag, found)
    return found


def _run(asked: Asked, query: Query, fmt: Any) -> client.Answer:
    source, total = asked.source, asked.has_total
    return client.run(
        source.path, source.columns, query, fmt, seconds=SECONDS, total=total, rows=source.rows, of=source.of
    )


def _envelope(asked: Asked, found: client.Answer, after: str | None) -> bytes:
    """What stands round the rows: they are passed through as the engine wrote them."""
    columns = [{"name": one.name, "type": one.type} for one in answered(asked.query, asked.source.columns)]
    version = {"sequence": asked.version.sequence, "number": asked.version.number}
    head = {"dataset": asked.version.dataset.slug, "version": version, "columns": columns}
    tail = {"total": found.total, "next": after}
    return b"".join((compact(head)[:-1], b',"rows":', found.body, b",", compact(tail)[1:]))


def _own_csv(version: Version) -> Path | None:
    """Where the version's own CSV file lies: the engine would write the same."""
    digest = version.files.filter(format="csv").values_list("sha256", flat=True).first()
    place = store().path(digest) if digest else None
    return place if place and place.is_file() else None


def _streamed(request: HttpRequest, asked: Asked, kind: str) -> HttpResponseBase:
    """Every row that fits, sent as it is read. The first piece is waited for: until then an error can be told."""
    if request.method == "HEAD":
        return StreamingHttpResponse(iter(()), content_type=kind)
    source = asked.source
    pieces = client.stream(source.path, source.columns, asked.query, cast(Any, asked.format))
    return StreamingHttpResponse(Pieces(pieces), content_type=kind)


class Pieces:
    """Pieces of which the first was read already; closing it, as servers do when the reader leaves, ends the query."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._first: bytes | None = next(pieces, b"")
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return next(self._pieces)

    def close(self) -> None:
        """No more is wanted."""
        if isinstance(self._pieces, Generator):
            self._pieces.close()


def _sheet(asked: Asked) -> tuple[bytes, str | None]:
    """A sheet, and the address of the next page; raises `Wrong` where more rows are asked for than it may have."""
    columns = answered(asked.query, asked.source.columns)
    most, limit = min(SHEET_ROWS, SHEET_CELLS // len(columns)), asked.query.limit
    query = replace(asked.query, limit=most + 1) if limit is None or limit > most else asked.query
    found = _run(asked, query, "objects")
    if found.rows > most:
        files = absolute(dataset_path(asked.version.dataset.slug, "versions", asked.version.sequence))
        raise Wrong("too-big", f"More than {most:,} rows fit. Filter, set a limit, take format=csv, or download "
                    f"the XLSX file of the version: {files} lists its files.")  # fmt: skip
    return sheet(columns, found.objects), asked.next(found.next)


def _saved(response: HttpResponseBase, asked: Asked) -> HttpResponseBase:
    """With a name to be saved under."""
    version = asked.version
    name = f"{version.dataset.slug}-{version.number}-rows.{asked.format}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
