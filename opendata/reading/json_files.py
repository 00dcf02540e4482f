"""JSON and GeoJSON as rows, streamed object by object; numbers keep the digits they are written with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from opendata.reading import elsewhere, encodings
from opendata.reading.choices import Choices
from opendata.reading.gathering import Problems
from opendata.reading.source import Row, Source

LONGEST_VALUE = 16_000_000
WIDEST = 1_000
_CHUNK = 1_000_000
_BLANK = re.compile(r"\s*")
# Inside these the reader looks for the list of objects, as services wrap their answers.
_WRAPPERS = ("features", "data", "records", "results", "rows", "items", "value")


class _Repeated(ValueError):
    """An object has the same key twice."""


class _Number(str):
    """A number as written."""

    __slots__ = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Repeated(next(key for key in keys if keys.count(key) > 1))
    return found


_NAMES = {list: "list", str: "text", _Number: "number", bool: "boolean", type(None): "null"}
_DECODER = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_once)


class _Text:
    """A window on the file from which JSON values are taken one after the other."""

    def __init__(self, file: TextIO, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.beside: dict[str, Any] = {}  # what surrounds the list of rows
        self.buffer, self.place, self.line = "", 0, 1
        self.ended = False

    def more(self) -> bool:
        chunk = self.file.read(max(_CHUNK, len(self.buffer) - self.place))
        self.ended = not chunk
        self.buffer, self.place = self.buffer[self.place :] + chunk, 0
        return not self.ended

    def peek(self) -> str:
        """The next character that is no blank, or "" at the end."""
        while True:
            end = _BLANK.match(self.buffer, self.place).end()  # type: ignore[union-attr]
            self.line += self.buffer.count("\n", self.place, end)
            self.place = end
            if end < len(self.buffer):
                return self.buffer[end]
            if not self.more():
                return ""

    def take(self, mark: str) -> None:
        if self.peek() != mark:
            raise self.problems.stop("json_broken", line=self.line, what=mark)
        self.place += 1

    def value(self) -> Any:
        """The next value; read on while it is cut off by the end of the window."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.place)
            except json.JSONDecodeError as error:
                if self.ended or len(self.buffer) - self.place > LONGEST_VALUE or not self.more():
                    line = self.line + self.buffer.count("\n", self.place, error.pos)
                    raise self.problems.stop("json_broken", line=line, what=error.msg) from error
                continue
            except _Repeated as error:
                raise self.problems.stop("json_key_repeated", line=self.line, key=str(error)[:80]) from error
            except RecursionError as error:
                raise self.problems.stop("json_broken", line=self.line, what="too deep") from error
            if end == len(self.buffer) and not self.ended and self.more():
                continue  # a number or word may go on
            self.line += self.buffer.count("\n", self.place, end)
            self.place = end
            return value


def open_json(path: Path, choices: Choices, problems: Problems) -> Source:
    """A list of objects, objects one a line, or a GeoJSON FeatureCollection. Raises Unreadable for anything else."""
    encoding = encodings.detect(path, choices.encoding)
    titles: dict[str, None] = {}
    members: dict[str, None] = {}
    geojson = False
    search = elsewhere.Search("JSON")
    for line, found in _objects(path, encoding, problems, search):
        geojson = geojson or _is_feature(found)
        titles.update(dict.fromkeys(_flat(found)))
        if others := _other_members(found):
            members.update(dict.fromkeys(others))
            search.value(line, others)
        if len(titles) > WIDEST:
            raise problems.stop("too_many_columns", columns=len(titles), limit=WIDEST)
    if not titles:
        raise problems.stop("no_table")
    if members:
        problems.add("feature_members", keys=list(members)[:20])
    rows = _rows(path, encoding, list(titles), problems)
    kind = "geojson" if geojson else "json"
    return Source(kind, rows, encoding, titles=list(titles), elsewhere=search.findings())


