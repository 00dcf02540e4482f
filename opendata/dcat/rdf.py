"""The little of RDF that a catalogue needs: nodes with a name of their own, and what is said of them.

No node is blank, so that pages put together from the same datasets say the same, and nobody has to compare graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import quote

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = ("en", "ar")
"""English first: importers that know no languages take the first text, and make addresses of Latin letters from it."""
_FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT_IN_IRIS = "!#$%&'()*+,/:;=?@[]~-._"


class Iri(str):
    """The name of a node, in full."""

    __slots__ = ()


class Text(NamedTuple):
    """Words in a language; without one they are a code."""

    value: str
    language: str = ""


class Typed(NamedTuple):
    """A value of an XML Schema type, such as "xsd:date"."""

    value: str
    type: str


Value = Iri | Text | Typed


@dataclass
class Node:
    """Something the catalogue speaks of: its name, its classes, and pairs of property and value."""

    iri: Iri
    types: tuple[str, ...]
    said: list[tuple[str, Value]] = field(default_factory=list)

    def say(self, name: str, *values: Value | None) -> Node:
        """Add values of a property; None is left out."""
        self.said += [(name, value) for value in values if value is not None]
        return self

    def say_both(self, name: str, words: dict[str, str]) -> Node:
        """Add a text in each language in which there is one."""
        return self.say(name, *(text(words[code], code) for code in LANGUAGES if words.get(code)))


class Document:
    """Nodes in the order in which they came; what is named twice is described once."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._nodes: dict[str, Node] = {}
        self.add(*nodes)

    def add(self, *nodes: Node) -> None:
        """Add nodes that are not described yet."""
        for node in nodes:
            self._nodes.setdefault(node.iri, node)

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())


def iri(address: str) -> Iri:
    """An address as a name: what no name may hold is written as percent signs have it."""
    return Iri(quote(address, safe=_KEPT_IN_IRIS, errors="replace"))


def text(words: str, language: str = "") -> Text:
    """Words with what XML forbids replaced by a sign that says so, as in the XML files of the portal."""
    return Text(_FORBIDDEN_IN_XML.sub("\ufffd", words), language)


def moment(at: datetime | None) -> Typed | None:
    """A moment in UTC."""
    return Typed(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "xsd:dateTime") if at else None


def day(on: date | None) -> Typed | None:
    """A day."""
    return Typed(on.isoformat(), "xsd:date") if on else None
