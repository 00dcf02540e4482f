"""What goes between a web worker and its engine: a header in JSON behind its length, then the body it announces."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from opendata.building.schema import ColumnSpec
from opendata.querying.queries import Aggregate, Filter, Query, Sort, fields_of
from opendata.querying.values import Value, boolean, value_of, written

_LENGTH = struct.Struct("!I")
MOST_HEADER = 8 * 1024 * 1024
MOST_BODY = 64 * 1024 * 1024


class Broken(ConnectionError):
    """The other side is gone, or does not speak like this."""


def send(channel: socket.socket, header: dict[str, Any], body: bytes = b"") -> None:
    """Send one message."""
    head = json.dumps({**header, "body": len(body)}, ensure_ascii=False, separators=(",", ":")).encode()
    channel.sendall(_LENGTH.pack(len(head)) + head)
    if body:
        channel.sendall(body)


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Receive one message; raises `Broken`, and `TimeoutError` where the channel has a timeout."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size, MOST_HEADER))
    header = json.loads(_exactly(channel, length, MOST_HEADER))
    return header, _exactly(channel, header["body"], MOST_BODY)


def _exactly(channel: socket.socket, size: int, most: int) -> bytes:
    if not 0 <= size <= most:
        raise Broken(f"a message of {size} bytes")
    received = bytearray(size)
    view, at = memoryview(received), 0
    while at < size:
        count = channel.recv_into(view[at:], size - at)
        if not count:
            raise Broken("the channel was closed")
        at += count
    return bytes(received)


def query_to_json(query: Query) -> dict[str, Any]:
    """As `query_from_json` takes it."""
    filters = [[one.column, one.op, [written(value) for value in one.values]] for one in query.filters]
    return {**asdict(query), "filters": filters}


def query_from_json(data: dict[str, Any], columns: Sequence[ColumnSpec]) -> Query:
    """The very query that was sent; raises `BadQuery` where its values do not suit the columns."""
    known = fields_of(columns)

    def typed(column: str, op: str, text: str) -> Value:
        if op == "is_null":
            return boolean(text, column)
        return value_of(known[column].type if column in known else "text", text, column)

    filters = [Filter(name, op, tuple(typed(name, op, text) for text in texts)) for name, op, texts in data["filters"]]
    return Query(
        **{
            **data,
            "columns": tuple(data["columns"]),
            "filters": tuple(filters),
            "sort": tuple(Sort(**one) for one in data["sort"]),
            "group_by": tuple(data["group_by"]),
            "aggregates": tuple(Aggregate(**one) for one in data["aggregates"]),
        }
    )