def _rows(path: Path, encoding: encodings.Encoding, titles: list[str], problems: Problems) -> Iterator[Row]:
    nested = 0
    for line, found in _objects(path, encoding, problems):
        flat = _flat(found)
        nested += sum(isinstance(value, dict | list) for value in flat.values())
        yield line, [_as_text(flat.get(title)) for title in titles]
    if nested:
        problems.add("json_nested", count=nested)


def _objects(
    path: Path, encoding: encodings.Encoding, problems: Problems, search: elsewhere.Search | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object with its line; `search` looks at what surrounds them."""
    with path.open("rb") as raw:
        raw.seek(encoding.bom)
        with TextIOWrapper(raw, encoding=encoding.codec, errors="strict", newline="") as file:
            text = _Text(file, problems)
            try:
                for line, value in _listed(text, problems):
                    if not isinstance(value, dict):
                        raise problems.stop("json_not_table", line=line, what=_NAMES.get(type(value), ""))
                    yield line, value
                if search:
                    search.value(1, text.beside)
            except UnicodeDecodeError as error:
                raise problems.stop("bytes_not_in_encoding", line=text.line, encoding=encoding.name) from error


def _listed(text: _Text, problems: Problems) -> Iterator[tuple[int, Any]]:
    """The elements of the list that holds the table, each with its line."""
    if text.peek() == "[":
        yield from _elements(text)
    else:
        yield from _in_object(text, problems)
    while text.peek():  # objects one a line
        line = text.line
        yield line, text.value()


def _elements(text: _Text) -> Iterator[tuple[int, Any]]:
    text.take("[")
    if text.peek() == "]":
        text.place += 1
        return
    while True:
        text.peek()
        line = text.line
        yield line, text.value()
        if text.peek() == "]":
            text.place += 1
            return
        text.take(",")


def _in_object(text: _Text, problems: Problems) -> Iterator[tuple[int, Any]]:
    """The list inside a wrapping object; an object without one is a row itself."""
    line = text.line
    text.take("{")
    own: dict[str, Any] = {}
    lists = 0
    while text.peek() != "}":
        key = text.value()
        text.take(":")
        if key in _WRAPPERS and text.peek() == "[" and not lists:
            lists += 1
            yield from _elements(text)
        else:
            own[str(key)] = text.value()
        if text.peek() == ",":
            text.place += 1
        elif text.peek() != "}":
            raise problems.stop("json_broken", line=text.line, what=",")
    text.place += 1
    if not lists:
        yield line, own
    elif own.keys() - {"type", "crs", "name", "bbox"} and not problems.counts["json_outside"]:
        problems.add("json_outside", keys=list(own)[:20])
    if lists:
        text.beside |= own


def _is_feature(found: dict[str, Any]) -> bool:
    return found.get("type") == "Feature" and "geometry" in found


def _other_members(found: dict[str, Any]) -> dict[str, Any]:
    """What a feature holds beside its properties and its place; they stay out of the table."""
    known = ("type", "id", "properties", "geometry", "bbox")
    return {key: value for key, value in found.items() if key not in known} if _is_feature(found) else {}


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """A feature as its properties, then its place; any other object as it is."""
    if not _is_feature(found):
        return found
    properties = found.get("properties")
    flat: dict[str, Any] = {"id": found["id"]} if "id" in found else {}
    own = properties if isinstance(properties, dict) else {}
    if "id" in flat and own.get("id", flat["id"]) != flat["id"]:
        flat = {"feature_id": flat["id"]}  # it and the property are two things
    flat |= own
    geometry = found["geometry"]
    place = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if isinstance(place, list) and len(place) == 2 and not {"longitude", "latitude"} & flat.keys():
        return flat | {"longitude": place[0], "latitude": place[1]}
    return flat | {"geometry": geometry} if geometry is not None else flat


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _written(value)


def _written(value: Any) -> str:
    """A list or object as compact JSON, its numbers as they were written."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written_text(key)}:{_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, _Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _written_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
