"""A document as Turtle, RDF/XML and JSON-LD.

Written here and not by a library: a page of a hundred datasets (16,000 statements) takes rdflib a second of a processor
and this some hundredths, so that no page has to be kept, and none that was kept is out of date. rdflib reads all three
back in the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from opendata.dcat.rdf import PREFIXES, Iri, Node, Text, Typed, Value

_CARRIAGE_RETURN = {"\r": "&#13;"}
"""As it stands an XML reader would take it for the end of a line."""


def turtle(nodes: Iterable[Node]) -> bytes:
    """text/turtle"""
    lines = [f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items()]
    for node in nodes:
        said = [f"a {', '.join(node.types)}", *(f"{name} {_turtle_value(value)}" for name, value in node.said)]
        lines.append(f"\n<{node.iri}>\n    " + " ;\n    ".join(said) + " .\n")
    return "".join(lines).encode()


def _turtle_value(value: Value) -> str:
    if isinstance(value, Iri):
        return f"<{value}>"
    quoted = json.dumps(value.value, ensure_ascii=False)  # every escape of JSON is one of Turtle
    if isinstance(value, Typed):
        return f"{quoted}^^{value.type}"
    return f"{quoted}@{value.language}" if value.language else quoted


def rdf_xml(nodes: Iterable[Node]) -> bytes:
    """application/rdf+xml"""
    spaces = "".join(f"\n  xmlns:{name}={quoteattr(address)}" for name, address in PREFIXES.items())
    lines = [f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{spaces}>\n']
    for node in nodes:
        first, *others = node.types
        lines.append(f"<{first} rdf:about={quoteattr(node.iri)}>\n")
        lines += [f"  <rdf:type rdf:resource={quoteattr(_full(name))}/>\n" for name in others]
        lines += [f"  <{name}{_xml_value(name, value)}\n" for name, value in node.said]
        lines.append(f"</{first}>\n")
    return ("".join(lines) + "</rdf:RDF>\n").encode()


def _xml_value(name: str, value: Value) -> str:
    """Everything of a property's element after its name."""
    if isinstance(value, Iri):
        return f" rdf:resource={quoteattr(value)}/>"
    if isinstance(value, Typed):
        mark = f' rdf:datatype="{_full(value.type)}"'
    else:
        mark = f' xml:lang="{value.language}"' if value.language else ""
    return f"{mark}>{escape(value.value, _CARRIAGE_RETURN)}</{name}>"


def json_ld(nodes: Iterable[Node]) -> bytes:
    """application/ld+json"""
    lines = ",\n".join(json.dumps(_json_node(node), ensure_ascii=False) for node in nodes)
    return f'{{"@context": {json.dumps(PREFIXES)}, "@graph": [\n{lines}\n]}}\n'.encode()


def _json_node(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": node.iri, "@type": list(node.types)}
    for name, value in node.said:
        found.setdefault(name, []).append(_json_value(value))
    return found


def _json_value(value: Value) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"@id": value}
    if isinstance(value, Text):
        return {"@value": value.value, "@language": value.language} if value.language else {"@value": value.value}
    return {"@value": value.value, "@type": value.type}


def _full(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return PREFIXES[prefix] + local


WRITERS: dict[str, tuple[Callable[[Iterable[Node]], bytes], str]] = {
    "ttl": (turtle, "text/turtle; charset=utf-8"),
    "rdf": (rdf_xml, "application/rdf+xml; charset=utf-8"),
    "xml": (rdf_xml, "application/rdf+xml; charset=utf-8"),
    "jsonld": (json_ld, "application/ld+json"),
    "n3": (turtle, "text/n3; charset=utf-8"),  # every document in Turtle is one in N3
}
"""By the ending of an address: what writes it, and its media type."""
