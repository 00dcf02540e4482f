"""Rows as the engine gives them, lines of JSON or CSV, written in the formats of the datastore.

Numbers pass through as they are written: no value is ever rounded by being read as a float on its way.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from opendata.building.texts import element_names
from opendata.ckan.streaming import PIECE, dumps

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Number(str):
    """A number as it was written."""


def lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines of NDJSON, which may be cut anywhere by the pieces."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole if line)
    if rest:
        yield rest.decode()


def values(line: str) -> dict[str, Any]:
    """The row of a line; numbers are kept as they are written."""
    found: dict[str, Any] = json.loads(line, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    return found


def listed(line: str) -> str:
    """The values of a row as a JSON array."""
    parts = (str(one) if isinstance(one, _Number) else dumps(one) for one in values(line).values())
    return f"[{', '.join(parts)}]"


def tabbed(pieces: Iterable[bytes], names: Sequence[str] = ()) -> Iterator[str]:
    """The rows with tabs between the values; names are those of a first line."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter="\t", lineterminator="\n")
    if names:
        writer.writerow(names)
    for line in lines(pieces):
        writer.writerow([_plain(value) for value in values(line).values()])
        if target.tell() >= PIECE:
            yield target.getvalue()
            target.seek(0)
            target.truncate()
    yield target.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def with_mark(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes behind a mark by which spreadsheets know UTF-8."""
    yield codecs.BOM_UTF8
    yield from pieces


def json_dump(pieces: Iterable[bytes], fields: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """`{"fields": [...], "records": [[...], ...]}`."""
    yield f'{{\n  "fields": {dumps(list(fields))},\n  "records": ['
    mark = "\n    "
    for line in lines(pieces):
        yield f"{mark}{listed(line)}"
        mark = ",\n    "
    yield "\n]}\n"


def xml_dump(pieces: Iterable[bytes], names: Sequence[str]) -> Iterator[str]:
    """`<data><row _id="1"><column>value</column>...`; a value that is missing is `xsi:nil`."""
    elements = element_names(list(names))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    for line in lines(pieces):
        row = values(line)
        number = row.pop("_id", None)
        head = f' _id="{number}"' if number is not None else ""
        yield f"<row{head}>{''.join(_element(elements[name], value) for name, value in row.items())}</row>\n"
    yield "</data>\n"


def _element(name: str, value: Any) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    text = _FORBIDDEN.sub("\ufffd", _plain(value))
    return f"<{name}>{escape(text, {chr(13): '&#13;'})}</{name}>"
